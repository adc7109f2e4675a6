"""What all tables share: names of constraints, identifiers, aware times, enums as checked text."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Enum, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LONGEST_CODE = 40


class Base(DeclarativeBase):
    """The declarative base; every constraint has a name, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. A time without a zone is refused: nobody could say which moment it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    # The names of the arguments are SQLAlchemy's.
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC, as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment as an aware UTC time: SQLite forgets the zone, PostgreSQL has one of its own."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(values: type[StrEnum]) -> Enum:
    """Return a text column's type that the database itself holds to the values of an enum."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=LONGEST_CODE,
        values_callable=lambda members: [member.value for member in members],
        name=values.__name__.lower(),
    )


def new_id() -> uuid.UUID:
    """Return a random identifier: it tells neither when nor in which order rows came."""
    return uuid.uuid4()


class Identified:
    """A row known by a random identifier."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
