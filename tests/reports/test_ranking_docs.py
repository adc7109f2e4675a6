"""Executes every example of docs/ranking.md, so that the rules as told are the rules as computed."""

import hashlib
import re
from pathlib import Path

import pytest

from reports.fingerprint import fingerprint
from reports.restatement import Figures, Mover, movers
from tests.reports.ranking_notation import found_for, points_of, read

DOCUMENT = Path(__file__).parents[2] / "docs" / "ranking.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
WITHOUT_EXAMPLE = {"Ranking", "How to read the examples", "Recomputing"}


def blocks(language: str) -> list[str]:
    """Return the document's examples in one of its small languages."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def as_told(mover: Mover) -> str:
    """Return a mover as the document writes it."""
    before, after = mover.before, mover.after
    ranks = f"rank {rank_of(before)} -> {rank_of(after)} "
    told = "" if rank_of(before) == rank_of(after) == "-" else ranks
    return f"{mover.table} {mover.unit} {told}score {points_of(before.score)} -> {points_of(after.score)}"


def rank_of(figures: Figures) -> str:
    """Return a rank, or a dash."""
    return "-" if figures.rank is None else str(figures.rank)


@pytest.mark.parametrize("block", blocks("ranking"))
def test_each_ranking_of_the_document_holds_what_the_document_says(block: str) -> None:
    example = read(block.splitlines())

    ranking = example.ranking()

    assert example.claims
    assert [found_for(claim, ranking) for claim in example.claims] == example.claims


@pytest.mark.parametrize("block", blocks("movers"))
def test_each_restatement_of_the_document_moves_whom_the_document_says(block: str) -> None:
    lines = block.splitlines()
    before, after = read(lines[: lines.index("becomes")]), read(lines[lines.index("becomes") + 1 :])
    before.branches = after.branches = {**before.branches, **after.branches}

    moved = movers(before.ranking(), after.ranking())

    assert [as_told(mover) for mover in moved] == after.claims


@pytest.mark.parametrize("block", blocks("fingerprint"))
def test_the_fingerprint_covers_the_lines_that_the_document_shows(block: str) -> None:
    example = read(block.splitlines())
    text = "".join("\t".join(claim.split()) + "\n" for claim in example.claims)

    digits = fingerprint(example.ranking())

    assert digits == hashlib.sha256(text.encode()).hexdigest()


def test_every_part_of_the_document_has_an_example() -> None:
    parts = re.split(r"^#+ (.*)$", TEXT, flags=re.MULTILINE)

    without = {title for title, text in zip(parts[1::2], parts[2::2], strict=True) if "=>" not in text}

    assert without <= WITHOUT_EXAMPLE
