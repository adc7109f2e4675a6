"""How somebody with the database in hand tampers with what is never changed: direct SQL, triggers dropped."""

from sqlalchemy import Connection, text

from inspect_app.db import Database, transaction
from inspect_app.models.journal import JournalSeal
from inspect_app.models.journal_chain import BEGINNING, link_bytes, link_hash
from inspect_app.queries.journal_chain import links_after


def tamper(database: Database, *statements: str, **values: object) -> None:
    """Run statements on a database whose triggers were dropped and whose foreign keys nobody watches."""
    on_sqlite = database.writing.dialect.name == "sqlite"
    with database.turn, database.writing.connect() as connection:
        if on_sqlite:
            # The switch works outside a transaction only.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            (disarm_sqlite if on_sqlite else disarm_postgresql)(connection)
            for statement in statements:
                known = {name: value for name, value in values.items() if f":{name}" in statement}
                connection.execute(text(statement), known)
    database.writing.dispose()


def disarm_sqlite(connection: Connection) -> None:
    """Take away what makes the database refuse a change."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name}"))


def disarm_postgresql(connection: Connection) -> None:
    """Take away what makes the database refuse a change; the owner of the tables may do that."""
    triggers = text(
        "SELECT tgname, CAST(CAST(tgrelid AS regclass) AS text) FROM pg_trigger WHERE NOT tgisinternal"
    )
    for name, table in connection.execute(triggers).all():
        connection.execute(text(f"DROP TRIGGER {name} ON {table}"))
    keys = text(
        "SELECT conname, CAST(CAST(conrelid AS regclass) AS text) FROM pg_constraint WHERE contype = 'f'"
    )
    for name, table in connection.execute(keys).all():
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))


def seal_anew(database: Database, first: int) -> None:
    """Give every link from a sequence on the hash that it would have: a chain that holds in itself."""
    with transaction(database) as session:
        links = links_after(session, first - 1)
        before = session.get(JournalSeal, first - 1)
        previous = BEGINNING if before is None else before.hash
        for link in links:
            assert link.entry is not None
            digits = link_hash(previous, link_bytes(link.entry, link.seal.sealed_at))
            session.execute(
                text(
                    "UPDATE journal_seal SET previous_hash = :previous, hash = :digits WHERE sequence = :seq"
                ),
                {"previous": previous, "digits": digits, "seq": link.seal.sequence},
            )
            previous = digits
