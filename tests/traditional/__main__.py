"""Writes everything in traditional Chinese anew: `python -m tests.traditional`."""

from tests.traditional import catalogue, handbook


def write_all() -> None:
    """Write the handbook's texts and the catalogue, with its compiled form."""
    handbook.STORED.parent.mkdir(parents=True, exist_ok=True)
    handbook.STORED.write_text(handbook.conversions(), encoding="utf-8")
    text = catalogue.written(catalogue.catalogue(catalogue.extracted()))
    catalogue.STORED.parent.mkdir(parents=True, exist_ok=True)
    catalogue.STORED.write_bytes(text)
    catalogue.STORED.with_suffix(".mo").write_bytes(catalogue.compiled(text))


if __name__ == "__main__":
    write_all()
