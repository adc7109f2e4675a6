"""Which items of a section are asked."""

import pytest

from checklists.handbook import Kind
from checklists.scoring import UNOBSERVED, Gate, Hearing, LeftOut, PhraseAnswer, is_asked, nothing_was_said

SILENCE: PhraseAnswer = [Hearing.MISSING, Hearing.MISSING]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("gate", [None, Gate.NOBODY_ACTED, Gate.DID_NOT_OCCUR])
def test_nothing_is_asked_unless_the_situation_occurred(gate: Gate | None, kind: Kind) -> None:
    assert not is_asked(kind, gate, [])


def test_delivery_is_not_asked_where_no_phrase_was_said() -> None:
    assert not is_asked(Kind.DELIVERY, Gate.OCCURRED, [SILENCE, SILENCE])


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.DELIVERY])
def test_silence_settles_nothing_but_delivery(kind: Kind) -> None:
    assert is_asked(kind, Gate.OCCURRED, [SILENCE])


@pytest.mark.parametrize("said", [Hearing.HEARD, Hearing.CHANGED])
def test_one_element_that_was_said_is_not_silence(said: Hearing) -> None:
    assert not nothing_was_said([SILENCE, [Hearing.MISSING, said]])


def test_an_unanswered_phrase_is_not_silence_yet() -> None:
    assert not nothing_was_said([SILENCE, None])


@pytest.mark.parametrize("reason", sorted(UNOBSERVED))
def test_a_phrase_that_nobody_could_hear_is_not_silence(reason: LeftOut) -> None:
    assert not nothing_was_said([SILENCE, reason])


@pytest.mark.parametrize("reason", sorted(set(LeftOut) - UNOBSERVED))
def test_a_phrase_that_was_not_called_for_breaks_no_silence(reason: LeftOut) -> None:
    assert nothing_was_said([SILENCE, reason])


@pytest.mark.parametrize("reason", LeftOut)
def test_where_every_phrase_was_left_out_there_was_nothing_to_miss(reason: LeftOut) -> None:
    assert not nothing_was_said([reason, reason])
