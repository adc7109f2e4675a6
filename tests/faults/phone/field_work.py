"""What head office prepares for a history, a wave with one visit, and what an inspector fills in."""

import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from inspect_app.db import Database, transaction
from inspect_app.models.waves import WaveState
from inspect_app.queries.visits import visit_of_inspector, visits_of_wave
from inspect_app.queries.waves import wave_with_id
from inspect_app.services.journal import Actor
from inspect_app.services.visit_tokens import Claim, issue, sign
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, close_wave, open_wave, plan_wave
from tests.faults.phone.server import SECRET
from tests.inspect_app.made_up_bank import Bank, fill

PICTURE = (48, 36)
"""How large the photos are, in pixels: what is in them is of no concern here."""

MOST_DIFFERENCE = 25
"""By how much a picture that was written anew differs from itself, of 255; two of noise do by about 85."""

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit to branch 0101 by one of the bank's inspectors, in a wave of its own."""

    wave_id: uuid.UUID
    visit_id: uuid.UUID
    bank: Bank
    inspector: str

    def token(self, session: Session) -> str:
        """Return what the phone gets when its owner signs in."""
        inspector = self.bank.user(self.inspector)
        visit = visit_of_inspector(session, inspector, self.visit_id)
        return issue(session, visit, inspector, SECRET, now=datetime.now(UTC))

    def expired_token(self) -> str:
        """Return what the phone got so long ago that it is not good any more."""
        inspector = self.bank.user(self.inspector)
        return sign(
            Claim(self.visit_id, inspector.id, None, datetime.now(UTC) - timedelta(minutes=1)), SECRET
        )


@dataclass(frozen=True, slots=True)
class TakenPhoto:
    """A photo as the phone took it: the question it belongs to, and its file."""

    question: str
    file: Path


def plan_visit(database: Database, bank: Bank, name: str, inspector: str) -> PlannedVisit:
    """Plan a wave with one visit, open it and give the visit to an inspector."""
    today = date.today()  # noqa: DTZ011 - a day of this machine: the wave only has to be running
    plan = WavePlan(
        code=name,
        name=f"历史 {name}",
        mode=bank.checklist.mode,
        opens_on=today - timedelta(days=7),
        closes_on=today + timedelta(days=30),
        checklists=(bank.checklist.hash,),
        branches=("0101",),
    )
    now = datetime.now(UTC)
    with transaction(database) as session:
        administrator = Actor.user(bank.user("administrator"))
        wave = open_wave(session, administrator, plan_wave(session, administrator, plan, now=now), now=now)
        (visit,) = visits_of_wave(session, wave)
        assign_visit(session, administrator, visit, bank.user(inspector), now=now)
        return PlannedVisit(wave.id, visit.id, bank, inspector)


def end_field_work(database: Database, planned: PlannedVisit) -> None:
    """Close the wave, whoever is still on the way."""
    with transaction(database) as session:
        wave = wave_with_id(session, planned.wave_id)
        if wave.state is WaveState.OPEN:
            close_wave(session, Actor.user(planned.bank.user("administrator")), wave, now=datetime.now(UTC))


def answers_for(checklist: Checklist, seed: int) -> Mapping[str, Value]:
    """Return a complete filling, without what is empty: the same seed gives the same answers."""
    return {
        name: value if isinstance(value, str) else list(value)
        for name, value in fill(checklist, seed)
        if value
    }


def take_photos(
    checklist: Checklist, answers: Mapping[str, Value], seed: int, count: int, folder: Path
) -> list[TakenPhoto]:
    """Take photos of situations that occurred, each another picture."""
    chance = random.Random(seed)  # noqa: S311 - a seed must give the same pictures
    places = [
        item.code
        for section in checklist.sections
        if section.standing or answers.get(f"{section.code}.gate") == "occurred"
        for item in section.items
        if answers.get(item.code) != "left_out"
    ]
    photos = []
    for number in range(count if places else 0):
        file = folder / f"photo{number}.jpg"
        file.write_bytes(picture(chance))
        photos.append(TakenPhoto(chance.choice(places), file))
    return photos


def picture(chance: random.Random) -> bytes:
    """Return a small JPEG that no other is like."""
    width, height = PICTURE
    pixels = Image.frombytes("RGB", PICTURE, chance.randbytes(width * height * 3))
    written = BytesIO()
    pixels.save(written, "JPEG", quality=60)
    return written.getvalue()


def is_same_picture(one: bytes, other: bytes) -> bool:
    """Say whether two JPEGs show the same, however often they were written anew."""
    with Image.open(BytesIO(one)) as first, Image.open(BytesIO(other)) as second:
        if first.size != second.size:
            return False
        difference = ImageStat.Stat(ImageChops.difference(first.convert("RGB"), second.convert("RGB")))
    return sum(difference.mean) / len(difference.mean) < MOST_DIFFERENCE


def frozen_body(
    visit_id: uuid.UUID, checklist: str, answers: Mapping[str, Value], seed: int
) -> tuple[str, bytes]:
    """Return a submission and its bytes as a phone sends them, without photos; a seed gives the same."""
    chance = random.Random(f"{visit_id} {seed}")  # noqa: S311 - a seed must give the same ids
    inspection, submission = (str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(2))
    body = {
        "v": 1,
        "visit": str(visit_id),
        "inspection": inspection,
        "submission": submission,
        "checklist": checklist,
        "fields": [[name, value, None] for name, value in sorted(answers.items())],
        "photos": [],
        "marks": [],
        "phone_time": 0,
        "zone": "Asia/Shanghai",
        "left_at": None,
        "app": "histories",
    }
    return submission, json.dumps(body, ensure_ascii=False).encode()
