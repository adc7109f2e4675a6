"""Fills in a form as an inspector would who visits a branch of a certain level."""

from dataclasses import dataclass, field
from random import Random

from checklists.checklist import Checklist, Item, Section
from checklists.fields import HAPPENED, LEAVE_OUT
from checklists.handbook import Kind, Occasion
from checklists.scoring import Gate, Hearing, LeftOut, Response, is_asked
from inspect_app.demo import words
from inspect_app.demo.levels import Levels
from inspect_app.queries.inspections import Fields

SERVES_AS_OFTEN = {"lobby_manager": 8, "teller": 12, "customer_manager": 2, "accounting_supervisor": 2}
SELDOM = 1
STANDING = "S05.A2"
SITTING = "S05.A1"
"""Of these two only one can be seen, by whether the person was standing or sitting."""

UNSEEN = 0.015
FORBIDDEN_WORDS = 0.012
WORDS_WRITTEN = 0.7
STILL_PARTLY = 0.6
"""Of what was not met in full, how much was met in part."""


@dataclass(slots=True)
class Form:
    """A form being filled in: the fields so far, in the order of the form."""

    random: Random
    levels: Levels
    fields: dict[str, str | tuple[str, ...]] = field(default_factory=dict)


def fill_in(checklist: Checklist, levels: Levels, random: Random) -> Fields:
    """Return a form filled in whole."""
    form = Form(random, levels)
    for section in checklist.sections:
        _fill_section(form, section)
    for rule in checklist.deductions:
        if random.random() < FORBIDDEN_WORDS:
            form.fields[f"deduction.{rule.code}"] = HAPPENED
            form.fields[f"deduction.{rule.code}.words"] = random.choice(words.FORBIDDEN)
    return tuple(form.fields.items())


def first_part(checklist: Checklist, fields: Fields, sections: int) -> Fields:
    """Return what of a form is filled in when its first few sections are done."""
    done = {section.code for section in checklist.sections[:sections]}
    return tuple((name, value) for name, value in fields if name.partition(".")[0] in done)


def asked_again(checklist: Checklist, fields: Fields) -> Item:
    """Return the item that a reviewer asks about: the first that was not met in full, else the first."""
    items = [item for section in checklist.sections for item in section.items]
    filled = dict(fields)
    short = (item for item in items if filled.get(item.code) in (Response.PARTLY, Response.NOT_MET))
    return next(short, items[0])


def _fill_section(form: Form, section: Section) -> None:
    role = _role(form.random, section)
    level = form.levels.of_section(section, role)
    gate = _gate(form.random, section, level)
    code = section.code
    form.fields[f"{code}.gate"] = gate
    if gate is Gate.DID_NOT_OCCUR:
        form.fields[f"{code}.gate_reason"] = LeftOut.DID_NOT_OCCUR
        form.fields[f"{code}.gate_words"] = form.random.choice(words.DID_NOT_OCCUR)
    if gate is not Gate.OCCURRED:
        return
    form.fields[f"{code}.role"] = role
    phrases = [_fill_phrase(form, item, level) for item in section.items if item.kind is Kind.PHRASE]
    was_standing = form.random.random() < 0.7
    for item in section.items:
        if item.kind is Kind.PHRASE or not is_asked(item.kind, gate, phrases):
            continue
        if item.code == (SITTING if was_standing else STANDING):
            _leave_out(form, item, LeftOut.DID_NOT_OCCUR)
        else:
            _fill_step(form, item, level)


def _role(random: Random, section: Section) -> str:
    weights = [SERVES_AS_OFTEN.get(role, SELDOM) for role in section.roles]
    return random.choices(section.roles, weights)[0]


def _gate(random: Random, section: Section, level: float) -> Gate:
    """Return what became of a situation: where service is poor, it happens more often that nobody comes."""
    drawn, neglect = random.random(), (1 - level) / 5
    if section.occasion is not Occasion.ALWAYS:
        if drawn < neglect:
            return Gate.NOBODY_ACTED
        if drawn > 0.96:
            return Gate.DID_NOT_OCCUR
    return Gate.OCCURRED


def _fill_phrase(form: Form, item: Item, level: float) -> tuple[Hearing, ...] | LeftOut:
    if form.random.random() < UNSEEN:
        _leave_out(form, item, LeftOut.COULD_NOT_SEE_OR_HEAR)
        return LeftOut.COULD_NOT_SEE_OR_HEAR
    steps = {Response.MET: Hearing.HEARD, Response.PARTLY: Hearing.CHANGED, Response.NOT_MET: Hearing.MISSING}
    elements = tuple(steps[_response(form, item, level)] for _ in item.elements)
    for place, element in enumerate(elements):
        form.fields[f"{item.code}.el{place}"] = element
    if any(element is not Hearing.HEARD for element in elements):
        form.fields[f"{item.code}.words"] = words.heard(form.random, item, elements)
    return elements


def _fill_step(form: Form, item: Item, level: float) -> None:
    if form.random.random() < UNSEEN:
        _leave_out(form, item, LeftOut.COULD_NOT_SEE_OR_HEAR)
        return
    response = _response(form, item, level)
    if item.counted is not None:
        _count_people(form, item, response)
    else:
        form.fields[item.code] = response
    if response is Response.MET:
        return
    place = words.shortfall(form.random, item, response)
    if place is not None:
        form.fields[f"{item.code}.why"] = (str(place),)
    if form.random.random() < WORDS_WRITTEN:
        form.fields[f"{item.code}.words"] = words.seen(form.random, response)


def _response(form: Form, item: Item, level: float) -> Response:
    met = form.levels.of_item(item, level)
    drawn = form.random.random()
    if drawn < met:
        return Response.MET
    return Response.PARTLY if drawn < met + (1 - met) * STILL_PARTLY else Response.NOT_MET


def _count_people(form: Form, item: Item, response: Response) -> None:
    people = form.random.randint(2, 6)
    short = {Response.MET: 0, Response.PARTLY: 1, Response.NOT_MET: people // 2 + 1}[response]
    form.fields[f"{item.code}.of"] = str(people)
    form.fields[f"{item.code}.met"] = str(people - short)


def _leave_out(form: Form, item: Item, reason: LeftOut) -> None:
    form.fields[item.code] = LEAVE_OUT
    form.fields[f"{item.code}.left"] = reason
    if reason is LeftOut.COULD_NOT_SEE_OR_HEAR:
        form.fields[f"{item.code}.words"] = words.unseen(form.random, item)
