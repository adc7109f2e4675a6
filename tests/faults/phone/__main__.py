"""`python -m tests.faults.phone FIRST COUNT [PLANT]`: lives through histories by their seeds, and tells."""

import sys
import tempfile
from pathlib import Path

from inspect_app.db import open_database
from inspect_app.migrations import upgrade
from tests.faults.phone.circumstances import drawn
from tests.faults.phone.driver import run_histories
from tests.faults.phone.ground import Ground
from tests.faults.phone.server import serving
from tests.inspect_app import made_up_bank


def main(first: int, count: int, plant: str) -> int:
    """Run them on SQLite in a folder of their own; return 1 where something was violated."""
    with tempfile.TemporaryDirectory(prefix="histories-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bank.sqlite3'}"
        database = open_database(url)
        upgrade(database)
        bank = made_up_bank.build(database, url)
        with serving(url, folder / "server") as served:
            histories = [drawn(seed, plant) for seed in range(first, first + count)]
            tally = run_histories(Ground(bank, served), histories, folder / "phones")
        database.writing.dispose()
    sys.stdout.write(f"{tally}\n")
    return int(bool(tally.violations))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""))
