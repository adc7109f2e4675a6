"""What a reviewer is told to look at."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from flask import Flask

from checklists.handbook import Kind
from inspect_app.db import reading, transaction
from inspect_app.queries.reviews import whole_inspection
from inspect_app.services.submissions import Body
from inspect_app.web.office.review_flags import Flag, find_flags
from inspect_app.web.office.review_sheet import Sheet, make_sheet
from tests.checklists.filling import full_fields
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, own_visit, send
from tests.inspect_app.web.office.bank_work import close


@pytest.fixture(autouse=True)
def page(app: Flask) -> Iterator[None]:
    """Let sentences be told as on a page."""
    with app.test_request_context("/"):
        yield


def send_filled(bank: Bank, **changes: str) -> None:
    """Let the visit to 0101 come in with everything met, but for some changes."""
    fields = {**full_fields(bank.checklist), **changes}
    kept = tuple((name, value) for name, value in fields.items() if isinstance(value, str))
    whole = body_of(bank, "0101", seed=1)
    body = Body(whole.submission_id, whole.inspection_id, repr(kept).encode(), kept)
    with transaction(bank.database) as session:
        send(session, bank, "0101", body, NOW)


def read(bank: Bank, usually: Fraction | None = None) -> tuple[Sheet, tuple[Flag, ...]]:
    """Return the sheet of the visit to 0101 with its flags."""
    with reading(bank.database) as session:
        whole = whole_inspection(session, bank.user("reviewer"), bank.visits["0101"])
        sheet = make_sheet(whole.current, None, "zh-Hans")
        return sheet, find_flags(whole, sheet, usually)


def titles(bank: Bank, usually: Fraction | None = None) -> list[str]:
    """Return the titles of the flags of the visit to 0101."""
    return [flag.title for flag in read(bank, usually)[1]]


def test_where_all_is_met_there_is_nothing_to_look_at(bank: Bank) -> None:
    send_filled(bank)

    sheet, flags = read(bank)

    assert flags == ()
    assert all(section.is_quiet for section in sheet.sections)


def test_an_answer_below_full_credit_without_words_is_named(bank: Bank) -> None:
    send_filled(bank, **{first_action(bank): "not"})

    _sheet, flags = read(bank)

    assert [flag.title for flag in flags] == ["没有写原话、原因"]
    assert first_action(bank) in flags[0].sentence
    assert flags[0].anchor == first_action(bank)


def test_words_answer_for_what_falls_short(bank: Bank) -> None:
    code = first_action(bank)
    send_filled(bank, **{code: "not", f"{code}.words": "一直在看屏幕"})

    assert titles(bank) == []


def test_what_came_in_after_closing_is_flagged(bank: Bank) -> None:
    close(bank)
    send_filled(bank)

    assert titles(bank) == ["收口以后才送到"]


def test_a_second_inspection_of_the_visit_is_flagged(bank: Bank) -> None:
    send_filled(bank)
    with transaction(bank.database) as session:
        assert own_visit(session, bank, "0101").counting_inspection_id is not None
        send(session, bank, "0101", body_of(bank, "0101", seed=2))

    assert titles(bank) == ["这次检查有两份记录"]


def test_a_failed_veto_is_flagged_with_its_scope(bank: Bank) -> None:
    code = next(
        item.code for section in bank.checklist.sections for item in section.items if item.veto is not None
    )
    phrase = next(s for s in bank.checklist.sections if code.startswith(s.code)).items[0]
    send_filled(bank, **{f"{code}.el{place}": "missing" for place in range(len(phrase.elements))})

    assert "情景否决" in titles(bank)


@pytest.mark.parametrize("usually", [Fraction(1), None])
def test_more_left_out_than_the_wave_leaves_out_is_flagged(bank: Bank, usually: Fraction | None) -> None:
    send_with_three_left_out(bank)

    assert "没看到、没听清的偏多" in titles(bank, usually)


def test_as_much_left_out_as_the_wave_leaves_out_is_not_flagged(bank: Bank) -> None:
    send_with_three_left_out(bank)

    assert "没看到、没听清的偏多" not in titles(bank, Fraction(3))


def send_with_three_left_out(bank: Bank) -> None:
    """Let the visit to 0101 come in with three actions that nobody could see."""
    actions = [
        item.code for section in bank.checklist.sections for item in section.items if item.kind is Kind.ACTION
    ]
    changes: dict[str, str] = {}
    for code in actions[:3]:
        changes |= {code: "left_out", f"{code}.left": "could_not_see_or_hear"}
    send_filled(bank, **changes)


def first_action(bank: Bank) -> str:
    """Return the code of the first action on the bank's checklist."""
    return next(
        item.code
        for section in bank.checklist.sections
        for item in section.items
        if item.kind is Kind.ACTION and item.counted is None
    )
