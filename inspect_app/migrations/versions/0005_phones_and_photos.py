"""Phones and photos: personal entries, visit tokens, answers on their way, photos and their copies."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
