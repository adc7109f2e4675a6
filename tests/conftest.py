"""What every test can ask for, and how examples are drawn."""

import os

from hypothesis import HealthCheck, settings

from tests.parts import browser, print_workbook, recalculate_workbook

__all__ = ["browser", "print_workbook", "recalculate_workbook"]

# A test says what is true, not how fast: machines differ, and so do their loads. CI draws the same examples
# each time, so that a change is judged by what it changes; developers draw new ones.
slow_is_fine = [HealthCheck.too_slow]
settings.register_profile("developer", deadline=None, suppress_health_check=slow_is_fine)
settings.register_profile("ci", deadline=None, suppress_health_check=slow_is_fine, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")

# Settings of the machine are no settings of a test.
for name in [name for name in os.environ if name.startswith("INSPECT_")]:
    del os.environ[name]
