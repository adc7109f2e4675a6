"""Two recordings of one visit: shown answer by answer, and decided which of them counts."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.inspections import Fields
from inspect_app.queries.odd_arrivals import odd_arrival_with_id
from inspect_app.queries.recordings import OtherBytes, Records, answers_in, records_of_visit
from inspect_app.queries.reviews import UNDECIDED
from inspect_app.queries.visits import visit_of_office
from inspect_app.services import choosing
from inspect_app.services.phone_bodies import BodyError, known_fields, read_body
from inspect_app.web.access import current_actor, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.office.forms import ReasonForm
from inspect_app.web.office.record_rows import compare


@pages.get("/office/visits/<uuid:visit_id>/records")
@requires(Action.REVIEW_INSPECTION)
def records_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show everything that came in of a visit, side by side."""
    return _show(records_of_visit(session, current_user(), visit_id), ReasonForm(formdata=None))


@pages.post("/office/visits/<uuid:visit_id>/records/<uuid:inspection_id>/count")
@requires(Action.REVIEW_INSPECTION)
def count_record(visit_id: uuid.UUID, inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Let another recording count."""
    found, form = records_of_visit(session, current_user(), visit_id), ReasonForm()
    if not form.validate_on_submit():
        return _show(found, form), 422
    reason = str(form.reason.data)
    visit = visit_of_office(session, visit_id)
    choosing.count_inspection(session, current_actor(), visit, inspection_id, reason, now=utc_now())
    return redirect(url_for("office.records_page", visit_id=visit_id), code=303)


@pages.post("/office/arrivals/<uuid:submission_id>/leave-aside")
@requires(Action.REVIEW_INSPECTION)
def leave_aside(submission_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what came otherwise than awaited, and let it not count."""
    odd = odd_arrival_with_id(session, submission_id)
    choosing.leave_aside(session, current_actor(), submission_id, now=utc_now())
    return redirect(url_for("office.records_page", visit_id=odd.submission.visit_id), code=303)


def _show(found: Records, form: ReasonForm) -> str:
    readings = [record.answers for record in found.records]
    readable = [(one, fields) for one in found.others if (fields := _fields(found, one)) is not None]
    readings += [answers_in(found.checklist, fields) for _one, fields in readable]
    rows = compare(found.checklist, readings)
    return render_template(
        "office/records.html",
        found=found,
        visit=found.visit,
        others=[one for one, _fields_of in readable],
        unreadable=len(found.others) - len(readable),
        rows=[row for row in rows if row.differs],
        same=sum(not row.differs for row in rows),
        form=form,
        can_choose=found.visit.state in choosing.UNDECIDED,
        is_listed=found.visit.state in UNDECIDED,
        problem=_("改计另一份，要写明原因。") if form.errors else "",
    )


def _fields(found: Records, other: OtherBytes) -> Fields | None:
    try:
        return known_fields(found.checklist, read_body(other.body).fields)
    except BodyError:
        return None
