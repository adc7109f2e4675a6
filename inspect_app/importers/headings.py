"""How the heading of a column is recognised, however it was typed."""


def as_heading(text: str) -> str:
    """Return a heading as it is compared: small letters, single blanks, no star that marks what is needed."""
    return " ".join(text.strip("*＊ \t\r\n\u3000").split()).casefold()
