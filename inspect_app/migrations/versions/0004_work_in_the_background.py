"""Work in the background: jobs with their leases, mails that wait, and the addresses that mails go to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("user_account", sa.Column("email", sa.String(length=254), nullable=True))
    add_jobs()
    add_mails()
    op.create_table(
        "duty_done",
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        moment("at"),
        sa.PrimaryKeyConstraint("duty", "period", name=op.f("pk_duty_done")),
    )
    op.create_index(op.f("ix_duty_done_at"), "duty_done", ["at"])


def add_jobs() -> None:
    """Make the table of jobs."""
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        one_of("state", "jobstate", "queued", "running", "done", "failed", "cancelled"),
        moment("due_at"),
        sa.Column("done_steps", sa.Integer(), nullable=False),
        sa.Column("all_steps", sa.Integer(), nullable=False),
        *lease(),
        one_of("failure", "jobfailure", "gone", "lost", "database", "storage", "fault", nullable=True),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        moment("asked_at"),
        moment("began_at", nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (node IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_job_lease_while_running"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_job_failure_when_failed")
        ),
        sa.CheckConstraint(
            "(state IN ('queued', 'running')) = (ended_at IS NULL)", name=op.f("ck_job_ended_when_over")
        ),
        sa.CheckConstraint("file IS NULL OR state = 'done'", name=op.f("ck_job_file_when_done")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_job_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_state_due_at", "job", ["state", "due_at"])
    op.create_index("ix_job_user_id_fingerprint", "job", ["user_id", "fingerprint"])


def add_mails() -> None:
    """Make the table of mails."""
    op.create_table(
        "mail",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        one_of("state", "mailstate", "queued", "sending", "sent", "failed", "cancelled"),
        moment("due_at"),
        moment("useless_from", nullable=True),
        *lease(),
        one_of("failure", "mailfailure", "refused", "unreachable", "late", nullable=True),
        moment("queued_at"),
        moment("ended_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sending') = (node IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_mail_lease_while_sending"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_mail_failure_when_failed")
        ),
        sa.CheckConstraint(
            "(state IN ('queued', 'sending')) = (ended_at IS NULL)", name=op.f("ck_mail_ended_when_over")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mail_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index("ix_mail_state_due_at", "mail", ["state", "due_at"])
    op.create_index(op.f("ix_mail_user_id"), "mail", ["user_id"])


def lease() -> tuple["sa.Column[object]", ...]:
    """Return the columns that say who does it at the moment, and how often it was begun."""
    return (
        sa.Column("node", sa.String(length=80), nullable=True),
        moment("lease_until", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
    )


def moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    """Return a column of moments."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, check: str, *values: str, nullable: bool = False) -> "sa.Column[object]":
    """Return a column that the database holds to some values."""
    kind = sa.Enum(*values, name=check, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)
