"""The database held against itself: every number that can be made again is made again and compared."""

from inspect_app.verification.verdicts import Check, Fault, Found, Verdict
from inspect_app.verification.whole import Stored, verify

__all__ = ["Check", "Fault", "Found", "Stored", "Verdict", "verify"]
