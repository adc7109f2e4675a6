"""The mark `fault`: which case of the suite a test is about, carried into the report of its run."""

from collections.abc import Callable, Iterable

import pytest

from tests.faults.cases import CASES

FAULT = "fault"
RUNS = "fault_runs"
IDS = frozenset(case.id for case in CASES)


def tell_faults(items: Iterable[pytest.Item]) -> None:
    """Write the ids of each test's cases into its report.

    Raises:
        pytest.UsageError: an id is none of the suite.
    """
    for item in items:
        for mark in item.iter_markers(FAULT):
            for id in mark.args:
                if id not in IDS:
                    raise pytest.UsageError(f"{item.nodeid}: there is no case {id}")
                item.user_properties.append((FAULT, id))


@pytest.fixture
def count_runs(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Lets a test tell how many seeds, rounds or histories it ran; a test that does not ran once."""
    return lambda runs: request.node.user_properties.append((RUNS, runs))
