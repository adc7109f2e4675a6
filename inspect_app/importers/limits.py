"""How large a workbook may be, and how much reading it may cost."""

LARGEST_FILE = 12 * 1024 * 1024
MOST_PARTS = 200
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_TIMES_LARGER = 150
"""How much larger a part may become when it is unpacked; a workbook's sheets become about twenty times so."""

MOST_ROWS = 10_000
MOST_LISTED = 60_000
"""Rows of a list of a whole bank: of its branches, or of its people."""

MOST_COLUMNS = 40
EMPTY_ROWS = 20
"""After so many rows without anything, nothing more is looked for."""

LONGEST_TEXT = 4_000
"""Characters of a cell that are read."""

MEMORY_BYTES = 512 * 1024 * 1024
PROCESSOR_SECONDS = 30
PATIENCE_SECONDS = 60
