"""`inspect-app people`: the first administrator of a fresh installation, and links for those shut out."""

from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_app.db import open_database, reading, transaction
from inspect_app.models.accounts import SecondStep
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import User, UserKind
from inspect_app.queries.accounts import live_link
from inspect_app.queries.people import user_named
from inspect_app.services.tokens import hash_of
from inspect_app.web.clock import utc_now
from tests.inspect_app.cli.running import run
from tests.inspect_app.made_up_bank import count

PUBLIC = {"INSPECT_PUBLIC_URL": "https://inspect.example"}
BEGINNING = "/account/link/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a fresh, migrated database."""
    assert run(tmp_path, "db", "upgrade").returncode == 0
    return tmp_path


def holder_of(folder: Path, link: str) -> User | None:
    """Return whose account a printed link opens; None where it opens none."""
    token = link.strip().rpartition("/")[2]
    with reading(open_database(f"sqlite:///{folder / 'data' / 'inspect.sqlite3'}")) as session:
        found = live_link(session, hash_of(token), now=utc_now())
        return None if found is None else found.user


def test_a_fresh_installation_gets_its_administrator_and_a_link_for_the_password(folder: Path) -> None:
    made = run(folder, "people", "add-administrator", "chen.jie", "陈洁", environ=PUBLIC)

    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"https://inspect.example{BEGINNING}")
    assert len(made.stdout.splitlines()) == 1
    assert "只能用一次" in made.stderr
    user = holder_of(folder, made.stdout)
    assert user is not None
    assert (user.username, user.display_name, user.kind) == ("chen.jie", "陈洁", UserKind.ADMINISTRATOR)
    assert user.password_hash == ""


def test_without_a_public_address_the_link_is_of_this_machine(folder: Path) -> None:
    made = run(folder, "people", "add-administrator", "chenjie", "陈洁")

    assert made.stdout.startswith(f"http://127.0.0.1:8000{BEGINNING}")


def test_a_new_link_ends_the_one_before(folder: Path) -> None:
    first = run(folder, "people", "add-administrator", "chenjie", "陈洁")
    second = run(folder, "people", "invite", "chenjie")

    assert holder_of(folder, first.stdout) is None
    found = holder_of(folder, second.stdout)
    assert found is not None
    assert found.username == "chenjie"


def test_a_taken_name_is_refused_and_says_what_to_do(folder: Path) -> None:
    run(folder, "people", "add-administrator", "chenjie", "陈洁")

    again = run(folder, "people", "add-administrator", "chenjie", "陈大洁")

    assert (again.returncode, again.stdout) == (1, "")
    assert "inspect-app people invite" in again.stderr


@pytest.mark.parametrize(
    ("username", "name"), [("陈洁", "陈洁"), ("a b", "陈洁"), ("x", "陈洁"), ("chenjie", " ")]
)
def test_names_that_cannot_be_used_are_refused_and_make_nobody(
    folder: Path, username: str, name: str
) -> None:
    refused = run(folder, "people", "add-administrator", username, name)

    assert (refused.returncode, refused.stdout) == (1, "")
    with reading(open_database(f"sqlite:///{folder / 'data' / 'inspect.sqlite3'}")) as session:
        assert user_named(session, username) is None


def test_nobody_of_that_name_gets_no_link(folder: Path) -> None:
    refused = run(folder, "people", "invite", "nobody")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "没有用户 nobody。" in refused.stderr


@pytest.mark.parametrize("command", [("invite", "x"), ("add-administrator", "xx", "陈洁")])
def test_without_a_migrated_database_nothing_is_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    refused = run(tmp_path, "people", *command)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "db upgrade" in refused.stderr


def test_a_second_step_is_ended_at_the_terminal_with_a_reason(folder: Path) -> None:
    run(folder, "people", "add-administrator", "chenjie", "陈洁")
    database = open_database(f"sqlite:///{folder / 'data' / 'inspect.sqlite3'}")
    with transaction(database) as session:
        user = user_named(session, "chenjie")
        assert user is not None
        session.add(SecondStep(user_id=user.id, secret="1.", begun_at=utc_now(), confirmed_at=utc_now()))
    database.writing.dispose()

    done = run(folder, "people", "end-second-step", "chenjie", "换过密钥")
    again = run(folder, "people", "end-second-step", "chenjie", "换过密钥")
    nobody = run(folder, "people", "end-second-step", "nobody", "换过密钥")

    assert (done.returncode, done.stderr) == (0, "")
    assert (again.returncode, again.stderr) == (1, "用户 chenjie 没有启用两步登录。\n")
    assert (nobody.returncode, nobody.stderr) == (1, "没有用户 nobody。\n")
    with reading(open_database(f"sqlite:///{folder / 'data' / 'inspect.sqlite3'}")) as session:
        (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.action == "end_second_step"))
        assert (entry.reason, count(session, SecondStep)) == ("换过密钥", 0)
