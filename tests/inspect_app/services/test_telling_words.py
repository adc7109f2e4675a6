"""Words that tell who was there: told to the reviewer, and never released where they name who was there."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Revision
from inspect_app.queries.inspections import newest_revision_of_visit, review_of
from inspect_app.queries.traces import TraceKind, traces_in
from inspect_app.queries.visits import visit_of_office
from inspect_app.services import reviews
from inspect_app.services.journal import Actor
from inspect_app.services.reviews import TellingWordsError
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, send


def send_with(bank: Bank, words: str) -> None:
    """Let a visit come in with the same words beside every item."""
    body = body_of(bank, "0101", seed=7)
    fields = tuple((name, words if name.endswith(".words") else value) for name, value in body.fields)
    with transaction(bank.database) as session:
        send(session, bank, "0101", replace(body, fields=fields))


def newest(session: Session, bank: Bank) -> Revision:
    """Return what came in."""
    revision = newest_revision_of_visit(session, visit_of_office(session, bank.visits["0101"]))
    assert revision is not None
    return revision


def kinds(bank: Bank) -> set[TraceKind]:
    """Return what the words are found to tell."""
    with reading(bank.database) as session:
        return {trace.kind for trace in traces_in(session, newest(session, bank))}


@pytest.mark.fault("N06")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("大堂经理说：{own}，您好", {TraceKind.OWN_NAME}),
        ("她叫我 {OWN}", {TraceKind.OWN_NAME}),
        ("和{other}一起来的", {TraceKind.OTHER_NAME}),
        ("留的电话是13800138000", {TraceKind.NUMBER}),
        ("卡号 6222021234567890123 给他看了", {TraceKind.NUMBER}),
        ("身份证 11010119900307123X", {TraceKind.NUMBER}),
        ("排队号 A1380013，等了 12 分钟", set()),
        ("您好，请问您办什么业务？", set()),
    ],
)
def test_names_and_numbers_in_words_are_found(bank: Bank, words: str, told: set[TraceKind]) -> None:
    own, other = bank.user("inspector").display_name, bank.user("inspector2").display_name
    username = bank.user("inspector").username.upper()
    send_with(bank, words.format(own=own, other=other, OWN=username))

    assert kinds(bank) == told


@pytest.mark.fault("N06")
def test_words_that_name_the_visits_own_inspector_are_not_released(bank: Bank) -> None:
    send_with(bank, f"她说：{bank.user('inspector').display_name}女士慢走")
    reviewer = Actor.user(bank.user("reviewer"))
    with transaction(bank.database) as session:
        revision = newest(session, bank)
        code = traces_in(session, revision)[0].code
        with pytest.raises(TellingWordsError) as refused:
            reviews.approve(session, reviewer, revision, frozenset({code}), now=NOW)
        assert refused.value.missing == (code,)
        assert review_of(session, revision) is None

        reviews.approve(session, reviewer, revision, frozenset(), now=NOW)


@pytest.mark.fault("N06")
def test_words_that_may_name_somebody_else_are_the_reviewers_to_judge(bank: Bank) -> None:
    send_with(bank, f"柜员胸牌上写着{bank.user('inspector2').display_name}")
    with transaction(bank.database) as session:
        revision = newest(session, bank)
        code = traces_in(session, revision)[0].code
        reviewer = Actor.user(bank.user("reviewer"))
        assert reviews.approve(session, reviewer, revision, frozenset({code}), now=NOW).released
