"""A checklist as JSON: for reading in one language, and whole for storage and back."""

from checklists.checklist import Checklist, DeductionRule, Item, LeavingOut, LeftOutClause, Section
from checklists.content import WriteText, content, content_hash
from checklists.handbook import Kind, Mode, Occasion, Origin, Provenance, Rendering, StaffRole, Text
from checklists.json_values import DocumentError, Json, Member
from checklists.scoring.credits import CountRule, Scale
from checklists.scoring.inspection import VetoScope

DOCUMENT_VERSION = 1
"""The form of the stored document; a change that old readers cannot read raises it."""


def checklist_as_json(checklist: Checklist, language: str) -> dict[str, Json]:
    """Return a checklist for reading, its texts in one language, the own one where there is no rendering."""
    return _whole(checklist, lambda text: text.in_language(language)) | {"language": language}


def checklist_document(checklist: Checklist) -> dict[str, Json]:
    """Return a checklist with nothing lost; `read_checklist` gives it back."""
    return {"checklist_version": DOCUMENT_VERSION} | _whole(checklist, _every_rendering)


def read_checklist(document: object) -> Checklist:
    """Return the checklist that `checklist_document` wrote.

    Raises:
        DocumentError: it is no such document, or what it asks is not what its hash was taken of.
    """
    member = Member(document)
    if member["checklist_version"].value != DOCUMENT_VERSION:
        raise member["checklist_version"].wrong(str(DOCUMENT_VERSION))
    checklist = _read(member)
    if content_hash(checklist) != checklist.hash:
        raise DocumentError(f"the checklist's content has another hash than the {checklist.hash} it names")
    return checklist


def _whole(checklist: Checklist, write: WriteText) -> dict[str, Json]:
    """Return the content together with what the hash does not cover."""
    return {
        "edition": checklist.edition,
        "recipe": checklist.recipe,
        "title": write(checklist.title),
        "mode": checklist.mode,
        "hash": checklist.hash,
        "minutes": checklist.minutes,
        "item_count": checklist.item_count,
        **content(checklist, write),
        "left_out": [{"code": clause.code, "reason": clause.reason} for clause in checklist.left_out],
    }


def _every_rendering(text: Text) -> Json:
    """Return a text as its own words, or with its renderings as `[own, [language, words, origin], …]`."""
    if not text.renderings:
        return text.own
    return [text.own, *([one.language, one.text, one.origin] for one in text.renderings)]


def _read(member: Member) -> Checklist:
    scale = member["scale"]
    return Checklist(
        edition=member["edition"].text(),
        recipe=member["recipe"].text(),
        title=_text(member["title"]),
        mode=member["mode"].choice(Mode),
        language=member["language"].text(),
        roles=tuple(StaffRole(role["code"].text(), _text(role["name"])) for role in member["staff_roles"]),
        sections=tuple(_section(section) for section in member["sections"]),
        left_out=tuple(
            LeftOutClause(one["code"].text(), one["reason"].choice(LeavingOut)) for one in member["left_out"]
        ),
        minutes=member["minutes"].number(),
        minutes_on_site=member["minutes_on_site"].number(),
        waiting_minutes=member["waiting_minutes"].number(),
        veto_cap=member["veto_cap"].number(),
        deductions=tuple(
            DeductionRule(rule["code"].text(), _text(rule["name"]), rule["points"].number())
            for rule in member["deductions"]
        ),
        scale=Scale(partly=scale["partly"].exact(), changed=scale["changed"].exact()),
        hash=member["hash"].text(),
    )


def _section(member: Member) -> Section:
    return Section(
        code=member["code"].text(),
        flow=member["flow"].text(),
        flow_name=_text(member["flow_name"]),
        flow_weight=member["flow_weight"].exact(),
        situation=member["situation"].number(),
        name=_text(member["name"]),
        situation_weight=member["situation_weight"].exact(),
        cue=_text(member["cue"]),
        instruction=_text(member["instruction"]),
        occasion=member["occasion"].choice(Occasion),
        lead=member["lead"].text(),
        roles=tuple(role.text() for role in member["roles"]),
        items=tuple(_item(item) for item in member["items"]),
        provenance=member["provenance"].choice(Provenance),
        standing=member["standing"].claim(),
        needs_account=member["needs_account"].claim(),
        key_points=_texts(member["key_points"]),
    )


def _item(member: Member) -> Item:
    veto, counted, guidance = member["veto"], member["counted"], member["guidance"]
    return Item(
        code=member["code"].text(),
        kind=member["kind"].choice(Kind),
        question=_text(member["question"]),
        standard=_text(member["standard"]),
        provenance=member["provenance"].choice(Provenance),
        weight=member["weight"].exact(),
        veto=None if veto.is_absent else veto.choice(VetoScope),
        counted=None if counted.is_absent else counted.choice(CountRule),
        wordings=_texts(member["wordings"]),
        elements=_texts(member["elements"]),
        guidance=None if guidance.is_absent else _text(guidance),
        shortfalls=_texts(member["shortfalls"]),
    )


def _texts(member: Member) -> tuple[Text, ...]:
    return tuple(_text(text) for text in member)


def _text(member: Member) -> Text:
    if isinstance(member.value, str):
        return Text(member.value)
    parts = tuple(member)
    if not parts:
        raise member.wrong("a text, or a list of its renderings")
    return Text(parts[0].text(), tuple(_rendering(part) for part in parts[1:]))


def _rendering(member: Member) -> Rendering:
    parts = tuple(member)
    if len(parts) != 3:
        raise member.wrong("language, words and origin")
    return Rendering(parts[0].text(), parts[1].text(), parts[2].choice(Origin))
