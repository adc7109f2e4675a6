#!/usr/bin/env python3
"""Prepares an environment in `.venv` and runs a command in it: `python3 run.py demo`, `test` or any other.

Standard library only, and parsed even by Python 3.6, so that an old Python is told what is needed.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, Dict, Iterator, List, NamedTuple, NoReturn, Optional, Tuple

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

OLDEST, NEWEST = (3, 11), (3, 14)
"""The versions of Python that the product runs on, both included."""

ROOT = Path(__file__).absolute().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if sys.platform == "win32" else "bin")
SUFFIX = ".exe" if sys.platform == "win32" else ""
PYTHON = PROGRAMS / ("python" + SUFFIX)
PRODUCT = PROGRAMS / ("inspect-app" + SUFFIX)
STAMP = VENV / "prepared.txt"
LOCK = ROOT / ".run.lock"

USAGE = """\
python3 run.py demo              a made-up bank to look around in
python3 run.py test [ARGUMENTS]  all tests; the arguments are pytest's
python3 run.py COMMAND ...       the same as `inspect-app COMMAND ...`; --help names the commands

RUN_NO_APT=1 keeps root from installing what is missing with apt-get."""

NO_VENV = (
    "This Python cannot make virtual environments: install it with `sudo apt-get install python3-venv` "
    "(Debian, Ubuntu) and run the same command again."
)
NOT_INSTALLED = (
    "The packages could not be installed (see above). Nothing else was changed; run the same command again. "
    "Behind a company's mirror or certificate, name them in pip.conf."
)


class Part(NamedTuple):
    """A real program that some tests use; without it they say the sentence."""

    programs: Tuple[str, ...]
    debian: Tuple[str, ...]
    sentence: str

    def find(self) -> "Optional[str]":
        """Return the path of the first of its programs that is here."""
        for program in self.programs:
            place = shutil.which(program)
            if place:
                return place
        return None


BROWSER = Part(
    programs=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge"),
    debian=("chromium",),
    sentence="No browser: install Chromium or Chrome "
    "(Debian: `sudo apt-get install chromium fonts-noto-cjk`; else `python -m playwright install chromium`).",
)
OFFICE = Part(
    programs=("soffice", "libreoffice"),
    debian=("libreoffice-calc-nogui",),
    sentence="No LibreOffice: workbooks are only read back "
    "(Debian: `sudo apt-get install libreoffice-calc-nogui`).",
)
PICTURES = Part(
    programs=("pdftoppm",),
    debian=("poppler-utils",),
    sentence="No pdftoppm: printed pages are not looked at (Debian: `sudo apt-get install poppler-utils`).",
)
FONT = Part(
    programs=(),
    debian=("fonts-noto-cjk",),
    sentence="No Chinese font: pictures of pages show boxes (Debian: `sudo apt-get install fonts-noto-cjk`).",
)
POOLER = Part(
    programs=("pgbouncer",),
    debian=("pgbouncer",),
    sentence="No pgbouncer: PostgreSQL is tested without one (Debian: `sudo apt-get install pgbouncer`).",
)
WEBKIT = Part(
    programs=("WebKitWebDriver",),
    debian=("webkit2gtk-driver", "xvfb", "xauth"),
    sentence="No WebKit: the phone is tried in Chromium only "
    "(Debian: `sudo apt-get install webkit2gtk-driver xvfb xauth`).",
)
SCREEN = Part(
    programs=("Xvfb",),
    debian=("xvfb", "xauth"),
    sentence="No Xvfb: WebKit has no screen to draw on (Debian: `sudo apt-get install xvfb xauth`).",
)
PARTS = (BROWSER, OFFICE, PICTURES, FONT, POOLER, WEBKIT, SCREEN)


def main() -> None:
    """Prepare the environment and become the command."""
    if len(sys.argv) < 2:
        say(USAGE)
        sys.exit(2)
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "test":
        prepare("test")
        obtain_parts()
        os.chdir(str(ROOT))
        become([str(PYTHON), "-m", "pytest", *arguments])
    prepare("run")
    become([str(PRODUCT), command, *arguments])


def prepare(purpose: str) -> None:
    """Make sure that the locked packages of a purpose, `run` or `test`, are installed; else stop."""
    if is_prepared(purpose):
        return
    try:
        with one_at_a_time():
            if not is_prepared(purpose):
                install(purpose, fitting_python())
    except OSError as error:
        stop("%s cannot be written: %s." % (ROOT, error.strerror or error))


def is_prepared(purpose: str) -> bool:
    """Say whether the last complete installation was for this purpose, these locks and this place."""
    return PYTHON.exists() and ("%s %s" % (purpose, wanted(purpose))) in stamped()


def stamped() -> List[str]:
    """Return the lines of the stamp: place and Python, then what is installed."""
    try:
        return STAMP.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def wanted(purpose: str) -> str:
    """Return the digest of all that decides what is installed for a purpose."""
    digest = hashlib.sha256(place_and_python().encode("utf-8", "surrogateescape"))
    for place in (ROOT / "requirements" / (purpose + ".txt"), ROOT / "pyproject.toml"):
        digest.update(place.read_bytes())
    return digest.hexdigest()


def place_and_python() -> str:
    """Return where `.venv` is and what Python it stands on: one of another place or Python is of no use."""
    return "%s on %s" % (VENV, os.path.realpath(str(PYTHON)))


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other start installs here; the system frees the lock even after a kill."""
    with LOCK.open("a+b") as lock:
        wait_for(lock)
        yield


def wait_for(lock: IO[bytes]) -> None:
    """Take the lock, however long another start keeps it."""
    if sys.platform == "win32":
        lock.seek(0)
        while True:
            with contextlib.suppress(OSError):  # Windows gives up after ten seconds.
                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
                return
    else:
        fcntl.flock(lock, fcntl.LOCK_EX)


def install(purpose: str, python: str) -> None:
    """Install the locked packages and the product into `.venv`, made anew where it is not sound."""
    pip = pip_of_sound_venv(python) or make_venv(python)
    say("Installing the locked packages (%s) ..." % purpose)
    with contextlib.suppress(FileNotFoundError):
        STAMP.unlink()
    requirements = ["--require-hashes", "--only-binary", ":all:", "-r", "requirements/%s.txt" % purpose]
    product = ["--no-deps", "--no-build-isolation", "-e", "."]
    for arguments in (requirements, product):
        if loudly([*pip, "install", "--quiet", *arguments], PIP_USER="0", PIP_NO_INPUT="1"):
            stop(NOT_INSTALLED)
    purposes = ("run", "test") if purpose == "test" else ("run",)
    lines = [place_and_python(), *("%s %s" % (each, wanted(each)) for each in purposes)]
    STAMP.write_text("\n".join(lines) + "\n", encoding="utf-8")


def pip_of_sound_venv(python: str) -> "Optional[List[str]]":
    """Return the pip for a `.venv` that runs, fits and was made here; None where it must be made anew."""
    is_foreign = stamped()[:1] not in ([], [place_and_python()])
    if is_foreign or not fits(str(PYTHON)):
        return None
    return pip_for_venv(python)


def pip_for_venv(python: str) -> "Optional[List[str]]":
    """Return the command of a pip that installs into `.venv`: its own, or that of `python`."""
    for pip in ([str(PYTHON), "-m", "pip"], [python, "-m", "pip", "--python", str(PYTHON)]):
        if silently([*pip, "--version"]):
            return pip
    return None


def make_venv(python: str) -> List[str]:
    """Make `.venv` by the first way that works here, and return the command of its pip."""
    for make in (by_venv, by_bare_venv, by_uv, by_apt):
        shutil.rmtree(str(VENV), ignore_errors=True)
        pip = pip_for_venv(python) if make(python) else None
        if pip:
            return pip
    shutil.rmtree(str(VENV), ignore_errors=True)
    return stop(NO_VENV)


def by_venv(python: str) -> bool:
    """Make it as every complete Python does."""
    return silently([python, "-m", "venv", str(VENV)])


def by_bare_venv(python: str) -> bool:
    """Make it without pip, as a Debian without python3-venv can; the system's own pip then serves it."""
    return silently([python, "-m", "venv", "--without-pip", str(VENV)])


def by_uv(python: str) -> bool:
    """Make it with uv, where that is here."""
    make = ["uv", "venv", "--quiet", "--seed", "--python", python, str(VENV)]
    return bool(shutil.which("uv")) and silently(make, UV_SYSTEM_CERTS="1")


def by_apt(python: str) -> bool:
    """Install Debian's python3-venv as root, then make it."""
    return may_use_apt() and apt_installs(("python3-venv",)) and by_venv(python)


def fitting_python() -> str:
    """Return the Python to use: the one that runs this, else the newest on PATH that fits; else stop."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        # Started from inside a virtual environment, perhaps the very one to be replaced.
        return str(getattr(sys, "_base_executable", None) or sys.executable)
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found and fits(found):
            return found
    return stop(
        "This needs Python %d.%d to %d.%d; python3 here is %d.%d." % (OLDEST + NEWEST + sys.version_info[:2])
    )


def fits(python: str) -> bool:
    """Say whether a Python starts and is of a version that the product runs on."""
    question = "import sys; sys.exit(not %s <= sys.version_info[:2] <= %s)" % (OLDEST, NEWEST)
    return silently([python, "-c", question])


def obtain_parts() -> None:
    """Install, as root on Debian, the programs that tests use; say one sentence for each that is missing."""
    missing = [part for part in PARTS if not is_here(part)]
    if missing and may_use_apt():
        apt_installs(tuple(sorted({package for part in missing for package in part.debian})))
    for part in missing:
        if not is_here(part):
            say(part.sentence)


def is_here(part: Part) -> bool:
    """Say whether tests can use a part."""
    return has_chinese_font() if part is FONT else part.find() is not None


def has_chinese_font() -> bool:
    """Say whether some installed font writes Chinese; only systems with fontconfig are asked."""
    asked = shutil.which("fc-list")
    return not asked or bool(subprocess.check_output([asked, ":lang=zh", "file"]))


def may_use_apt() -> bool:
    """Say whether this is root on a system with apt-get, and nobody has forbidden it."""
    if sys.platform == "win32" or os.environ.get("RUN_NO_APT"):
        return False
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def apt_installs(packages: "Tuple[str, ...]") -> bool:
    """Install packages of Debian; say whether it went well."""
    say("Installing with apt-get: %s ..." % ", ".join(packages))
    quietly = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    loudly(["apt-get", "update", *quietly], DEBIAN_FRONTEND="noninteractive")
    install_them = ["apt-get", "install", "-y", "--no-install-recommends", *quietly, *packages]
    return loudly(install_them, DEBIAN_FRONTEND="noninteractive") == 0


def silently(command: List[str], **more: str) -> bool:
    """Run a command without a sound; say whether it went well."""
    try:
        return (
            subprocess.call(
                command, env=environment(more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            == 0
        )
    except OSError:
        return False


def loudly(command: List[str], **more: str) -> int:
    """Run a command that reports on stderr, so that stdout stays the product's; return its status."""
    return subprocess.call(command, env=environment(more), cwd=str(ROOT), stdout=2)


def environment(more: Dict[str, str]) -> Dict[str, str]:
    """Return this environment with more in it."""
    return dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", **more)


def become(command: List[str]) -> NoReturn:
    """Run a command in place of this program; where a system cannot do that, wait for it and end alike."""
    if sys.platform == "win32":
        with contextlib.suppress(KeyboardInterrupt):
            sys.exit(subprocess.call(command))
        sys.exit(130)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def say(text: str) -> None:
    """Tell the user something, on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(sentence: str) -> NoReturn:
    """Say why it cannot be done, and end."""
    say(sentence)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
