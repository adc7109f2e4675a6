"""One history of a phone, from its first tap to its receipt: R0 is held after every crash and at the end."""

import asyncio
import hashlib
import json
import random
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.photos import Photo
from tests.faults.phone.checker import Known, check
from tests.faults.phone.circumstances import CALM_FROM, MOST_LIVES, Circumstances
from tests.faults.phone.faults import Chooser, CrashPoint, Fault, Injection, RandomFaults
from tests.faults.phone.field_work import (
    PlannedVisit,
    TakenPhoto,
    Value,
    answers_for,
    end_field_work,
    is_same_picture,
    plan_visit,
    take_photos,
)
from tests.faults.phone.ground import Ground, patiently
from tests.faults.phone.messages import Request
from tests.faults.phone.phone import Ending, Phone
from tests.faults.phone.proxy import Exchange, FaultProxy
from tests.faults.phone.replaying import replay

PHOTOS = 2
SUBMISSIONS = "/sync/v1/submissions/"


@dataclass(slots=True)
class Told:
    """What happened in a history.

    Attributes:
        violations: what of R0 did not hold, and what the phone missed.
        looks: how often R0 was checked.
    """

    seed: int
    violations: list[str] = field(default_factory=list)
    faults: Counter[Fault] = field(default_factory=Counter)
    crashes: Counter[CrashPoint] = field(default_factory=Counter)
    lives: int = 0
    kills: int = 0
    looks: int = 0
    sign_ins: int = 0


class History:
    """One phone on one visit of a wave of its own."""

    def __init__(
        self, ground: Ground, circumstances: Circumstances, folder: Path, chooser: Chooser | None = None
    ) -> None:
        """Prepare it; the folder is its own. Without a chooser, faults come by chance."""
        self.ground, self.circumstances = ground, circumstances
        self.chance = random.Random(circumstances.seed)  # noqa: S311 - a seed must give the same history again
        self.told = Told(circumstances.seed)
        self.chooser = chooser or RandomFaults(circumstances.seed, circumstances.rate)
        folder.mkdir(parents=True)
        name = f"H{circumstances.seed}-{uuid.uuid4().hex[:6]}"
        self.planned: PlannedVisit = patiently(lambda: plan_visit(ground.database, ground.bank, name))
        self.known = Known(self.planned.visit_id)
        checklist, seed = ground.bank.checklist, circumstances.seed
        self.answers: Mapping[str, Value] = answers_for(checklist, seed)
        self.photos: Sequence[TakenPhoto] = take_photos(checklist, self.answers, seed, PHOTOS, folder)
        self.phone = Phone(folder, str(self.planned.visit_id), checklist.hash, self.answers, self.photos)

    async def run(self) -> Told:
        """Let it happen, and return what did."""
        proxy = FaultProxy(
            self.ground.served.address,
            self.chooser,
            self._look_after_crash,
            self._note_sent,
            self._note_answer,
        )
        port = await proxy.start()
        self.ground.lookers.add(self._look)
        try:
            ending = await self._live(f"http://127.0.0.1:{port}")
        finally:
            self.ground.lookers.discard(self._look)
            await proxy.stop()
            self.told.faults += proxy.counts
        await asyncio.to_thread(self._conclude, ending)
        if not self.told.violations:
            self.phone.throw_away()
        return self.told

    async def _live(self, url: str) -> Ending:
        await self._sign_in(is_good=not self.circumstances.is_expired)
        meddling = [asyncio.create_task(self._close_wave()), asyncio.create_task(self._sign_in_when_asked())]
        ending = Ending.KILLED
        try:
            for number in range(1, MOST_LIVES + 1):
                if number >= CALM_FROM and isinstance(self.chooser, RandomFaults):
                    self.chooser.rate = 0
                self.told.lives += 1
                ending = await self.phone.live(url, self.circumstances.life(number, self.chance))
                self.told.kills += ending is Ending.KILLED
                if ending not in (Ending.KILLED, Ending.STILL_SENDING):
                    break
            await meddling[0]
        finally:
            for task in meddling:
                task.cancel()
            await asyncio.gather(*meddling, return_exceptions=True)
        return ending

    async def _close_wave(self) -> None:
        after = self.circumstances.closes_after
        if after is None:
            return
        await asyncio.sleep(after)
        await asyncio.to_thread(patiently, lambda: end_field_work(self.ground.database, self.planned))

    async def _sign_in_when_asked(self) -> None:
        while not self.phone.asks_to_sign_in:
            await asyncio.sleep(0.02)
        self.told.sign_ins += 1
        await self._sign_in(is_good=True)

    async def _sign_in(self, *, is_good: bool) -> None:
        if is_good:
            self.phone.give_token(await asyncio.to_thread(self.ground.ask, self.planned.token))
        else:
            self.phone.give_token(self.planned.expired_token())

    def _note_sent(self, request: Request) -> None:
        if request.path.startswith(SUBMISSIONS):
            self.known.note_sent(request.path.removeprefix(SUBMISSIONS), request.body)

    def _note_answer(self, exchange: Exchange) -> None:
        if exchange.answer and exchange.answer.receipt and exchange.path.startswith(SUBMISSIONS):
            self.known.note_receipt(exchange.path.removeprefix(SUBMISSIONS), exchange.answer.receipt)

    async def _look_after_crash(self, _request: Request, injection: Injection) -> None:
        if injection.point:
            self.told.crashes[injection.point] += 1
        await asyncio.to_thread(self._look)

    def _look(self) -> None:
        """Hold the database against R0 as it is at this moment."""
        known = self.known.as_of_now()
        store = self.ground.served.store
        self.told.violations += self.ground.ask(lambda session: check(session, store, known))
        self.told.looks += 1

    def _conclude(self, ending: Ending) -> None:
        if ending is not Ending.ARRIVED:
            waiting = "nothing"
            with suppress(FileNotFoundError):
                waiting = str(self.phone.kept().waiting)
            self.told.violations.append(f"the phone: {ending}; waiting: {waiting}; {self.phone.said}")
            return
        self._look()
        kept = self.phone.kept()
        for submission, receipt in kept.receipts.items():
            self.known.note_receipt(submission, receipt)
        self._look()
        if len(kept.receipts) != 1 or kept.waiting or kept.answers or kept.photos:
            self.told.violations.append(f"the phone holds {kept}")
        self.told.violations += self.ground.ask(self._missing)
        self.told.violations += replay(self.ground, self.known, self.ground.ask(self.planned.token))

    def _missing(self, session: Session) -> list[str]:
        """Return what was filled in and is not on the server, and what is there otherwise than filled in."""
        faults = []
        for submission in session.scalars(
            select(Submission).where(Submission.visit_id == self.planned.visit_id)
        ):
            told = {name: value for name, value, _ in json.loads(submission.body)["fields"]}
            answers = {name: value for name, value in told.items() if not name.endswith(".photos")}
            names = {*answers, *self.answers}
            differing = sorted(name for name in names if answers.get(name) != self.answers.get(name))
            faults += [f"answers differ: {differing}"] if differing else []
            faults += self._missing_photos(session, submission)
        is_late = session.scalars(
            select(Inspection.is_late).where(Inspection.visit_id == self.planned.visit_id)
        ).all()
        if self.circumstances.closes_after is None and any(is_late):
            faults.append("late in an open wave")
        return faults

    def _missing_photos(self, session: Session, submission: Submission) -> list[str]:
        found = session.execute(
            select(Photo.sent_sha256, Photo.sha256).where(Photo.inspection_id == submission.inspection_id)
        )
        kept = {sent: sha256 or "" for sent, sha256 in found}
        faults = []
        for photo in self.photos:
            taken = photo.file.read_bytes()
            name = kept.pop(hashlib.sha256(taken).hexdigest(), None)
            if name is None:
                faults.append(f"{photo.file.name} is missing")
            elif not self._shows_the_same(name, taken):
                faults.append(f"{photo.file.name} is another photo on the server")
        return [*faults, *(f"photo {sent} was never taken" for sent in kept)]

    def _shows_the_same(self, name: str, taken: bytes) -> bool:
        try:
            return is_same_picture(taken, self.ground.served.store.read(name))
        except FileNotFoundError:
            return False
