"""Secrets of connections: sealed with a key that the database does not hold."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping

from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.ports import secrets

NONCE = 12
UNSEALABLE = Problem(
    code="SECRET_UNREADABLE",
    title="连接的密钥材料无法解密，可能更换过平台密钥。",
    next_step="请在连接页重新填写口令或密钥。",
    basis=law.AUTHENTICATION,
    who="技术支持部门",
)


def _key() -> bytes:
    return hashlib.sha256(secrets().secret("ingest-connections").encode()).digest()


def seal(given: Mapping[str, str], *, of: str) -> str:
    """Return secrets as a sealed text, bound to the connection: it opens no other."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not given:
        return ""
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_key()).encrypt(nonce, json.dumps(dict(given)).encode(), of.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(text: str, *, of: str) -> dict[str, str]:
    """Return the secrets in clear. Raises: ``Rejected`` SECRET_UNREADABLE."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not text:
        return {}
    raw = base64.b64decode(text)
    try:
        plain = AESGCM(_key()).decrypt(raw[:NONCE], raw[NONCE:], of.encode())
    except InvalidTag:
        raise Rejected(UNSEALABLE) from None
    found: dict[str, str] = json.loads(plain)
    return found
