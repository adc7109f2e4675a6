"""What a workbook is written from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.rankings import Ranking
from reports.workbook.detail import DetailRow


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A staff role of the edition, with its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """A frozen ranking and what is printed around it; the same report always gives the same file.

    Attributes:
        roles: the edition's staff roles in its order; each has a sheet, also where nothing was ranked.
        details: the disclosed answers below full credit; those outside `region` are left out.
        fingerprint: of the ranking, 64 hexadecimal digits.
        edition: the number of the handbook edition; None where it is not known.
        veto_cap: the most that a visit with a veto can score, hundredths of a point; None where unknown.
        published_at: aware, in the zone to print; None where the ranking was computed from a file.
        restated_because: why this ranking replaces an earlier one; empty in the first.
        region: the code of the one region that the rows are limited to; None for all.
        journal_head: how far the journal was sealed at publication, as it is printed; None where unknown.
    """

    ranking: Ranking
    roles: Sequence[NamedRole]
    details: Sequence[DetailRow]
    fingerprint: str
    rules_version: str
    edition: str | None = None
    veto_cap: int | None = None
    published_at: datetime | None = None
    restated_because: str = ""
    region: str | None = None
    journal_head: str | None = None

    @property
    def wave_name(self) -> str:
        """The wave's name, or its code where it has none."""
        return self.ranking.wave.name or self.ranking.wave.code

    @property
    def shown_fingerprint(self) -> str:
        """The first 16 digits, in fours."""
        return " ".join(self.fingerprint[start : start + 4] for start in range(0, 16, 4))
