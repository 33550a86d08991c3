"""Encryption in transit: TLS 1.2 or newer to everybody, with certificates on both sides for peers.

Among hubs plain HTTP exists on the loopback alone; a department's own interface may speak it.
A peer whose certificate does not hold is refused in the handshake, before a byte of HTTP, and
reported as a security event.
"""

import ipaddress
import ssl
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tongqu.kernel.problems import Problem, Rejected, Unavailable
from tongqu.policy.clauses import measures_2021 as law

SECONDS = 30.0
Report = Callable[[str, str], object]  # the peer, the reason
PLAIN_HTTP = Problem(
    code="PLAIN_HTTP",
    title="不得以明文 HTTP 连接本机以外的地址。",
    next_step="请改用 https:// 地址；证书由双方约定的机构签发。",
    basis=law.SECURITY_DUTY,
    who="技术支持部门",
)
PEER_REFUSED = Problem(
    code="PEER_REFUSED",
    title="对端的证书无效或已过期，连接已被拒绝。",
    next_step="请联系对端枢纽更换证书后重试；本次情况已报告数据安全员。",
    basis=law.SECURITY_DUTY,
    who="对端枢纽的技术支持部门",
)


def is_loopback(host: str) -> bool:
    """Say whether an address or a host name is this machine; a unix socket has no address."""
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def client_context(
    authority: Path | None = None, certificate: Path | None = None, key: Path | None = None
) -> ssl.SSLContext:
    """Return the context in which this hub calls others; with a certificate of its own if given.

    Trusts the authorities of the machine, where a province installs its own.
    """
    context = ssl.create_default_context(cafile=str(authority) if authority else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


class Outbound:
    """An HTTP client to one peer that keeps to the policy."""

    def __init__(self, base: str, *, context: ssl.SSLContext, report: Report) -> None:
        parts = urlsplit(base)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            raise Rejected(PLAIN_HTTP)
        self._peer = parts.netloc
        self._report = report
        self._client = httpx.Client(
            base_url=base, verify=context, timeout=SECONDS, follow_redirects=False, trust_env=False
        )

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request. Redirects are not followed: they might lead out of TLS.

        Raises: ``Rejected`` PEER_REFUSED, after it was reported; ``Unavailable``.
        """
        try:
            return self._client.request(method, path, **options)
        except httpx.TransportError as error:
            if (reason := _certificate_reason(error)) is None:
                raise Unavailable(f"{self._peer} did not answer") from error
            self._report(self._peer, reason)
            raise Rejected(PEER_REFUSED) from error

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> "Outbound":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _certificate_reason(error: BaseException | None) -> str | None:
    """Return why a certificate did not hold, wherever the libraries have buried it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or "certificate refused"
        if isinstance(error, ssl.SSLError) and "ALERT" in str(error.reason or "").upper():
            return str(error.reason).replace("_", " ").lower()
        if "certificate" in str(error).lower() and "alert" in str(error).lower():
            return "our certificate was refused"
        error = error.__cause__ or error.__context__
    return None


class PeerSocket(ssl.SSLSocket):
    """A server's socket that reports peers whose certificates do not hold."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except ssl.SSLCertVerificationError as error:
            reason = error.verify_message or "certificate refused"
            for report in _reports(self.context):
                report(self._address(), reason)
            raise

    def _address(self) -> str:
        try:
            return str(self.getpeername()[0])
        except (OSError, IndexError):
            return ""


class PeerContext(ssl.SSLContext):
    """A server's context whose sockets know whom to tell."""

    sslsocket_class = PeerSocket
    report: Report | None = None


def _reports(context: ssl.SSLContext) -> Iterable[Report]:
    report = getattr(context, "report", None)
    return () if report is None else (report,)


def server_context(
    certificate: Path, key: Path | None, *, peers: Path | None, report: Report
) -> ssl.SSLContext:
    """Return the context in which this hub answers.

    With ``peers``, the authority of other hubs, a caller may show a certificate; one that is
    shown must hold. Browsers show none.
    """
    context = PeerContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.report = report
    if peers:
        context.load_verify_locations(peers)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context
