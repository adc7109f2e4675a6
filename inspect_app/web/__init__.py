"""The doors: one package per kind of user, and what they share."""
