"""One-time links to accounts, and the second step of signing in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "account_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invite", "reset", name="linkpurpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_account_link_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_link")),
    )
    op.create_index(op.f("ix_account_link_user_id"), "account_link", ["user_id"])
    op.create_table(
        "pending_login",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_pending_login_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pending_login")),
    )
    op.create_index(op.f("ix_pending_login_expires_at"), "pending_login", ["expires_at"])
    op.create_index(op.f("ix_pending_login_user_id"), "pending_login", ["user_id"])
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_second_step_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "spare_code",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_spare_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_code")),
    )
    op.create_index(op.f("ix_spare_code_user_id"), "spare_code", ["user_id"])
