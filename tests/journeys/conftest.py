"""What journeys start from: a demonstration of their own."""

from tests.demo_bank import demo_bank, prepared_demo

__all__ = ["demo_bank", "prepared_demo"]
