"""The scores of a visit as stored text."""

import json

import pytest
from hypothesis import given, settings

from checklists.scoring import CreditedInspection, score
from reports.stated_scores import StatedScoresError, parse_scores, scores_text
from tests.checklists.scoring.strategies import inspections
from tests.reports.export_examples import MISSING, VISIT, line

SCORES = json.dumps(json.loads(VISIT)["scores"])


@settings(max_examples=50, deadline=None)
@given(inspections())
def test_scores_are_read_as_they_were_stored(inspection: CreditedInspection) -> None:
    scores = score(inspection, par=7321)

    assert parse_scores(scores_text(scores)) == scores


def test_the_stored_text_is_the_interfaces_and_compact() -> None:
    text = scores_text(parse_scores(SCORES))

    assert text == json.dumps(json.loads(SCORES), separators=(",", ":"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "the stored scores are not JSON"),
        ("[]", r"scores is \[\], but should be an object"),
        (line(SCORES, ("high", MISSING)), "scores.high is missing"),
        (line(SCORES, ("roles", MISSING)), "scores.roles is missing"),
        (line(SCORES, ("visit", True)), "scores.visit is True, but should be hundredths of a point"),
    ],
)
def test_a_text_that_is_no_scores_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(StatedScoresError, match=sentence):
        parse_scores(text)
