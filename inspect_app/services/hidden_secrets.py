"""The secrets of one-time codes as they lie in the database: encrypted, each for the one user it is of."""

import base64
import binascii
import secrets
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"inspect second step 1"
"""What the key is for: the installation's secret makes receipts too, by other keys."""

FORM = "1."
"""How what is stored begins; another way of encrypting would begin with another number."""

NONCE_BYTES, KEY_BYTES = 12, 32


class UnreadableSecretError(Exception):
    """What is stored cannot be decrypted: the installation has another secret than it was encrypted under."""


def hide(secret: str, user_id: uuid.UUID, installation: str) -> str:
    """Return a secret as it is stored: AES-256-GCM, its key made of the installation's secret by HKDF.

    It is bound to the user: put into another's row, it cannot be read.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(installation).encrypt(nonce, secret.encode(), user_id.bytes)
    return FORM + base64.urlsafe_b64encode(nonce + sealed).decode()


def reveal(stored: str, user_id: uuid.UUID, installation: str) -> str:
    """Return the secret that is stored.

    Raises:
        UnreadableSecretError: it was encrypted under another installation's secret, or for another user.
    """
    try:
        data = base64.urlsafe_b64decode(stored.removeprefix(FORM))
        nonce, sealed = data[:NONCE_BYTES], data[NONCE_BYTES:]
        return _cipher(installation).decrypt(nonce, sealed, user_id.bytes).decode()
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise UnreadableSecretError(f"the second step of user {user_id}") from error


@lru_cache(maxsize=4)
def _cipher(installation: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, None, PURPOSE).derive(installation.encode()))
