"""Files that people hand in, read into plain rows: every problem with its place, nothing believed."""
