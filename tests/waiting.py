"""Waiting for something to become true."""

import time
from collections.abc import Callable


def until(is_true: Callable[[], bool]) -> None:
    """Wait until something is true; give up after a time in which it would be on any machine."""
    for _ in range(600):
        if is_true():
            return
        time.sleep(0.1)
    raise TimeoutError("it never came true")
