"""The first shape of the database."""

from textwrap import dedent

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NEVER_CHANGED = (
    "handbook_edition",
    "checklist",
    "revision",
    "ranking",
    "ranking_row",
    "visit_result",
    "part_result",
    "journal_entry",
    "journal_seal",
)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "handbook_edition",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_handbook_edition")),
    )
    op.create_table(
        "login_failure",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    with op.batch_alter_table("login_failure", schema=None) as batch_op:
        batch_op.create_index("ix_login_failure_account_at", ["account", "at"], unique=False)
        batch_op.create_index("ix_login_failure_address_at", ["address", "at"], unique=False)

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
        sa.UniqueConstraint("path", name=op.f("uq_region_path")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "wave",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "mystery",
                "open",
                "phone",
                "video",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "disclosed",
                "published",
                name="wavestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("min_visits", sa.Integer(), nullable=False),
        sa.Column(
            "rank_by",
            sa.Enum("score", "over_par", name="rankby", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("disclosure_days", sa.Integer(), nullable=False),
        sa.Column("critical_days", sa.Integer(), nullable=False),
        sa.Column("major_days", sa.Integer(), nullable=False),
        sa.Column("minor_days", sa.Integer(), nullable=False),
        sa.Column("premises_days", sa.Integer(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'planned') = (opened_at IS NULL)", name=op.f("ck_wave_opened_at_with_state")
        ),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_wave_published_at_with_state")
        ),
        sa.CheckConstraint(
            "(state IN ('planned','open')) = (closed_at IS NULL)", name=op.f("ck_wave_closed_at_with_state")
        ),
        sa.CheckConstraint(
            "(state IN ('planned','open','closed')) = (disclosed_at IS NULL)",
            name=op.f("ck_wave_disclosed_at_with_state"),
        ),
        sa.CheckConstraint("disclosure_days >= 0", name=op.f("ck_wave_disclosure_days_not_negative")),
        sa.CheckConstraint("min_visits >= 1", name=op.f("ck_wave_min_visits_positive")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_wave_opens_before_it_closes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("code", name=op.f("uq_wave_code")),
    )
    op.create_table(
        "branch",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_branch_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("code", name=op.f("uq_branch_code")),
    )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.create_index("ix_branch_region_id_code", ["region_id", "code"], unique=False)

    op.create_table(
        "checklist",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("edition_number", sa.String(length=40), nullable=False),
        sa.Column("recipe", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_number"], ["handbook_edition.number"], name=op.f("fk_checklist_edition_number")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_checklist")),
    )
    op.create_table(
        "ranking",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("pars", sa.Text(), nullable=True),
        sa.Column("rules_version", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(number = 1) = (reason IS NULL)", name=op.f("ck_ranking_reason_of_restated")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_ranking_number_positive")),
        sa.ForeignKeyConstraint(["previous_id"], ["ranking.id"], name=op.f("fk_ranking_previous_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_ranking_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
        sa.UniqueConstraint("wave_id", "number", name=op.f("uq_ranking_wave_id_number")),
    )
    op.create_table(
        "target",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("branch_code", sa.String(length=40), nullable=False),
        sa.Column("branch_name", sa.String(length=120), nullable=False),
        sa.Column("branch_kind", sa.String(length=40), nullable=False),
        sa.Column("region_path", sa.String(length=400), nullable=False),
        sa.Column("visits_wanted", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("visits_wanted >= 1", name=op.f("ck_target_visits_wanted_positive")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_target_branch_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_target_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("wave_id", "branch_id", name=op.f("uq_target_wave_id_branch_id")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "administrator",
                "reviewer",
                "inspector",
                "regional_manager",
                "branch_manager",
                name="userkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'branch_manager') = (branch_id IS NOT NULL)",
            name=op.f("ck_user_account_branch_of_branch_manager"),
        ),
        sa.CheckConstraint(
            "(kind = 'regional_manager') = (region_id IS NOT NULL)",
            name=op.f("ck_user_account_region_of_regional_manager"),
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_user_account_branch_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_user_account_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "variant",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("checklist_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 12", name=op.f("ck_variant_number_of_variant")),
        sa.ForeignKeyConstraint(
            ["checklist_hash"], ["checklist.hash"], name=op.f("fk_variant_checklist_hash")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_variant_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("wave_id", "number", name=op.f("uq_variant_wave_id_number")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "user",
                "inspector",
                "system",
                name="actorkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_journal_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_journal_entry_subject_subject_id", ["subject", "subject_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "ranking_row",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("table", sa.String(length=45), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("over_par", sa.Integer(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("branches", sa.Integer(), nullable=False),
        sa.Column("rank_change", sa.Integer(), nullable=True),
        sa.Column("score_change", sa.Integer(), nullable=True),
        sa.Column("rank_in_kind", sa.Integer(), nullable=True),
        sa.Column("vetoes", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(length=60), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=True),
        sa.Column("delivery", sa.String(length=60), nullable=True),
        sa.Column("condition", sa.String(length=60), nullable=True),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("interval_low", sa.Integer(), nullable=True),
        sa.Column("interval_high", sa.Integer(), nullable=True),
        sa.Column(
            "placed_by",
            sa.Enum(
                "score",
                "vetoes",
                "phrase",
                "action",
                "shared",
                name="placedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "unranked",
            sa.Enum(
                "no_visit",
                "too_few",
                "no_branch",
                "role_not_seen",
                name="unranked",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_ranking_row_ranking_id")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_ranking_row_target_id")),
        sa.PrimaryKeyConstraint("ranking_id", "table", "position", name=op.f("pk_ranking_row")),
        sa.UniqueConstraint("ranking_id", "table", "unit", name=op.f("uq_ranking_row_ranking_id_table_unit")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ranking_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ranking_row_path", ["ranking_id", "table", "path", "position"], unique=False
        )
        batch_op.create_index("ix_ranking_row_target_id", ["target_id", "table"], unique=False)

    op.create_table(
        "visit",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "assigned",
                "in_progress",
                "awaiting_photos",
                "submitted",
                "in_review",
                "returned",
                "approved",
                "disclosed",
                "published",
                "cancelled",
                "set_aside",
                "voided",
                name="visitstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("briefing", sa.Text(), nullable=False),
        sa.Column("counting_inspection_id", sa.Uuid(), nullable=True),
        sa.Column(
            "setting_aside",
            sa.Enum(
                "exposed",
                "wrong_branch",
                "fraud",
                "other",
                name="settingaside",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'set_aside') = (setting_aside IS NOT NULL)", name=op.f("ck_visit_set_aside_with_reason")
        ),
        sa.CheckConstraint("window_from <= window_to", name=op.f("ck_visit_window_in_order")),
        sa.ForeignKeyConstraint(
            ["counting_inspection_id"],
            ["inspection.id"],
            name="fk_visit_counting_inspection_id",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_visit_target_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_visit_variant_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_visit_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("target_id", "ordinal", name=op.f("uq_visit_target_id_ordinal")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_conflict", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_inspection_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "journal_seal",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["journal_entry.id"], name=op.f("fk_journal_seal_entry_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_journal_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_journal_seal_entry_id")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_seal_hash")),
    )
    op.create_table(
        "part_result",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("figure", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("par", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_part_result_ranking_id")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_part_result_target_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_part_result_visit_id")),
        sa.PrimaryKeyConstraint(
            "ranking_id", "figure", "code", "target_id", "visit_id", name=op.f("pk_part_result")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "visit_identity",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("inspector_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("times", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["user_account.id"], name=op.f("fk_visit_identity_inspector_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_identity_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit_identity")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visit_identity_token_hash")),
    )
    with op.batch_alter_table("visit_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_identity_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_draft_inspection_id")),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("receipt_number", sa.String(length=9), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_submission_inspection_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_submission_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_submission_receipt_number")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "submitted",
                "corrected",
                "voided",
                name="revisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("checklist_hash", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=True),
        sa.Column("rules_version", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'submitted') = (reason IS NULL)", name=op.f("ck_revision_reason_of_correction")
        ),
        sa.CheckConstraint(
            "(kind = 'submitted') = (submission_id IS NOT NULL)",
            name=op.f("ck_revision_submission_of_submitted"),
        ),
        sa.CheckConstraint(
            "(kind = 'voided') = (scores IS NULL)", name=op.f("ck_revision_voided_without_scores")
        ),
        sa.ForeignKeyConstraint(
            ["checklist_hash"], ["checklist.hash"], name=op.f("fk_revision_checklist_hash")
        ),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_revision_inspection_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_revision_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_revision_inspection_id_number")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_revision_submission_id")),
    )
    op.create_table(
        "submission_conflict",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_conflict_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "payload_sha256", name=op.f("pk_submission_conflict")),
    )
    op.create_table(
        "deficiency",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("situation", sa.Integer(), nullable=False),
        sa.Column("staff_role", sa.String(length=40), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "critical",
                "major",
                "minor",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("points_lost", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "verified",
                "disputed",
                "upheld",
                "voided",
                name="deficiencystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_deficiency_branch_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_deficiency_revision_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_deficiency_visit_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_deficiency_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deficiency")),
        sa.UniqueConstraint("revision_id", "item_code", name=op.f("uq_deficiency_revision_id_item_code")),
    )
    with op.batch_alter_table("deficiency", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deficiency_branch_id_state_due_on", ["branch_id", "state", "due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deficiency_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index("ix_deficiency_wave_id_branch_id", ["wave_id", "branch_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "approved",
                "returned",
                "set_aside",
                name="reviewoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("released", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user_account.id"], name=op.f("fk_review_reviewer_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_review_revision_id")),
    )
    op.create_table(
        "visit_result",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("action", sa.Integer(), nullable=True),
        sa.Column("phrase", sa.Integer(), nullable=True),
        sa.Column("delivery", sa.Integer(), nullable=True),
        sa.Column("condition", sa.Integer(), nullable=True),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("par", sa.Integer(), nullable=True),
        sa.Column("vetoes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_visit_result_ranking_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_visit_result_revision_id")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_visit_result_target_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_result_visit_id")),
        sa.PrimaryKeyConstraint("ranking_id", "target_id", "visit_id", name=op.f("pk_visit_result")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("visit_result", schema=None) as batch_op:
        batch_op.create_index("ix_visit_result_visit_id", ["visit_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        forbid_changes_on_sqlite()
    else:
        op.create_foreign_key(
            "fk_visit_counting_inspection_id", "visit", "inspection", ["counting_inspection_id"], ["id"]
        )
        forbid_changes_on_postgresql()


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
    op.execute(
        dedent("""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$
        """)
    )
    for table in NEVER_CHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
