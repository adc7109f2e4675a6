"""The journal is sealed: which entries wait for it, and how far it went when a ranking was published."""

from textwrap import dedent

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "unsealed_entry",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["journal_entry.id"], name=op.f("fk_unsealed_entry_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_unsealed_entry")),
    )
    op.create_table(
        "journal_anchor",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_journal_anchor_ranking_id")),
        sa.PrimaryKeyConstraint("ranking_id", name=op.f("pk_journal_anchor")),
    )
    op.execute(
        "INSERT INTO unsealed_entry (entry_id) SELECT id FROM journal_entry "
        "WHERE id NOT IN (SELECT entry_id FROM journal_seal)"
    )
    if op.get_bind().dialect.name == "sqlite":
        add_triggers_on_sqlite()
    else:
        add_triggers_on_postgresql()


def add_triggers_on_sqlite() -> None:
    """Let the database note each new entry, and refuse to change an anchor."""
    op.execute(
        "CREATE TRIGGER journal_entry_is_unsealed AFTER INSERT ON journal_entry "
        "BEGIN INSERT INTO unsealed_entry (entry_id) VALUES (NEW.id); END"
    )
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER journal_anchor_no_{act} BEFORE {act.upper()} ON journal_anchor "
            "BEGIN SELECT RAISE(ABORT, 'journal_anchor is never changed'); END"
        )


def add_triggers_on_postgresql() -> None:
    """Let the database note each new entry, and refuse to change an anchor."""
    op.execute(
        dedent("""
            CREATE FUNCTION note_unsealed_entry() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO unsealed_entry (entry_id) VALUES (NEW.id); RETURN NULL; END $$
        """)
    )
    op.execute(
        "CREATE TRIGGER journal_entry_is_unsealed AFTER INSERT ON journal_entry "
        "FOR EACH ROW EXECUTE FUNCTION note_unsealed_entry()"
    )
    op.execute(
        "CREATE TRIGGER journal_anchor_no_change BEFORE UPDATE OR DELETE ON journal_anchor "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
