"""Questions to the database about itself: who it takes us for, and whether it is sound."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Role:
    """Whom a PostgreSQL server takes the product for, and what that role may do.

    Attributes:
        is_superuser: every rule of the database, triggers and row security included, is nothing to it.
        bypasses_row_security: rules that hide rows do not hold for it.
        may_grant: it can make roles, and so give itself what it lacks.
    """

    name: str
    is_superuser: bool
    bypasses_row_security: bool
    may_grant: bool


def role_of(session: Session) -> Role | None:
    """Return the role of this connection; None in an embedded database, which has none."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    row = session.execute(
        text(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
    ).one()
    return Role(*row)
