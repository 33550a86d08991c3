"""Small secrets that the database keeps, sealed with a key that it does not hold."""

import base64
import binascii
import hashlib
import os

from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.ports import secrets

NONCE = 12
UNREADABLE = Problem(
    code="SECRET_UNREADABLE",
    title="保存的密钥材料无法解密，可能更换过平台密钥。",
    next_step="请重新填写口令、密钥或地址。",
    basis=law.AUTHENTICATION,
    who="技术支持部门",
)


def seal(text: str, *, under: str, of: str) -> str:
    """Return a text sealed by AES-256-GCM under the hub's secret of that name.

    ``of`` says whose it is; sealed for one, it does not open for another.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE)
    sealed = AESGCM(_key(under)).encrypt(nonce, text.encode(), of.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, under: str, of: str) -> str:
    """Return the text in clear. Raises: ``Rejected`` SECRET_UNREADABLE."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = base64.b64decode(sealed)
        return AESGCM(_key(under)).decrypt(raw[:NONCE], raw[NONCE:], of.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise Rejected(UNREADABLE) from None


def _key(name: str) -> bytes:
    return hashlib.sha256(secrets().secret(name).encode()).digest()
