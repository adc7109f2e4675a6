"""The branch answers: corrective actions, verification, appeals and the calendar of working days."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEVER_CHANGED = (
    "corrective_action",
    "answered_deficiency",
    "action_photo",
    "verification",
    "appeal_photo",
    "appeal_decision",
    "taken_back",
)


def upgrade() -> None:
    """Apply this step."""
    op.add_column("wave", sa.Column("settling_days", sa.Integer(), server_default="2", nullable=False))
    op.add_column("inspection", sa.Column("taken_in_because", sa.Text(), nullable=True))
    add_calendar()
    add_corrective_actions()
    add_appeals()
    if op.get_bind().dialect.name == "sqlite":
        forbid_changes_on_sqlite()
    else:
        forbid_changes_on_postgresql()


def add_calendar() -> None:
    """Make the table of the days that head office changed."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )


def add_corrective_actions() -> None:
    """Make the tables of what branches answer, and of what became of it."""
    op.create_table(
        "branch_photo",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_branch_photo_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_photo")),
        sa.UniqueConstraint("branch_id", "sha256", name=op.f("uq_branch_photo_branch_id_sha256")),
    )
    op.create_index(op.f("ix_branch_photo_sha256"), "branch_photo", ["sha256"], unique=False)
    op.create_table(
        "corrective_action",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "post_vacant",
                "not_trained",
                "forgotten",
                "understaffed",
                "equipment",
                "other",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cause_words", sa.Text(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "training",
                "roster",
                "reminder",
                "procedure",
                "equipment",
                "other",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("measure_words", sa.Text(), nullable=False),
        sa.Column("owner_role", sa.String(length=40), nullable=False),
        sa.Column("done_by", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_corrective_action_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_action")),
    )
    op.create_index(op.f("ix_corrective_action_branch_id"), "corrective_action", ["branch_id"], unique=False)
    op.create_table(
        "action_photo",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["corrective_action.id"], name=op.f("fk_action_photo_action_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["branch_photo.id"], name=op.f("fk_action_photo_photo_id")),
        sa.PrimaryKeyConstraint("action_id", "photo_id", name=op.f("pk_action_photo")),
    )
    op.create_table(
        "answered_deficiency",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("deficiency_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["corrective_action.id"], name=op.f("fk_answered_deficiency_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["deficiency_id"], ["deficiency.id"], name=op.f("fk_answered_deficiency_deficiency_id")
        ),
        sa.PrimaryKeyConstraint("action_id", "deficiency_id", name=op.f("pk_answered_deficiency")),
        sa.UniqueConstraint(
            "deficiency_id", "round", name=op.f("uq_answered_deficiency_deficiency_id_round")
        ),
    )
    op.create_table(
        "corrective_draft",
        sa.Column("deficiency_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deficiency_id"], ["deficiency.id"], name=op.f("fk_corrective_draft_deficiency_id")
        ),
        sa.PrimaryKeyConstraint("deficiency_id", name=op.f("pk_corrective_draft")),
    )
    op.create_table(
        "verification",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("deficiency_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "sent_back",
                name="verificationoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("verifier_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'sent_back') = (reason IS NOT NULL)",
            name=op.f("ck_verification_reason_of_sending_back"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id", "deficiency_id"],
            ["answered_deficiency.action_id", "answered_deficiency.deficiency_id"],
            name="fk_verification_answered_deficiency",
        ),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["user_account.id"], name=op.f("fk_verification_verifier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint(
            "action_id", "deficiency_id", name=op.f("uq_verification_action_id_deficiency_id")
        ),
    )


def add_appeals() -> None:
    """Make the tables of what branches dispute, and of what was decided."""
    op.create_table(
        "appeal",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "not_so",
                "not_applicable",
                "beyond_control",
                "other",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "decided",
                "withdrawn",
                "closed",
                "reopened",
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.Column("reopening_reason", sa.Text(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state != 'closed' OR closing_reason IS NOT NULL", name=op.f("ck_appeal_reason_of_closing")
        ),
        sa.CheckConstraint(
            "state != 'reopened' OR reopening_reason IS NOT NULL", name=op.f("ck_appeal_reason_of_reopening")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_appeal_branch_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_appeal_revision_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_appeal_visit_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_appeal_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_branch_id"), "appeal", ["branch_id"], unique=False)
    op.create_index(op.f("ix_appeal_visit_id"), "appeal", ["visit_id"], unique=False)
    op.create_index("ix_appeal_wave_id_state", "appeal", ["wave_id", "state"], unique=False)
    op.create_table(
        "appeal_item",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("deficiency_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.String(length=40), nullable=False),
        sa.Column("recorded", sa.Text(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "partly_upheld",
                "not_applicable",
                "dismissed",
                name="appealoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_item_appeal_id")),
        sa.ForeignKeyConstraint(
            ["deficiency_id"], ["deficiency.id"], name=op.f("fk_appeal_item_deficiency_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_appeal_item_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_item")),
    )
    op.create_index(op.f("ix_appeal_item_appeal_id"), "appeal_item", ["appeal_id"], unique=False)
    op.create_index(op.f("ix_appeal_item_deficiency_id"), "appeal_item", ["deficiency_id"], unique=False)
    op.create_index(
        "ix_appeal_item_item_code_is_waiting", "appeal_item", ["item_code", "is_waiting"], unique=False
    )
    op.create_index(
        "ix_appeal_item_visit_id_item_code",
        "appeal_item",
        ["visit_id", "item_code"],
        unique=True,
        sqlite_where=sa.text("is_withdrawn = 0"),
        postgresql_where=sa.text("is_withdrawn = false"),
    )
    op.create_table(
        "appeal_photo",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_photo_appeal_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["branch_photo.id"], name=op.f("fk_appeal_photo_photo_id")),
        sa.PrimaryKeyConstraint("appeal_id", "photo_id", name=op.f("pk_appeal_photo")),
    )
    op.create_table(
        "appeal_decision",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "partly_upheld",
                "not_applicable",
                "dismissed",
                name="appealoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "finding",
            sa.Enum(
                "sound",
                "careless",
                "unclear_standard",
                "cannot_tell",
                name="inspectorfinding",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["user_account.id"], name=op.f("fk_appeal_decision_decider_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["appeal_item.id"], name=op.f("fk_appeal_decision_item_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_appeal_decision_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_decision")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_appeal_decision_item_id_number")),
    )
    op.create_index(op.f("ix_appeal_decision_revision_id"), "appeal_decision", ["revision_id"], unique=False)
    op.create_table(
        "taken_back",
        sa.Column("deficiency_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deficiency_id"], ["deficiency.id"], name=op.f("fk_taken_back_deficiency_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_taken_back_revision_id")),
        sa.PrimaryKeyConstraint("deficiency_id", name=op.f("pk_taken_back")),
    )
    op.create_index(op.f("ix_taken_back_revision_id"), "taken_back", ["revision_id"], unique=False)


def forbid_changes_on_sqlite() -> None:
    """Let the database itself refuse to change or delete what was written once."""
    for table in NEVER_CHANGED:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )


def forbid_changes_on_postgresql() -> None:
    """Let the database itself refuse to change or delete what was written once."""
    for table in NEVER_CHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
