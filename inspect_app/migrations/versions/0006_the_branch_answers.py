"""The branch answers: corrective actions, verification, appeals and the calendar of working days."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
