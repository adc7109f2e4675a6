"""Every address that changes what has a life: from where it is done, and in which states it is refused."""

from collections.abc import Callable, Mapping

from inspect_app.models.appeals import AppealState
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import WaveState
from inspect_app.services.choosing import UNDECIDED
from inspect_app.services.drafts import FILLABLE
from tests.inspect_app.made_up_bank import Bank, body_of, fill
from tests.inspect_app.web.branch.test_answering import filled
from tests.inspect_app.web.lives import (
    Move,
    answered,
    appeal_at,
    deficiency_at,
    disputed,
    ended,
    filled_twice,
    item_at,
    leading_to,
    next_wave,
    own_appeal,
    own_deficiency,
    own_visit,
    own_wave,
    recorded_twice,
    shown,
    upload_at,
    uploaded,
)
from tests.inspect_app.web.test_journal_rows import DEEDS, Deed, Fields

REASON = "对过录像"


def screen(bank: Bank) -> Fields:
    """Return the fields of the first screen, filled in."""
    names = {item.code for item in bank.checklist.sections[0].items} | {bank.checklist.sections[0].code}
    every = fill(bank.checklist, 9)
    return {name: value for name, value in every if name.split(".")[0] in names or name in names}


def other_record(bank: Bank) -> str:
    """Return the address that lets the second recording count."""
    inspection = body_of(bank, "0101", seed=77).inspection_id
    return f"/office/visits/{bank.visits['0101']}/records/{inspection}/count"


def verifying(how: str) -> Callable[[Bank], Fields]:
    """Return the fields with which an answer is decided on."""

    def fields(bank: Bank) -> Fields:
        row = deficiency_at(bank)
        reason = "" if how == "accept" else REASON
        return {f"seen.{row.id}": row.version, "chosen": str(row.id), "do": how, "reason": reason}

    return fields


def pleading(bank: Bank) -> Fields:
    """Return the fields of an appeal."""
    row = deficiency_at(bank)
    words = "当天有签到和值班表"
    return {
        f"seen.{row.id}": row.version,
        "item": str(row.id),
        "ground": "not_so",
        "words": words,
        "do": "file",
    }


def deciding(bank: Bank) -> Fields:
    """Return the fields of a decision on the disputed item."""
    item = item_at(bank)
    return {
        f"seen.{item.id}": item.version,
        f"outcome.{item.id}": "upheld",
        f"reason.{item.id}": REASON,
        f"finding.{item.id}": "careless",
    }


def answer_of(bank: Bank) -> str:
    """Return the address at which an answer is decided on."""
    return f"/mending/answers/{deficiency_at(bank).id}"


def appeal_step(door: str, step: str) -> Callable[[Bank], str]:
    """Return what makes the address of a step of the appeal."""
    return lambda bank: f"/{door}/appeals/{appeal_at(bank).id}/{step}"


BY_ENDPOINT: Mapping[str, Deed] = {deed.endpoint: deed for deed in DEEDS}

WAVES = tuple(
    Move(BY_ENDPOINT[endpoint], subject, leading_to(wanted))
    for endpoint, subject, wanted in (
        ("office.open_wave", next_wave, WaveState.OPEN),
        ("office.close_wave", own_wave, WaveState.CLOSED),
        ("office.disclose_wave", own_wave, WaveState.DISCLOSED),
        ("office.publish_wave", own_wave, WaveState.PUBLISHED),
    )
)
VISITS = (
    *(
        Move(BY_ENDPOINT[endpoint], own_visit, leading_to(wanted))
        for endpoint, wanted in (
            ("office.assign_visit", VisitState.ASSIGNED),
            ("office.cancel_visit", VisitState.CANCELLED),
            ("office.void_visit", VisitState.VOIDED),
            ("office.begin_review", VisitState.IN_REVIEW),
            ("office.approve", VisitState.APPROVED),
            ("office.return_to_inspector", VisitState.RETURNED),
            ("office.set_aside", VisitState.SET_ASIDE),
            ("inspector.stop", VisitState.CANCELLED),
        )
    ),
    Move(BY_ENDPOINT["office.take_in_visit"], own_visit, frozenset({VisitState.APPROVED})),
    Move(
        BY_ENDPOINT["office.correct_visit"],
        own_visit,
        frozenset({VisitState.DISCLOSED, VisitState.PUBLISHED}),
    ),
    Move(
        Deed(
            "inspector.save_screen",
            "inspector",
            lambda bank: f"/m/v/{bank.visits['0101']}/{bank.checklist.sections[0].code}",
            ("begin_inspection",),
            fields=screen,
        ),
        own_visit,
        frozenset(FILLABLE),
    ),
    Move(
        Deed(
            "inspector.undo", "inspector", lambda bank: f"/m/v/{bank.visits['0101']}/undo", (), filled_twice
        ),
        own_visit,
        frozenset(FILLABLE),
    ),
    Move(
        Deed(
            "office.count_record",
            "reviewer",
            other_record,
            ("count_inspection",),
            recorded_twice,
            lambda _bank: {"reason": REASON},
        ),
        own_visit,
        frozenset(UNDECIDED),
    ),
)
ANSWER = Deed(
    "branch.answer",
    "branch0101",
    lambda bank: f"/branch/deficiencies/{deficiency_at(bank).id}/answer",
    ("answer_deficiency",),
    shown,
    lambda bank: filled(deficiency_at(bank)),
)
APPEAL = Deed(
    "branch.file_appeal",
    "branch0101",
    lambda bank: f"/branch/visits/{bank.visits['0101']}/appeal",
    ("file_appeal", "dispute_deficiency"),
    shown,
    pleading,
)
DEFICIENCIES = (
    Move(ANSWER, own_deficiency, leading_to(DeficiencyState.ANSWERED)),
    Move(APPEAL, own_deficiency, leading_to(DeficiencyState.DISPUTED)),
    *(
        Move(
            Deed(endpoint, "region01", address, (), answered, verifying(how)),
            own_deficiency,
            frozenset({DeficiencyState.ANSWERED}),
        )
        for endpoint, address in (
            ("region.decide_answer", answer_of),
            ("region.decide_answers", lambda _bank: "/mending/answers"),
        )
        for how in ("accept", "send_back")
    ),
    *(
        Move(
            Deed(endpoint, username, upload_at(folder), (), uploaded(username), lambda _bank: {"seen": "1"}),
            own_deficiency,
            leading_to(DeficiencyState.ANSWERED),
        )
        for endpoint, username, folder in (
            ("branch.take_in_answers", "branch0101", "/branch"),
            ("region.take_in_answers", "region01", "/mending"),
        )
    ),
)
APPEALS = (
    Move(
        Deed(
            "branch.withdraw_appeal",
            "branch0101",
            appeal_step("branch", "withdraw"),
            (),
            disputed,
            lambda bank: {"seen": appeal_at(bank).version},
        ),
        own_appeal,
        leading_to(AppealState.WITHDRAWN),
    ),
    Move(
        Deed("office.decide_appeal", "reviewer2", appeal_step("office", "decide"), (), disputed, deciding),
        own_appeal,
        leading_to(AppealState.DECIDED),
    ),
    Move(
        Deed(
            "office.reopen_appeal",
            "administrator",
            appeal_step("office", "reopen"),
            (),
            ended,
            lambda bank: {
                "seen": appeal_at(bank).version,
                "item": str(item_at(bank).id),
                "reason": REASON,
            },
        ),
        own_appeal,
        leading_to(AppealState.REOPENED),
    ),
)
BY_WAVE = (
    Move(BY_ENDPOINT["office.assign_visit"], own_wave, frozenset({WaveState.OPEN})),
    Move(
        BY_ENDPOINT["office.correct_visit"], own_wave, frozenset({WaveState.DISCLOSED, WaveState.PUBLISHED})
    ),
    Move(APPEAL, own_wave, frozenset({WaveState.DISCLOSED})),
    Move(
        next(one.deed for one in APPEALS if one.deed.endpoint == "office.reopen_appeal"),
        own_wave,
        frozenset({WaveState.PUBLISHED}),
    ),
)
"""What depends on the state of the wave, too."""

MOVES = (*WAVES, *VISITS, *DEFICIENCIES, *APPEALS, *BY_WAVE)

ELSEWHERE: Mapping[str, str] = {
    "inspector.send": "what was made is kept, whatever has become of its visit",
    "inspector.add_photos": "saves through the same form as `inspector.save_screen`",
    "inspector.remove_photo": "saves through the same form as `inspector.save_screen`",
    "office.take_in_list": "a list that was taken in is gone: `tests/inspect_app/web/office/test_lists.py`",
    "office.preview_correction": "changes nothing",
    "office.preview_decision": "changes nothing",
}
"""Addresses about visits, deficiencies and appeals that are no move, and why."""
