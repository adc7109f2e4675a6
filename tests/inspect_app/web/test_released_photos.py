"""Where branch and region read of a visit, they see the photos that were released of it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.visits import Visit
from inspect_app.queries.inspections import newest_revision
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.evidence import add_evidence
from tests.inspect_app.web.published_bank import publish_two_waves

FLOWS = ".".join(f"F{number}" for number in range(1, 9))
SITUATIONS = ".".join(map(str, range(1, 48)))


@pytest.mark.sqlite
def test_region_and_branch_see_released_photos_beside_what_they_show(bank: Bank, tmp_path: Path) -> None:
    publish_two_waves(bank)
    added, app = add_evidence(bank, tmp_path), app_on(bank.database, tmp_path)
    with transaction(bank.database) as session:
        visit = session.get(Visit, added.recorded[0])
        assert visit is not None
        wave, ordinal = visit.wave.code, visit.ordinal
        found = session.scalars(select(Deficiency).where(Deficiency.visit_id == visit.id)).first()
        newest = newest_revision(session, added.recorded[1])
        assert newest is not None
        assert found is not None
        named = newest.answers.partition('"photos"')[0].rpartition('"item":"')[2].partition('"')[0]
        found.item_code = named
    region, branch = Browser(app), Browser(app)
    region.sign_in("region01", PASSWORD)
    branch.sign_in("branch0101", PASSWORD)

    ranking = region.get(f"/rankings/{wave}/branches/0101?visit={ordinal}&open={FLOWS}.{SITUATIONS}")
    shortcoming = branch.get(f"/branch/deficiencies/{found.id}")

    assert f"/region/visit-photos/{added.copies['0101']}.jpg" in ranking.text
    assert f"/branch/visit-photos/{added.copies['0101']}.jpg" in shortcoming.text
    with reading(bank.database) as session:
        assert str(added.original) not in ranking.text + shortcoming.text
