"""Why a file is not read at all."""

from enum import StrEnum


class FileRefusal(StrEnum):
    """What is wrong with a file as a whole. Nothing of it is taken in."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_WORKBOOK = "not_a_workbook"
    OLD_OR_LOCKED = "old_or_locked"
    HOLDS_PROGRAMS = "holds_programs"
    DAMAGED = "damaged"
    TOO_DEMANDING = "too_demanding"
    TOO_MANY_ROWS = "too_many_rows"
    ANOTHER_FORM = "another_form"
    UNKNOWN_SIGNS = "unknown_signs"
    BROKEN_LINES = "broken_lines"
    HEADINGS = "headings"


class FileRefusedError(Exception):
    """A file is not read; `reason` says why, `said` which words of the file it is about."""

    def __init__(self, reason: FileRefusal, said: tuple[str, ...] = ()) -> None:
        super().__init__(f"a file is refused: {reason.value}")
        self.reason = reason
        self.said = said
