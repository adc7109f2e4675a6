"""Backups: a copy of everything from one moment, with a manifest that says what must be in it; and back."""
