"""The checker is checked: mistakes planted into the phone and into the server are found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.faults.phone.conftest import OpenGround
from tests.faults.phone.faults import CrashPoint, Fault, Injection, ScriptedFaults
from tests.faults.phone.ground import Ground
from tests.faults.phone.scripts import BODY, PHOTO, calm, lived

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

MOST = 12
"""Histories after which a fault that needs the right moment must have been found."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted fault, what brings it to light, and a word of what the checker then says."""

    name: str
    said: str
    script: Mapping[str, list[Injection]] = field(default_factory=dict)
    kills: int = 0


IN_PHONES = (
    Plant("new_id_per_try", "(2) 2 submissions", {BODY: [Injection(Fault.LOST_ANSWER)]}),
    Plant("shown_before_stored", "an answer that was shown is lost", kills=4),
    Plant("no_queue", "answer", kills=1),
    Plant("believes_any_page", "(1)", {BODY: [Injection(Fault.CAPTIVE_PAGE)] * 2}),
    Plant("forgets_photos", "missing"),
)

IN_SERVERS = (
    Plant("receipts_afresh", "(3)", {BODY: [Injection(Fault.TWICE)]}),
    Plant("no_hash_check", "photo", {PHOTO: [Injection(Fault.DAMAGED, share=0.5)] * 2}),
    Plant("row_before_file", "(7)", {PHOTO: [Injection(Fault.CRASH, point=CrashPoint.AFTER_COMMIT)]}),
    Plant("no_journal", "(5)"),
    Plant("never_whole", "(4)"),
)


def found(ground: Ground, plant: Plant, folder: Path, *, in_phone: bool) -> list[str]:
    """Return what the first history says that finds a fault."""
    for seed in range(MOST):
        circumstances = calm(seed, plant.name if in_phone else "", plant.kills)
        # One that never arrives is found as well, and need not be waited for.
        circumstances = replace(circumstances, most_lives=plant.kills + 1, patience=60_000)
        script = {word: list(faults) for word, faults in plant.script.items()}
        told = lived(ground, circumstances, folder / str(seed), ScriptedFaults(script))
        if plant.said in "\n".join(told.violations):
            return told.violations
    return []


@pytest.mark.parametrize("plant", IN_PHONES, ids=lambda plant: plant.name)
def test_a_fault_planted_into_the_phone_is_found(ground: Ground, plant: Plant, tmp_path: Path) -> None:
    violations = found(ground, plant, tmp_path, in_phone=True)

    assert plant.said in "\n".join(violations)


@pytest.mark.parametrize("plant", IN_SERVERS, ids=lambda plant: plant.name)
def test_a_fault_planted_into_the_server_is_found(
    open_ground: OpenGround, plant: Plant, tmp_path: Path
) -> None:
    with open_ground(plant.name) as ground:
        violations = found(ground, plant, tmp_path, in_phone=False)

    assert plant.said in "\n".join(violations)
