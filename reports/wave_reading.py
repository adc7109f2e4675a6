"""Reads the first line of a data export."""

import re
from fractions import Fraction

from checklists.handbook import Mode
from reports.export import ExportedWave
from reports.line_fields import Field
from reports.rows import Pinned
from reports.waves import RankBy, Region, Target, Wave, wave_problems

FINGERPRINT_DIGITS = 64


def read_wave(field: Field) -> ExportedWave:
    """Return what the wave's line says; where it is wrong, problems are noted and the rest is stand-ins."""
    wave = Wave(
        code=field["code"].text(),
        mode=field["mode"].choice(Mode),
        opens_on=field["opens_on"].day(),
        closes_on=field["closes_on"].day(),
        min_visits=field["min_visits"].number(at_least=1),
        rank_by=field["rank_by"].choice(RankBy),
        regions=tuple(_read_region(unit) for unit in field["units"].members()),
        targets=tuple(_read_target(target) for target in field["targets"].members()),
        name=field["name"].text_or_empty(),
    )
    head = ExportedWave(
        wave=wave,
        ranking=field["ranking"].number(at_least=1),
        previous=_read_previous(field["previous"]),
        fingerprint=_read_fingerprint(field["fingerprint"]),
        pars=_read_pars(field["pars"]),
    )
    if not field.problems:
        field.problems.extend(wave_problems(wave))
    if not field.problems and wave.rank_by is RankBy.OVER_PAR and head.pars is None and head.ranking > 1:
        field.problems.append(
            f"pars is missing, but ranking {head.ranking} is made with the pars that ranking 1 froze"
        )
    return head


def _read_region(unit: Field) -> Region:
    unit.is_object()
    return Region(unit["code"].text(), unit["name"].text_or_empty(), unit["parent"].text_or_none())


def _read_target(target: Field) -> Target:
    target.is_object()
    branch = target["branch"]
    return Target(
        code=branch["code"].text(),
        name=branch["name"].text_or_empty(),
        kind=branch["kind"].text_or_empty(),
        region=tuple(code.text() for code in target["region"].members()),
    )


def _read_previous(previous: Field) -> Pinned | None:
    if previous.value is None or not previous.is_object():
        return None
    return Pinned(previous["code"].text(), previous["ranking"].number(at_least=1))


def _read_fingerprint(fingerprint: Field) -> str | None:
    value = fingerprint.value
    if value is None:
        return None
    if isinstance(value, str) and len(value) == FINGERPRINT_DIGITS and set(value) <= set("0123456789abcdef"):
        return value
    fingerprint.note("64 hexadecimal digits in small letters")
    return None


def _read_pars(pars: Field) -> dict[int, Fraction] | None:
    if pars.value is None:
        return None
    return {_situation_number(key, pars): par.exact() for key, par in pars.entries()}


def _situation_number(key: str, pars: Field) -> int:
    if re.fullmatch(r"[0-9]{1,9}", key):
        return int(key)
    pars.problems.append(f"pars.{key} should stand under a situation's number")
    return 0
