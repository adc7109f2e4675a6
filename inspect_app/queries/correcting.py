"""What of a visit can be corrected without an appeal, and to what, for head office."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from checklists.amending import Amendment, AmendmentError, corrections, stands_together
from inspect_app.errors import ConflictError
from inspect_app.models.people import User
from inspect_app.models.visits import VisitState
from inspect_app.queries.reviews import ReadRevision, WholeInspection, whole_inspection
from inspect_app.queries.standing import waiting_codes
from inspect_app.queries.visits import visit_of_office

CORRECTABLE = (VisitState.DISCLOSED, VisitState.PUBLISHED)
"""Before these, a reviewer returns an inspection; a visit that was voided has nothing to correct."""


@dataclass(frozen=True, slots=True)
class Correctable:
    """Items that are corrected together; most stand alone.

    Attributes:
        codes: the items; where nobody acted, all of their situation.
        offered: what they can be corrected to, that they are not already.
        is_disputed: one of them waits for the decision of an appeal, which settles it.
    """

    codes: tuple[str, ...]
    offered: tuple[Amendment, ...]
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class VisitToCorrect:
    """A visit as it counts now, and what of it can be corrected, by the first item that is."""

    whole: WholeInspection
    items: Mapping[str, Correctable]


def visit_to_correct(session: Session, user: User, visit_id: uuid.UUID) -> VisitToCorrect:
    """Return a visit that branches have seen, with what of it can be corrected.

    Raises:
        NotFoundError: there is no such visit, or the user is not of head office.
        ConflictError: no branch has seen it yet, or it was voided.
    """
    visit = visit_of_office(session, visit_id)
    if visit.state not in CORRECTABLE:
        raise ConflictError(f"visit {visit_id} is {visit.state.value}: it is not corrected")
    whole = whole_inspection(session, user, visit_id)
    disputed = waiting_codes(session, visit_id)
    return VisitToCorrect(whole, {one.codes[0]: one for one in _correctable(whole.current, disputed)})


def _correctable(read: ReadRevision, disputed: frozenset[str]) -> Iterator[Correctable]:
    told: set[str] = set()
    for code in (item.code for section in read.checklist.sections for item in section.items):
        if code in told:
            continue
        try:
            codes = stands_together(read.checklist, read.answers, code)
        except AmendmentError:
            continue
        told.update(codes)
        offered = corrections(read.checklist, read.answers, codes)
        if offered:
            yield Correctable(codes, offered, bool(disputed.intersection(codes)))
