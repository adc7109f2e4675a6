"""Faults of machines: disks that are full, processes that die, forks, many writers at once."""
