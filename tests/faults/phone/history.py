"""One history of a phone, from its first tap to its receipt: R0 is held after every crash and at the end."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.phone.circumstances import CALM_FROM, Circumstances
from tests.faults.phone.faults import Chooser, CrashPoint, Fault, Injection, RandomFaults
from tests.faults.phone.field_work import (
    PlannedVisit,
    TakenPhoto,
    Value,
    answers_for,
    end_field_work,
    plan_visit,
    take_photos,
)
from tests.faults.phone.ground import Ground, patiently
from tests.faults.phone.messages import Request
from tests.faults.phone.phone import Ending, Phone
from tests.faults.phone.proxy import FaultProxy
from tests.faults.phone.witness import Witness

PHOTOS = 2


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
        self.planned = plan_history(ground, circumstances.seed)
        self.witness = Witness(ground, self.planned)
        checklist, seed = ground.bank.checklist, circumstances.seed
        self.answers: Mapping[str, Value] = answers_for(checklist, seed)
        self.photos: Sequence[TakenPhoto] = take_photos(checklist, self.answers, seed, PHOTOS, folder)
        self.phone = Phone(folder, str(self.planned.visit_id), checklist.hash, self.answers, self.photos)

    async def run(self) -> Told:
        """Let it happen, and return what did."""
        witness, told = self.witness, self.told
        proxy = FaultProxy(
            self.ground.served.address, self.chooser, self._look, witness.note_sent, witness.note_answer
        )
        port = await proxy.start()
        self.ground.lookers.add(witness.look)
        try:
            ending = await self._live(f"http://127.0.0.1:{port}")
        finally:
            self.ground.lookers.discard(witness.look)
            await proxy.stop()
        await asyncio.to_thread(self._conclude, ending)
        told.faults, told.looks, told.violations = proxy.counts, witness.looks, witness.violations
        if not told.violations:
            self.phone.throw_away()
        return told

    async def _live(self, url: str) -> Ending:
        await self._sign_in(is_good=not self.circumstances.is_expired)
        meddling = [asyncio.create_task(self._close_wave()), asyncio.create_task(self._sign_in_when_asked())]
        ending = Ending.KILLED
        try:
            for number in range(1, self.circumstances.most_lives + 1):
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

    async def _look(self, _request: Request, injection: Injection) -> None:
        if injection.point:
            self.told.crashes[injection.point] += 1
        await asyncio.to_thread(self.witness.look)

    def _conclude(self, ending: Ending) -> None:
        violations = self.witness.violations
        if ending is not Ending.ARRIVED:
            waiting = "nothing"
            with suppress(FileNotFoundError):
                waiting = str(self.phone.kept().waiting)
            violations.append(f"the phone: {ending}; waiting: {waiting}; {self.phone.said}")
            self.witness.look()
            return
        kept = self.phone.kept()
        if kept.waiting or kept.answers or kept.photos:
            violations.append(f"the phone still holds {kept}")
        self.witness.conclude(kept.receipts, self.answers, [photo.file.read_bytes() for photo in self.photos])
        if self.circumstances.closes_after is None and self.witness.is_late():
            violations.append("late in an open wave")


def plan_history(ground: Ground, seed: int, inspector: str = "inspector") -> PlannedVisit:
    """Plan a wave with one visit for a history."""

    def plan() -> PlannedVisit:
        # Under a name of its own each time: a commit that nobody was told about may have been made.
        return plan_visit(ground.database, ground.bank, f"H{seed}-{uuid.uuid4().hex[:6]}", inspector)

    return patiently(plan)
