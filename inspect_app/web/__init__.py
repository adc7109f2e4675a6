"""The doors: one package per kind of user, and what they share. A page loads, checks, does one thing, answers."""
