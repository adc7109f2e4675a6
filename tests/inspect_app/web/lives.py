"""The lives of a wave, a visit, a deficiency and an appeal: what is done in them, and how far they are."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checklists.scoring import Gate
from inspect_app.db import reading, transaction
from inspect_app.importers.answers import AnswerRead
from inspect_app.models.answer_uploads import AnswerUpload
from inspect_app.models.appeals import Appeal, AppealItem, AppealState, Ground
from inspect_app.models.corrective_actions import Cause, Measure
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.visits import SettingAside, Visit, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.shortcomings import shortcomings
from inspect_app.queries.visits import visit_of_inspector
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import rankings
from inspect_app.services.answer_uploads import keep_upload
from inspect_app.services.appeals import AppealPlan, file_appeal
from inspect_app.services.corrective_actions import ActionPlan, send_action
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from inspect_app.workflow import State, can_step
from reports.answers import Column
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, fill, send
from tests.inspect_app.web.office.bank_work import receive
from tests.inspect_app.web.test_journal_rows import Deed, closed

MOMENTS = ("opened_at", "closed_at", "disclosed_at", "published_at")
"""The moments of a wave, in the order of its states after the first."""


@dataclass(frozen=True, slots=True)
class Move:
    """A deed that can be done where it is prepared, and its subject's states in which it may be.

    Attributes:
        subject: the row whose state it is about: its table and its id.
        allowed: by the table of its life; or narrower, as its page says.
    """

    deed: Deed
    subject: Callable[[Bank], tuple[type[Wave | Visit | Deficiency | Appeal], uuid.UUID]]
    allowed: frozenset[State]

    @property
    def forbidden(self) -> tuple[State, ...]:
        """The states in which it is refused."""
        return tuple(one for one in type(next(iter(self.allowed))) if one not in self.allowed)


def leading_to(wanted: State) -> frozenset[State]:
    """Return the states from which the table of a life leads to one of them."""
    return frozenset(one for one in type(wanted) if can_step(one, wanted))


def force(bank: Bank, move: Move, state: State) -> None:
    """Put the subject of a move into a state and change nothing else: its version stays what a form knows."""
    table, row_id = move.subject(bank)
    values: dict[str, object] = {"state": state}
    if isinstance(state, VisitState):
        values["setting_aside"] = SettingAside.OTHER if state is VisitState.SET_ASIDE else None
    elif isinstance(state, WaveState):
        passed = list(WaveState).index(state)
        values |= {name: NOW if place < passed else None for place, name in enumerate(MOMENTS)}
    elif isinstance(state, AppealState):
        values |= {"closing_reason": "超过时限", "reopening_reason": "重审"}
    with transaction(bank.database) as session:
        session.execute(update(table).where(table.id == row_id).values(values))


def own_visit(bank: Bank) -> tuple[type[Visit], uuid.UUID]:
    """Return the visit to branch 0101."""
    return Visit, bank.visits["0101"]


def own_wave(bank: Bank) -> tuple[type[Wave], uuid.UUID]:
    """Return the bank's wave."""
    return Wave, bank.wave_id


def next_wave(bank: Bank) -> tuple[type[Wave], uuid.UUID]:
    """Return the wave that was planned after the bank's."""
    with reading(bank.database) as session:
        return Wave, session.scalars(select(Wave.id).where(Wave.id != bank.wave_id)).one()


def own_deficiency(bank: Bank) -> tuple[type[Deficiency], uuid.UUID]:
    """Return the deficiency that the moves are about."""
    return Deficiency, deficiency_at(bank).id


def own_appeal(bank: Bank) -> tuple[type[Appeal], uuid.UUID]:
    """Return the only appeal."""
    return Appeal, appeal_at(bank).id


def deficiency_at(bank: Bank) -> Deficiency:
    """Return the first deficiency of branch 0101 where somebody acted, as it is now."""
    with reading(bank.database) as session:
        found = shortcomings(session, Deficiency.visit_id == bank.visits["0101"])
        first = next(one.deficiency_id for one in found if one.gate is Gate.OCCURRED)
        return session.scalars(select(Deficiency).where(Deficiency.id == first)).one()


def appeal_at(bank: Bank) -> Appeal:
    """Return the only appeal, as it is now."""
    with reading(bank.database) as session:
        return session.scalars(select(Appeal)).one()


def item_at(bank: Bank) -> AppealItem:
    """Return the only disputed item, as it is now."""
    with reading(bank.database) as session:
        return session.scalars(select(AppealItem)).one()


def shown(bank: Bank) -> None:
    """Show the wave to its branches, for as many days as is usual."""
    closed(bank)
    with transaction(bank.database) as session:
        wave = wave_with_id(session, bank.wave_id)
        wave.disclosure_days = 5
        disclose_wave(session, Actor.system(), wave, now=utc_now())


def answered(bank: Bank) -> None:
    """Let branch 0101 answer its deficiency."""
    shown(bank)
    with transaction(bank.database) as session:
        row = _row(session, bank)
        plan = ActionPlan(Cause.FORGOTTEN, Measure.TRAINING, "晨会演练", "lobby_manager", utc_now().date())
        manager = Actor.user(bank.user("branch0101"))
        send_action(session, manager, [row], plan, {row.id: row.version}, now=utc_now())


def disputed(bank: Bank) -> None:
    """Let branch 0101 dispute its deficiency."""
    shown(bank)
    with transaction(bank.database) as session:
        row = _row(session, bank)
        manager = Actor.user(bank.user("branch0101"))
        plan = AppealPlan(Ground.NOT_SO, "有签到表")
        file_appeal(session, manager, [row], plan, {row.id: row.version}, now=utc_now())


def ended(bank: Bank) -> None:
    """Publish the wave and close the appeal with it."""
    disputed(bank)
    with transaction(bank.database) as session:
        wave = wave_with_id(session, bank.wave_id)
        wave.disclosure_days = 0
        closing = {appeal_at(bank).id: "超过时限"}
        rankings.publish_wave(session, Actor.system(), wave, now=utc_now(), closing=closing)


def uploaded(username: str) -> Callable[[Bank], None]:
    """Return what lets somebody hand in a workbook that answers the deficiency."""

    def upload(bank: Bank) -> None:
        shown(bank)
        row, user = deficiency_at(bank), bank.user(username)
        tomorrow = (utc_now() + timedelta(days=1)).date()
        places = {column: f"{letter}5" for letter, column in zip("BCDEFGHIJKLMNOPQR", Column, strict=True)}
        read = AnswerRead(
            5, row.id, row.version, Cause.FORGOTTEN, "", Measure.TRAINING, "晨会演练", "lobby_manager",
            tomorrow, places, (),
        )  # fmt: skip
        with transaction(bank.database) as session:
            keep_upload(session, user, "整改.xlsx", [read], now=utc_now())

    return upload


def upload_at(folder: str) -> Callable[[Bank], str]:
    """Return what makes the address of the only workbook that was handed in."""

    def address(bank: Bank) -> str:
        with reading(bank.database) as session:
            return f"{folder}/answer-book/{session.scalars(select(AnswerUpload.id)).one()}"

    return address


def filled_twice(bank: Bank) -> None:
    """Let an inspector fill in a form, and change something in it."""
    inspector = bank.inspector_of("0101")
    ids = uuid.uuid4(), uuid.uuid4()
    for seed in (1, 2):
        with transaction(bank.database) as session:
            visit = visit_of_inspector(session, inspector, bank.visits["0101"])
            save_draft(session, inspector, visit, Filling(*ids, fill(bank.checklist, seed)), now=utc_now())


def recorded_twice(bank: Bank) -> None:
    """Let two recordings of one visit come in."""
    receive(bank, "0101")
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=77))


def _row(session: Session, bank: Bank) -> Deficiency:
    return session.scalars(select(Deficiency).where(Deficiency.id == deficiency_at(bank).id)).one()
