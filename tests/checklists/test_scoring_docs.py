"""Executes every example of docs/scoring.md, so that the rules as told are the rules as computed."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from checklists.handbook import Kind
from checklists.scoring import (
    DEFAULT_SCALE,
    RULES_VERSION,
    CountRule,
    Counts,
    Gate,
    Hearing,
    LeftOut,
    PhraseAnswer,
    Response,
    Scale,
    VetoScope,
    credit_of_counts,
    credit_of_phrase,
    credit_of_response,
    is_asked,
    restated_pars,
)
from tests.checklists.scoring.notation import hundredths_of, read, results

DOCUMENT = Path(__file__).parents[2] / "docs" / "scoring.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
WITHOUT_EXAMPLE = {"Scoring", "How to read the examples"}
MAY_BE_UNDEFINED = re.compile(r"(situation \d+|role \w+|accountable \w+)$")
LANGUAGES = ("visit", "credits", "asked", "pars")


def blocks(language: str) -> list[str]:
    """Return the document's examples in one of its small languages."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def claims(block: str) -> Iterator[tuple[str, str, str]]:
    """Yield (subject, separator, result) of each line of a block, without what is for the reader alone."""
    for line in block.splitlines():
        said = line.partition("#")[0].strip()
        if said:
            yield said.rpartition("=>") if "=>" in said else (said, "", "")


def credit(subject: str, scale: Scale) -> Fraction | None:
    """Return the credit of an answer as it is written in the examples."""
    match subject.split():
        case ["elements", *elements]:
            return credit_of_phrase([Hearing(element) for element in elements], scale)
        case ["counts", rule, met, "met", partly, "partly", not_met, "not"]:
            counted = Counts(int(met), int(partly), int(not_met))
            return credit_of_counts(counted, CountRule(rule.rstrip(":")), scale)
        case [response]:
            return credit_of_response(Response(response), scale)
    raise AssertionError(f"cannot read {subject!r}")


def phrase(said: str) -> PhraseAnswer:
    """Return how a phrase was answered as it is written in the examples."""
    if said == "unanswered":
        return None
    if said in list(LeftOut):
        return LeftOut(said)
    return [Hearing(element) for element in said.split()]


@pytest.mark.parametrize("block", blocks("visit"))
def test_each_visit_of_the_document_scores_what_the_document_says(block: str) -> None:
    written = read(block)
    said = dict(claim.split(" = ") for claim in written.claims)

    found = results(written)

    assert said
    assert all(subject in found or MAY_BE_UNDEFINED.match(subject) for subject in said)
    assert {subject: found.get(subject, "undefined") for subject in said} == said


@pytest.mark.parametrize("block", blocks("credits"))
def test_each_answer_of_the_document_earns_what_the_document_says(block: str) -> None:
    scale = DEFAULT_SCALE
    for subject, separator, result in claims(block):
        if not separator:
            _, _, partly, _, changed = subject.split()
            scale = Scale(Fraction(partly), Fraction(changed))
            continue
        expected = None if result.strip() == "left out" else Fraction(result.strip())
        assert credit(subject.strip(), scale) == expected, subject


@pytest.mark.parametrize("block", blocks("asked"))
def test_each_item_is_asked_where_the_document_says(block: str) -> None:
    for subject, _, result in claims(block):
        kind, gate, phrases = subject.strip().split(", ")
        answered = None if gate == "gate unanswered" else Gate(gate.removeprefix("gate "))
        said = phrases.removeprefix("phrases: ")
        heard = [] if said == "none" else [phrase(one) for one in said.split(" / ")]

        assert is_asked(Kind(kind), answered, heard) is (result.strip() == "asked"), subject


@pytest.mark.parametrize("block", blocks("pars"))
def test_each_par_of_the_document_is_what_the_document_says(block: str) -> None:
    frozen: dict[int, Fraction] = {}
    counting: list[dict[int, int]] = []
    expected: dict[int, Fraction] = {}
    for subject, separator, result in claims(block):
        said = result if separator else subject
        pairs = re.findall(r"(?:par|situation) (\d+) = ([\d./]+)", said)
        if separator:
            expected |= {int(number): 100 * Fraction(points) for number, points in pairs}
        elif subject.startswith("frozen:"):
            frozen |= {int(number): 100 * Fraction(points) for number, points in pairs}
        else:
            counting.append({int(number): hundredths_of(points) for number, points in pairs})

    assert expected
    assert restated_pars(frozen, counting) == expected


def test_every_rule_has_an_example() -> None:
    sections = re.split(r"^#+ (.*)$", TEXT, flags=re.MULTILINE)[1:]

    without = {
        title
        for title, body in zip(sections[::2], sections[1::2], strict=True)
        if not any(f"```{language}\n" in body for language in LANGUAGES)
    }

    assert without == WITHOUT_EXAMPLE


def test_every_paragraph_that_ends_a_rule_is_followed_by_its_example() -> None:
    body = TEXT.partition("## Credits")[2]

    stretches = [text.strip() for text in re.split(r"^```.*?^```$", body, flags=re.DOTALL | re.MULTILINE)]

    assert not any("\n\n" in stretch.split("\n\n", 1)[-1] for stretch in stretches if "## " in stretch)
    assert not any("\n\n" in stretch for stretch in stretches if "## " not in stretch)
    assert stretches[-1] == ""


@pytest.mark.parametrize("word", [*Gate, *LeftOut, *VetoScope, *Kind, *Response, *Hearing, *CountRule])
def test_every_word_of_the_rules_stands_in_an_example(word: str) -> None:
    examples = " ".join(block for language in LANGUAGES for block in blocks(language))

    assert word in examples or word.replace("_", " ") in examples


def test_no_block_is_written_in_a_language_that_nothing_executes() -> None:
    assert set(re.findall(r"^```(\w+)$", TEXT, re.MULTILINE)) == set(LANGUAGES)


def test_the_document_names_the_version_of_the_rules() -> None:
    assert f"This is version {RULES_VERSION} of the rules" in TEXT
