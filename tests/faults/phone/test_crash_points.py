"""R01-R11: the server dies at each step, an answer is lost, a request is cut; nothing is lost or doubled."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.faults.phone.faults import CrashPoint, Fault, Injection, ScriptedFaults
from tests.faults.phone.ground import Ground
from tests.faults.phone.scripts import BODY, PHOTO, calm, cuts, lived

CountRuns = Callable[[int], None]

IDS = {
    CrashPoint.BODY_HALF_READ: "R01",
    CrashPoint.PHOTO_WRITTEN: "R02",
    CrashPoint.PHOTO_RENAMED: "R03",
    CrashPoint.ROW_INSERTED: "R04",
    CrashPoint.JOURNAL_WRITTEN: "R05",
    CrashPoint.BEFORE_COMMIT: "R06",
    CrashPoint.AFTER_COMMIT: "R07",
    CrashPoint.STATUS_SENT: "R08",
    CrashPoint.HALF_ANSWERED: "R09",
}

ONLY_PHOTOS = frozenset({CrashPoint.PHOTO_WRITTEN, CrashPoint.PHOTO_RENAMED})
"""Points that a submission never comes to."""

ALSO_ASKED_AGAIN = 2
"""The body goes twice: to be taken in, and to ask what has arrived."""

VOLUME = 50
"""Seeds for each point, on each database."""

of_points = pytest.mark.parametrize(
    "point", [pytest.param(point, marks=pytest.mark.fault(id)) for point, id in IDS.items()]
)


def script_of(point: CrashPoint) -> Mapping[str, Sequence[Injection]]:
    """Return what lets the server die at a point of each request that comes to it."""
    dies = Injection(Fault.CRASH, point=point)
    bodies = 0 if point in ONLY_PHOTOS else ALSO_ASKED_AGAIN
    return {BODY: [dies] * bodies, PHOTO: [dies] * 2}


@pytest.mark.slow
@of_points
def test_a_server_killed_at_a_point_loses_and_doubles_nothing(
    ground: Ground, point: CrashPoint, tmp_path: Path
) -> None:
    chooser = ScriptedFaults(script_of(point))

    told = lived(ground, calm(seed=1), tmp_path / "phone", chooser)

    assert told.violations == []
    assert chooser.is_used_up
    assert told.crashes[point] >= 1
    assert told.looks > told.crashes[point]


@pytest.mark.volume
@of_points
def test_a_server_killed_at_a_point_loses_and_doubles_nothing_with_fifty_seeds(
    ground: Ground, point: CrashPoint, tmp_path: Path, count_runs: CountRuns
) -> None:
    count_runs(VOLUME)
    violations = []

    for seed in range(VOLUME):
        told = lived(ground, calm(seed), tmp_path / f"phone{seed}", ScriptedFaults(script_of(point)))
        violations += told.violations

    assert violations == []


@pytest.mark.slow
@pytest.mark.fault("R10")
def test_an_answer_that_gets_lost_is_given_again_byte_by_byte(ground: Ground, tmp_path: Path) -> None:
    lost = Injection(Fault.LOST_ANSWER)
    halves = cuts(Fault.HALF_ANSWER, pieces=4)
    chooser = ScriptedFaults({BODY: [lost, *halves, Injection(Fault.PASS), lost, *halves], PHOTO: [lost] * 4})

    told = lived(ground, calm(seed=2), tmp_path / "phone", chooser)

    assert told.violations == []
    assert chooser.is_used_up


@pytest.mark.slow
@pytest.mark.fault("R11")
def test_a_request_cut_at_every_sixteenth_leaves_nothing_and_arrives_later(
    ground: Ground, tmp_path: Path, count_runs: CountRuns
) -> None:
    count_runs(32)
    chooser = ScriptedFaults({BODY: cuts(Fault.CUT_REQUEST), PHOTO: cuts(Fault.CUT_REQUEST)})

    told = lived(ground, calm(seed=3), tmp_path / "phone", chooser)

    assert told.violations == []
    assert chooser.is_used_up
    assert told.faults[Fault.CUT_REQUEST] == 32


@pytest.mark.slow
@pytest.mark.fault("R29")
def test_a_guest_networks_page_is_taken_for_no_receipt(ground: Ground, tmp_path: Path) -> None:
    page = Injection(Fault.CAPTIVE_PAGE)
    chooser = ScriptedFaults({BODY: [page, page, Injection(Fault.PASS), page], PHOTO: [page, page]})

    told = lived(ground, calm(seed=4), tmp_path / "phone", chooser)

    assert told.violations == []
    assert chooser.is_used_up


@pytest.mark.slow
@pytest.mark.fault("R30")
def test_refusals_on_the_way_are_waited_out(ground: Ground, tmp_path: Path) -> None:
    refusals = [
        Injection(fault)
        for fault in (Fault.TOO_LARGE, Fault.IN_FLIGHT, Fault.TOO_MANY, Fault.BAD_GATEWAY, Fault.UNAVAILABLE)
    ]
    chooser = ScriptedFaults({BODY: refusals, PHOTO: refusals})

    told = lived(ground, calm(seed=5), tmp_path / "phone", chooser)

    assert told.violations == []
    assert chooser.is_used_up


@pytest.mark.slow
@pytest.mark.fault("R19")
def test_an_emptied_or_damaged_photo_is_sent_again(ground: Ground, tmp_path: Path) -> None:
    broken = [
        Injection(Fault.EMPTIED),
        Injection(Fault.DAMAGED, share=0.4),
        Injection(Fault.DAMAGED, share=1),
    ]
    chooser = ScriptedFaults({BODY: broken, PHOTO: broken})

    told = lived(ground, calm(seed=6), tmp_path / "phone", chooser)

    assert told.violations == []
    assert chooser.is_used_up


@pytest.mark.slow
@pytest.mark.fault("R18")
def test_a_photo_sent_again_while_it_is_being_written_is_one_photo(ground: Ground, tmp_path: Path) -> None:
    again = [
        Injection(Fault.CRASH, point=CrashPoint.PHOTO_WRITTEN),
        Injection(Fault.THREE_AT_ONCE),
        Injection(Fault.CRASH, point=CrashPoint.PHOTO_RENAMED),
        Injection(Fault.THREE_AT_ONCE),
    ]
    chooser = ScriptedFaults({PHOTO: again})

    told = lived(ground, calm(seed=7), tmp_path / "phone", chooser)

    assert told.violations == []
    assert told.crashes[CrashPoint.PHOTO_WRITTEN] == told.crashes[CrashPoint.PHOTO_RENAMED] == 1
