"""What was recorded of an item, as a text: equal records of two visits are equal texts."""

from checklists.filled import Answer, Answers
from checklists.json_values import compact_json


def recorded_text(answers: Answers, situation: int, code: str) -> str:
    """Return what counts of an answer: what was ticked, without words and photos, which always differ."""
    section = answers.section(situation)
    given = () if section is None else section.answers
    answer = next((one for one in given if one.item == code), Answer(code))
    return compact_json(
        {
            "gate": None if section is None else section.gate,
            "response": answer.response,
            "elements": answer.elements,
            "counts": None
            if answer.counts is None
            else [answer.counts.met, answer.counts.partly, answer.counts.not_met],
            "why": answer.shortfalls,
        }
    )
