"""A frozen ranking as values, as lines of an export, and as what a workbook is written from."""

import uuid
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from checklists.deficiencies import find_deficiencies
from inspect_app.db import transaction
from inspect_app.errors import NotFoundError
from inspect_app.labels.workbook import workbook_words
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.queries.inspections import answers_of, newest_revision_of_visit
from inspect_app.queries.rankings import (
    export_of,
    movers_of,
    published_waves,
    ranking_of,
    report_of,
    waves_with_rankings,
)
from inspect_app.services import rankings
from reports.export import export_lines
from reports.workbook import write_workbook
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.published_waves import (
    PUBLISHED,
    administrator,
    disclosed,
    published,
    visit_of,
    wave_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = {DeficiencyState.OPEN: "待整改", DeficiencyState.VOIDED: "已作废"}


def test_a_wave_that_is_not_published_has_no_ranking(bank: Bank) -> None:
    with transaction(bank.database) as session:
        disclosed(session, bank)

        for number in (None, 1):
            with pytest.raises(NotFoundError):
                ranking_of(session, bank.wave_id, number)
        with pytest.raises(NotFoundError):
            ranking_of(session, uuid.uuid4(), None)
        assert published_waves(session) == []
        assert waves_with_rankings(session) == [(wave_of(session, bank), ())]


def test_waves_are_listed_with_the_numbers_of_their_rankings(bank: Bank) -> None:
    with transaction(bank.database) as session:
        published(session, bank)
        rankings.void_visit(
            session, administrator(bank), visit_of(session, bank, "0101"), "对不上", now=PUBLISHED
        )

        wave = wave_of(session, bank)
        assert waves_with_rankings(session) == [(wave, (1, 2))]
        assert published_waves(session) == [wave]


def test_the_first_ranking_moved_nobody(bank: Bank) -> None:
    with transaction(bank.database) as session:
        assert movers_of(session, published(session, bank)) == ()


def test_the_report_lists_every_disclosed_shortcoming_with_released_words_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank, frozenset({"S05.A6"}))

        report = report_of(session, ranking, "zh-Hans", None, SHANGHAI, state_words=WORDS)

        expected = set()
        for code in bank.visits:
            revision = newest_revision_of_visit(session, visit_of(session, bank, code))
            assert revision is not None
            for one in find_deficiencies(bank.checklist, answers_of(revision)):
                expected.add((code, one.item, one.credit, one.points_lost, one.role))
        assert {
            (row.branch_code, row.clause, row.credit, row.points_lost, row.role) for row in report.details
        } == expected
        assert {row.seen for row in report.details} == {"", "S05.A6 的经过"}
        assert {row.clause for row in report.details if row.seen} == {"S05.A6"}
        assert {row.state for row in report.details} == {"待整改"}
        assert all(row.flow and row.demand and row.kind and row.due for row in report.details)


def test_the_report_says_what_is_printed_around_the_rows(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)

        report = report_of(session, ranking, "zh-Hans", None, SHANGHAI)

        assert report.fingerprint == ranking.fingerprint
        assert (report.edition, report.veto_cap) == (bank.checklist.edition, bank.checklist.veto_cap)
        assert [role.code for role in report.roles] == [role.code for role in bank.checklist.roles]
        assert report.published_at == PUBLISHED
        assert report.published_at is not None
        assert report.published_at.tzinfo is SHANGHAI
        assert (report.restated_because, report.ranking.wave.opens_on) == ("", date(2026, 7, 1))


def test_the_report_speaks_the_readers_language(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)

        report = report_of(session, ranking, "en", None, SHANGHAI)

        assert "Lobby manager" in {role.name for role in report.roles}
        standards = {
            item.code: item.standard.in_language("en")
            for section in bank.checklist.sections
            for item in section.items
        }
        assert {row.clause: row.demand for row in report.details}.items() <= standards.items()
        assert write_workbook(report, workbook_words("en")).startswith(b"PK")


def test_a_regions_report_lists_its_own_shortcomings(bank: Bank) -> None:
    with transaction(bank.database) as session:
        ranking = published(session, bank)

        report = report_of(session, ranking, "zh-Hans", "R02", SHANGHAI)

        assert report.region == "R02"
        assert {row.branch_code for row in report.details} == {"0201"}
        with pytest.raises(NotFoundError):
            report_of(session, ranking, "zh-Hans", "R2", SHANGHAI)


def test_the_first_report_still_lists_what_a_later_ranking_no_longer_counts(bank: Bank) -> None:
    with transaction(bank.database) as session:
        first = published(session, bank)
        second = rankings.void_visit(
            session, administrator(bank), visit_of(session, bank, "0101"), "对不上", now=PUBLISHED
        )
        assert second is not None

        before = report_of(session, first, "zh-Hans", None, SHANGHAI, state_words=WORDS)
        after = report_of(session, second, "zh-Hans", None, SHANGHAI, state_words=WORDS)

        assert {row.state for row in before.details if row.branch_code == "0101"} == {"已作废"}
        assert "0101" not in {row.branch_code for row in after.details}
        assert (before.restated_because, after.restated_because) == ("", "对不上")


@pytest.mark.fault("N01")
@pytest.mark.fault("X05")
def test_the_export_tells_neither_who_inspected_nor_when(bank: Bank) -> None:
    with transaction(bank.database) as session:
        text = "\n".join(export_lines(export_of(session, published(session, bank))))

    inspector = bank.user("inspector")
    traces = [inspector.username, inspector.display_name, str(inspector.id), "2026-08-03", "的经过"]
    assert [trace for trace in traces if trace in text] == []
