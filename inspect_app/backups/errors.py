"""Why a backup is not made, or not taken back."""

from enum import StrEnum


class Reason(StrEnum):
    """What keeps a backup from being made or restored. Nothing was touched."""

    NOT_EMPTY = "not_empty"
    NOT_A_BACKUP = "not_a_backup"
    OTHER_SCHEMA = "other_schema"
    OTHER_KIND = "other_kind"
    INCOMPLETE = "incomplete"
    DAMAGED = "damaged"
    TARGET_TAKEN = "target_taken"
    TARGET_IN_USE = "target_in_use"
    NO_PROGRAM = "no_program"
    PROGRAM_FAILED = "program_failed"


class BackupError(Exception):
    """A backup is refused.

    Attributes:
        what: the file, table or program that it is about.
    """

    def __init__(self, reason: Reason, what: object = "") -> None:
        super().__init__(f"{reason}: {what}")
        self.reason = reason
        self.what = str(what)
