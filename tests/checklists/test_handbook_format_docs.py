"""The documentation of the format names every key."""

from dataclasses import fields
from pathlib import Path

import pytest

from checklists.handbook import Clause, Edition, Flow, Situation

FORMAT = Path(__file__).parents[2] / "docs" / "handbook-format.md"


@pytest.mark.parametrize(
    "record", [Edition, Flow, Situation, Clause], ids=lambda record: str(record.__name__)
)
def test_every_field_is_documented_as_a_key(record: type[Edition | Flow | Situation | Clause]) -> None:
    documented = FORMAT.read_text(encoding="utf-8")

    assert [field.name for field in fields(record) if f"`{field.name}`" not in documented] == []
