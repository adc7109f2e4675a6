"""The inspector's door, one file per page."""
