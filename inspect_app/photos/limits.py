"""How large a photo may be, and how much reading it may cost."""

LARGEST_FILE = 12 * 1024 * 1024
"""Bytes of a photo as it is sent: a phone's own picture of 12 million pixels, with room to spare."""

MOST_PIXELS = 40_000_000
"""Of a JPEG, which is read at the size that is needed."""

MOST_PIXELS_WHOLE = 24_000_000
"""Of the other kinds, which must be unpacked whole."""

LONGEST_EDGE = 20_000
MOST_SCANS = 60
"""Passes of a JPEG that sharpens as it comes; cameras make about ten."""

KEPT_EDGE = 1600
"""The longer edge of the photo that is kept, in pixels."""

THUMBNAIL_EDGE = 320

MEMORY_BYTES = 768 * 1024 * 1024
"""Of address space, with the libraries in it; what is really used stays under 300 MB."""

PROCESSOR_SECONDS = 8
PATIENCE_SECONDS = 20
CHILDREN = 2
"""How many photos one process has read at the same time."""

QUEUE_SECONDS = 15
"""How long a photo waits for its turn before the phone is asked to come back."""
