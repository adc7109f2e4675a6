"""The pages, one file per page, through a real application on a real database."""
