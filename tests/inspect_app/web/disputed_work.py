"""What two branches have disputed in a wave that is disclosed: for tests of every address at once."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from checklists.scoring import Gate
from inspect_app.db import transaction
from inspect_app.models.appeals import Ground
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.shortcomings import shortcomings
from inspect_app.services.appeals import AppealPlan, file_appeal
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.disclosed_bank import disclose_today

BRANCHES = ("0101", "0201")


def dispute(bank: Bank) -> Mapping[str, uuid.UUID]:
    """Let a wave be disclosed and two branches dispute one item each.

    Returns:
        The appeals as `appeal 0101`, the disputed visits as `disputed 0101`.
    """
    disclose_today(bank, *BRANCHES)
    return dispute_in(bank)


def dispute_in(bank: Bank) -> Mapping[str, uuid.UUID]:
    """Let two branches dispute one item each of the wave that is disclosed."""
    found: dict[str, uuid.UUID] = {}
    with transaction(bank.database) as session:
        acted = [
            one
            for one in shortcomings(session, Deficiency.state == DeficiencyState.OPEN)
            if one.gate is Gate.OCCURRED and one.wave_code == "2026Q4"
        ]
        for code in BRANCHES:
            one = next(one for one in acted if one.branch_code == code)
            row = session.scalars(select(Deficiency).where(Deficiency.id == one.deficiency_id)).one()
            manager = Actor.user(bank.user(f"branch{code}"))
            plan, seen = AppealPlan(Ground.NOT_SO, "有签到表"), {row.id: row.version}
            appeal = file_appeal(session, manager, [row], plan, seen, now=utc_now())
            found |= {f"appeal {code}": appeal.id, f"disputed {code}": row.visit_id}
    return found
