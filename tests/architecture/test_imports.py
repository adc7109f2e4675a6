"""Who may import whom: the contracts in pyproject.toml, and that nothing in the product needs the tests."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.places import ROOT, modules

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def test_the_layers_hold() -> None:
    checked = subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )

    assert checked.returncode == 0, checked.stdout


def test_the_product_needs_neither_tests_nor_its_own_starter() -> None:
    forbidden = ("from tests", "import tests", "from run ", "import run\n", "from wsgi", "import wsgi")

    guilty = [
        module.as_posix()
        for module in modules()
        if any(words in (ROOT / module).read_text(encoding="utf-8") for words in forbidden)
    ]

    assert not guilty
