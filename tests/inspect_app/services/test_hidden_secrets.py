"""The secrets of one-time codes lie encrypted in the database, each for its one user and one installation."""

import uuid

import pytest

from inspect_app.services.hidden_secrets import UnreadableSecretError, hide, reveal

USER, OTHER = uuid.uuid4(), uuid.uuid4()
HERE, ELSEWHERE = "the secret of this installation", "the secret of another one"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_what_is_hidden_is_revealed_and_never_looks_the_same_twice() -> None:
    first, second = hide(SECRET, USER, HERE), hide(SECRET, USER, HERE)

    assert (reveal(first, USER, HERE), reveal(second, USER, HERE)) == (SECRET, SECRET)
    assert first != second
    assert SECRET not in first
    assert len(first) <= 200


@pytest.mark.parametrize(
    ("stored", "user", "installation"),
    [
        (hide(SECRET, USER, HERE), USER, ELSEWHERE),
        (hide(SECRET, USER, HERE), OTHER, HERE),
        (hide(SECRET, USER, HERE)[:-8], USER, HERE),
        (SECRET, USER, HERE),
        ("", USER, HERE),
        ("1.", USER, HERE),
        ("1.ä", USER, HERE),
    ],
    ids=["another installation", "another user", "cut", "plain", "nothing", "no more than its form", "noise"],
)
def test_what_was_hidden_elsewhere_for_somebody_else_or_is_damaged_is_unreadable(
    stored: str, user: uuid.UUID, installation: str
) -> None:
    with pytest.raises(UnreadableSecretError):
        reveal(stored, user, installation)
