"""Is a read signed by who holds the secret? AWS Signature Version 4, as readers of S3 sign.

Pure: the caller passes what came and the time. Only signatures in the header count: an
address that carries its own signature could be handed on.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

SKEW = timedelta(minutes=15)  # between the reader's clock and ours
NOTHING = hashlib.sha256(b"").hexdigest()  # a read has no body
NEEDED = frozenset({"host", "x-amz-date"})
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[A-Za-z0-9]{1,40})/(?P<day>\d{8})"
    r"/(?P<region>[a-z0-9-]{1,40})/s3/aws4_request, *SignedHeaders=(?P<names>[a-z0-9;-]{1,1000})"
    r", *Signature=(?P<mark>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the header of a signed call says about its signature."""

    key: str
    day: str
    region: str
    names: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Read:
    """A call as it came: the decoded path, and headers by their lower-case names."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]


def claim_of(authorization: str) -> Claim | None:
    found = _AUTHORIZATION.fullmatch(authorization.strip())
    if found is None:
        return None
    names = tuple(found["names"].split(";"))
    return Claim(found["key"], found["day"], found["region"], names, found["mark"])


def holds(claim: Claim, secret: str, read: Read, now: datetime) -> bool:
    """Say whether the secret made this signature for this very call, and just now."""
    if not set(claim.names) >= NEEDED or list(claim.names) != sorted(set(claim.names)):
        return False
    stamp = read.headers.get("x-amz-date", "")
    at = _moment(stamp)
    if at is None or abs(now - at) > SKEW or stamp[:8] != claim.day:
        return False
    expected = signature(claim, secret, read, stamp)
    return hmac.compare_digest(expected, claim.signature)


def signature(claim: Claim, secret: str, read: Read, stamp: str) -> str:
    digest = hashlib.sha256(_canonical(claim, read).encode()).hexdigest()
    scope = f"{claim.day}/{claim.region}/s3/aws4_request"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _mac(key, part)
    return _mac(key, "\n".join(("AWS4-HMAC-SHA256", stamp, scope, digest))).hex()


def _canonical(claim: Claim, read: Read) -> str:
    return "\n".join(
        (
            read.method,
            quote(read.path, safe="/-_.~"),
            "&".join(_pairs(read.query)),
            *(f"{name}:{' '.join(read.headers.get(name, '').split())}" for name in claim.names),
            "",
            ";".join(claim.names),
            read.headers.get("x-amz-content-sha256", NOTHING),
        )
    )


def _pairs(query: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (f"{name}={value}" for name, value in sorted((_q(n), _q(v)) for n, v in query))


def _q(text: str) -> str:
    return quote(text, safe="-_.~")


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
