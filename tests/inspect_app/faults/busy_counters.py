"""A process whose threads each raise one counter, read first and then written, again and again."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from inspect_app.db import Database, open_database, transaction
from inspect_app.models.visits import Visit


def raise_counter(database: Database, times: int) -> int:
    """Raise the counter so many times, each in a transaction of its own; return how many of them failed."""
    failed = 0
    for _ in range(times):
        try:
            with transaction(database) as session:
                first = select(Visit.id, Visit.version).order_by(Visit.id).limit(1)
                visit_id, version = session.execute(first).one()
                session.execute(update(Visit).where(Visit.id == visit_id).values(version=version + 1))
        except SQLAlchemyError:
            failed += 1
    return failed


def main(url: str, threads: int, times: int) -> None:
    """Raise it in every thread, and print how many transactions failed."""
    database = open_database(url)
    with ThreadPoolExecutor(threads) as pool:
        failed = list(pool.map(lambda _: raise_counter(database, times), range(threads)))
    sys.stdout.write(json.dumps(sum(failed)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
