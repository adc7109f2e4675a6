"""The secrets of one-time codes are encrypted under a key that is made of the installation's secret."""

import base64
import secrets
import uuid

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STEPS = sa.table(
    "second_step",
    sa.column("user_id", sa.Uuid()),
    sa.column("secret", sa.String()),
    sa.column("confirmed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Apply this step. What was begun and never confirmed is begun anew."""
    op.execute(STEPS.delete().where(STEPS.c.confirmed_at.is_(None)))
    with op.batch_alter_table("second_step") as table:
        table.alter_column(
            "secret", existing_type=sa.String(64), type_=sa.String(200), existing_nullable=False
        )
    connection = op.get_bind()
    for user_id, secret in connection.execute(sa.select(STEPS.c.user_id, STEPS.c.secret)).all():
        change = STEPS.update().where(STEPS.c.user_id == user_id)
        connection.execute(change.values(secret=_encrypted(secret, user_id)))


def _encrypted(secret: str, user_id: uuid.UUID) -> str:
    """Return a secret as `services.hidden_secrets` reads it; written out here, for a step never changes."""
    key_source = context.config.attributes.get("secret")
    if not key_source:
        raise RuntimeError("this step needs the installation's secret: run inspect-app db upgrade")
    key = HKDF(SHA256(), 32, None, b"inspect second step 1").derive(key_source.encode())
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, secret.encode(), user_id.bytes)
    return f"1.{base64.urlsafe_b64encode(nonce + sealed).decode()}"
