"""Which passwords are refused: the short, the user's own name, and those that everybody tries first."""

from enum import StrEnum

from inspect_app.services.passwords import SHORTEST_PASSWORD

# fmt: off
COMMON = frozenset(
    (
        "1234567890", "0123456789", "9876543210", "0987654321", "12345678910", "123456789a", "a123456789",
        "123456789q", "q123456789", "1111111111", "0000000000", "6666666666", "8888888888", "9999999999",
        "1122334455", "1234512345", "1231231231", "1q2w3e4r5t", "1qaz2wsx3edc", "qwertyuiop", "asdfghjkl;",
        "zxcvbnm123", "qwerty1234", "qwerty12345", "qwertyuiop123", "qazwsxedcrfv", "password12",
        "password123", "password1234", "passw0rd123", "p@ssw0rd123", "p@ssword123", "password123!",
        "admin12345", "admin123456", "administrator", "iloveyou12", "iloveyou123", "woaini1314",
        "woaini520", "woaini1314520", "5201314520", "1314520520", "woaiwojia123", "aa123456789",
        "abc1234567", "abcd123456", "abc123456789", "abcdefghij", "abcdef123456", "changeme123",
        "letmein123", "welcome123", "welcome1234", "football123", "yinhang123", "yinhang888", "zhongguo123",
        "beijing2008", "inspect123",
    )
)
# fmt: on
"""Lists of stolen passwords begin with these."""
FEWEST_SIGNS = 4


class PasswordFault(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    USERNAME = "username"
    COMMON = "common"


def fault_of(password: str, username: str) -> PasswordFault | None:
    """Return why a password is refused for this user; None where it is good enough."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.SHORT
    small = password.casefold()
    if username.casefold() in (small, small[::-1]) or small.startswith(username.casefold() * 2):
        return PasswordFault.USERNAME
    if small in COMMON or len(set(small)) < FEWEST_SIGNS:
        return PasswordFault.COMMON
    return None
