"""How the platform proves who it is to an interface. Secrets never leave this module in words."""

import base64
import hashlib
import secrets as random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tongqu.ingest.ports import Connection
from tongqu.kernel import clock

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request before it goes out; ``query`` is encoded by the client, in this order."""

    method: str
    path: str
    query: Pairs = ()
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def canonical(request: Request, *, timestamp: str, nonce: str) -> bytes:
    """Return what is signed: method, path, sorted query, SM3 of the body, time, nonce; by lines."""
    from gmssl import func, sm3

    query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(request.query))
    digest = sm3.sm3_hash(func.bytes_to_list(request.body))
    parts = (request.method.upper(), request.path, query, digest, timestamp, nonce)
    return "\n".join(parts).encode()


def sm2_headers(request: Request, *, app: str, private: str, public: str) -> dict[str, str]:
    """Return the headers of a signed request; the signature is r and s as 128 hex digits."""
    from gmssl import sm2

    timestamp, nonce = str(int(clock.now().timestamp())), random.token_hex(16)
    signer = sm2.CryptSM2(private_key=private, public_key=public)
    signature = signer.sign_with_sm3(canonical(request, timestamp=timestamp, nonce=nonce))
    return {"X-App-Id": app, "X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}


class Credentials:
    """Adds to each request what the interface wants to see. ``token`` fetches an OAuth2 token."""

    def __init__(self, connection: Connection, given: Mapping[str, Any],
                 token: Callable[[str, bytes, Mapping[str, str]], str]) -> None:  # fmt: skip
        self._secret = connection.secrets.get("secret", "")
        self._given, self._fetch, self._token = given, token, ""

    @property
    def can_renew(self) -> bool:
        return bool(self._given["auth"] == "oauth2")

    def forget(self) -> None:
        """Drop a token that the interface no longer takes: the next request fetches another."""
        self._token = ""

    def signed(self, request: Request) -> Request:
        given, headers, query = self._given, dict(request.headers), request.query
        match given["auth"]:
            case "header":
                headers[given["key_name"]] = self._secret
            case "query":
                query = (*query, (given["key_name"], self._secret))
            case "basic":
                headers["Authorization"] = self._basic()
            case "oauth2":
                headers["Authorization"] = f"Bearer {self._bearer()}"
            case "sm2":
                headers |= sm2_headers(request, app=given["user"], private=self._secret,
                                       public=given["sm2_public_key"])  # fmt: skip
        return Request(request.method, request.path, query, request.body, headers)

    def _basic(self) -> str:
        pair = f"{self._given['user']}:{self._secret}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def _bearer(self) -> str:
        if not self._token:
            scope = self._given["scope"]
            form = "grant_type=client_credentials" + (f"&scope={quote(scope)}" if scope else "")
            headers = {"Authorization": self._basic(),
                       "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
            self._token = self._fetch(self._given["token_path"], form.encode(), headers)
        return self._token


def fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
