"""Phones and photos: personal entries, photos and their copies, and what came otherwise than awaited."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column(
        "inspection", sa.Column("answers_sequence", sa.Integer(), server_default="0", nullable=False)
    )
    add_photos()
    add_phones()
    forbid_changes()


def add_photos() -> None:
    """Make the tables of photos."""
    op.create_table(
        "photo",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("sent_sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        moment("received_at"),
        moment("erased_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (sha256 IS NOT NULL)", name=op.f("ck_photo_kept_until_erased")
        ),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (thumbnail_sha256 IS NULL)", name=op.f("ck_photo_thumbnail_with_photo")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_photo_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("inspection_id", "sent_sha256", name=op.f("uq_photo_inspection_id_sent_sha256")),
    )
    op.create_index(op.f("ix_photo_visit_id"), "photo", ["visit_id"])
    op.create_index(op.f("ix_photo_received_at"), "photo", ["received_at"])
    op.create_table(
        "photo_copy",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("boxes", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        moment("made_at"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_photo_copy_photo_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_photo_copy_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_copy")),
        sa.UniqueConstraint("photo_id", name=op.f("uq_photo_copy_photo_id")),
    )
    op.create_table(
        "submission_photo",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_photo_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "sha256", name=op.f("pk_submission_photo")),
    )


def add_phones() -> None:
    """Make the tables of phones, of the ways into them, and of what came otherwise than awaited."""
    op.create_table(
        "phone",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        moment("came_at"),
        moment("ended_at", nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ended_by_id IS NULL OR ended_at IS NOT NULL", name=op.f("ck_phone_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user_account.id"], name=op.f("fk_phone_ended_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_phone_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_phone_session_hash")),
    )
    op.create_index(op.f("ix_phone_user_id"), "phone", ["user_id"])
    op.create_table(
        "personal_entry",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        one_of("kind", "entrykind", "link", "code"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        moment("made_at"),
        moment("expires_at"),
        moment("used_at", nullable=True),
        moment("ended_at", nullable=True),
        sa.CheckConstraint(
            "used_at IS NULL OR ended_at IS NULL", name=op.f("ck_personal_entry_used_or_ended")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_personal_entry_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_personal_entry")),
    )
    op.create_index(op.f("ix_personal_entry_user_id"), "personal_entry", ["user_id"])
    op.create_table(
        "odd_arrival",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        one_of("arrived_as", "arrivedas", "conflict", "reassigned", "revoked", "over"),
        moment("settled_at", nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_odd_arrival_settled_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_odd_arrival_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user_account.id"], name=op.f("fk_odd_arrival_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_odd_arrival")),
    )


def forbid_changes() -> None:
    """Let the database itself refuse to change what a submission names."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER submission_photo_no_{act} BEFORE {act.upper()} ON submission_photo "
                "BEGIN SELECT RAISE(ABORT, 'submission_photo is never changed'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER submission_photo_no_change BEFORE UPDATE OR DELETE ON submission_photo "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    """Return a column of a moment."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, enum: str, *values: str) -> "sa.Column[object]":
    """Return a column that holds one of these values."""
    return sa.Column(
        name,
        sa.Enum(*values, name=enum, native_enum=False, create_constraint=True, length=40),
        nullable=False,
    )
