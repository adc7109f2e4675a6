"""The starter can be read by any Python that somebody may try it with."""

import ast

import pytest

from tests.architecture.places import ROOT


@pytest.mark.parametrize("minor", range(6, 15))
def test_every_python_from_3_6_on_can_read_the_starter(minor: int) -> None:
    text = (ROOT / "run.py").read_text(encoding="utf-8")

    assert ast.parse(text, feature_version=(3, minor)).body


def test_the_starter_knows_no_setting_of_the_product() -> None:
    assert "INSPECT_" not in (ROOT / "run.py").read_text(encoding="utf-8")
