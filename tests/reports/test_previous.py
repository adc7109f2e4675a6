"""Which earlier ranking changes are taken from."""

from datetime import date

from checklists.handbook import Mode
from reports.previous import RankedWave, find_previous
from reports.rows import Pinned

OPENS_ON = date(2026, 7, 1)


def ranked_wave(code: str, closes_on: date, latest: int = 1, mode: Mode = Mode.MYSTERY) -> RankedWave:
    """Return a wave that has a ranking."""
    return RankedWave(code, mode, closes_on, latest)


def test_it_is_the_latest_ranking_of_the_last_wave_that_closed_before() -> None:
    waves = [
        ranked_wave("2026Q1", date(2026, 3, 20), latest=3),
        ranked_wave("2026Q2", date(2026, 6, 20), latest=2),
        ranked_wave("2025Q4", date(2025, 12, 20)),
    ]

    assert find_previous(Mode.MYSTERY, OPENS_ON, waves) == Pinned("2026Q2", 2)


def test_another_mode_is_no_previous_wave() -> None:
    waves = [ranked_wave("A", date(2026, 6, 1)), ranked_wave("B", date(2026, 6, 2), mode=Mode.OPEN)]

    assert find_previous(Mode.MYSTERY, OPENS_ON, waves) == Pinned("A", 1)


def test_a_wave_that_closed_on_the_opening_day_or_later_is_no_previous_wave() -> None:
    waves = [ranked_wave("A", OPENS_ON), ranked_wave("B", date(2026, 9, 20))]

    assert find_previous(Mode.MYSTERY, OPENS_ON, waves) is None


def test_of_waves_that_closed_on_one_day_it_is_the_last_by_code() -> None:
    waves = [ranked_wave(code, date(2026, 6, 20)) for code in ("B", "C", "A")]

    assert find_previous(Mode.MYSTERY, OPENS_ON, waves) == Pinned("C", 1)
