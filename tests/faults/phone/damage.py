"""Whether a PostgreSQL server's own files are sound: what `integrity_check` is on SQLite."""

import psycopg

from tests.postgresql_server import ADMINISTRATOR, PostgresqlServer

INDEXES = """
    SELECT count(bt_index_check(pg_index.indexrelid, true))
    FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid JOIN pg_am ON pg_am.oid = pg_class.relam
    WHERE pg_am.amname = 'btree' AND pg_class.relnamespace = 'public'::regnamespace
"""
"""Looks for every row of a table in its indexes; raises where one is missing."""

TABLES = """
    SELECT pg_class.relname, found.msg
    FROM pg_class, LATERAL verify_heapam(pg_class.oid) AS found
    WHERE pg_class.relkind = 'r' AND pg_class.relnamespace = 'public'::regnamespace
"""


def damage_of(server: PostgresqlServer, database: str) -> list[str]:
    """Return what is wrong with the tables and indexes of a database."""
    with psycopg.connect(server.address(database, ADMINISTRATOR), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        try:
            connection.execute(INDEXES)
        except psycopg.errors.IndexCorrupted as error:
            return [str(error)]
        return [f"{table}: {fault}" for table, fault in connection.execute(TABLES)]
