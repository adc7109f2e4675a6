"""Histories of phones: a bad network, servers and phones that are killed, and what must hold each time."""
