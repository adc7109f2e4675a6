"""Answers in workbooks: what came back is kept until it is taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "answer_upload",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_answer_upload_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_upload")),
    )
    op.create_index(op.f("ix_answer_upload_user_id"), "answer_upload", ["user_id"])
    op.create_index(op.f("ix_answer_upload_uploaded_at"), "answer_upload", ["uploaded_at"])
