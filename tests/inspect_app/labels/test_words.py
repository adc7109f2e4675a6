"""The words for enum values."""

from enum import StrEnum

import pytest

from inspect_app.labels.words import WORDS, word_of


@pytest.mark.parametrize("values", WORDS)
def test_every_value_that_people_read_has_a_word(values: type[StrEnum]) -> None:
    assert [value for value in values if not word_of(value)] == []
    assert set(WORDS[values]) == set(values)


def test_values_of_one_text_in_two_enums_keep_their_own_words() -> None:
    named = {values.__name__: values for values in WORDS}

    assert word_of(named["WaveState"]("planned")) != word_of(named["VisitState"]("planned"))
