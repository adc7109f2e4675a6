"""Faults planted into the server, to see that the checker finds them: mistakes that others have made."""

from collections.abc import Callable, Mapping

SERVER_PLANTS: Mapping[str, Callable[[], None]] = {}
"""By name: what spoils the product's functions in this process."""
