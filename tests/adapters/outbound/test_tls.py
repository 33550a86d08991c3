"""Real TLS servers and clients with certificates made for the test."""

import contextlib
import os
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tongqu.adapters.outbound.tls import Outbound, client_context
from tongqu.kernel.problems import Rejected, Unavailable

DAY = timedelta(days=1)


class Authority:
    """A small authority of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.path = folder / "ca.pem"
        now = datetime.now(UTC)
        cert = self._cert("示例 CA", self.key, now - DAY, now + DAY, is_ca=True)
        self.path.write_bytes(cert.public_bytes(serialization.Encoding.PEM))

    def _cert(self, name, key, begin, end, *, is_ca=False):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例 CA")])
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        return (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin).not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(names, critical=False)
            .sign(self.key, hashes.SHA256())
        )  # fmt: skip

    def issue(self, name: str, *, is_expired: bool = False) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        end = now - timedelta(hours=1) if is_expired else now + DAY
        cert = self._cert(name, key, now - 2 * DAY, end)
        found = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        found[0].write_bytes(cert.public_bytes(serialization.Encoding.PEM))
        found[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return found


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def hub(authority: Authority, tmp_path_factory: pytest.TempPathFactory):
    """A hub that serves TLS itself and knows the authority of its peers; gives its address."""
    home = tmp_path_factory.mktemp("hub")
    certificate, key = authority.issue("hub")
    port = _free_port()
    environment = os.environ | {
        "TONGQU_HOME": str(home), "DATABASE_URL": "", "TONGQU_DEMO": "",
        "TONGQU_TLS_CERTIFICATE": str(certificate), "TONGQU_TLS_KEY": str(key),
        "TONGQU_TLS_PEERS": str(authority.path),
        "TONGQU_BASE_URL": f"https://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "tongqu.project.settings",
    }  # fmt: skip
    program = (
        "import django\n"
        "from django.conf import settings\n"
        "class NoMigrations(dict):\n"
        "    __contains__ = lambda self, app: True\n"
        "    __getitem__ = lambda self, app: None\n"
        "settings.MIGRATION_MODULES = NoMigrations()\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', run_syncdb=True, interactive=False, verbosity=0)\n"
        "from tongqu.project import installation\n"
        f"installation.serve('127.0.0.1:{port}', with_jobs=False)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], env=environment)
    try:
        context = client_context(authority.path)
        for _ in range(600):
            try:
                httpx.get(f"https://localhost:{port}/healthz", verify=context, trust_env=False)
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.1)
        yield port, home
    finally:
        process.terminate()
        process.wait(20)


def _events(home: Path) -> list[tuple[str, str]]:
    import sqlite3

    with sqlite3.connect(home / "tongqu.db") as found:
        return found.execute("SELECT kind, details FROM security_securityevent").fetchall()


@pytest.mark.req("PRT-04")
def test_a_peer_with_an_expired_certificate_is_refused_and_reported(
    hub, authority: Authority
) -> None:
    port, home = hub
    address = f"https://localhost:{port}"
    good = client_context(authority.path, *authority.issue("city"))
    with Outbound(address, context=good, report=print) as peer:
        assert peer.request("GET", "/healthz").status_code == 200
    assert _events(home) == []

    expired = client_context(authority.path, *authority.issue("old-city", is_expired=True))
    with (
        Outbound(address, context=expired, report=lambda *_: None) as peer,
        pytest.raises((Rejected, Unavailable)),
    ):
        peer.request("GET", "/healthz")

    for _ in range(50):
        if found := _events(home):
            break
        time.sleep(0.1)
    assert [kind for kind, _ in found] == ["peer_refused"]
    assert "expired" in found[0][1]
    assert "127.0.0.1" in found[0][1]


@pytest.mark.req("PRT-04")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the versions that are refused here
def test_less_than_tls_1_2_and_plain_http_are_not_answered(hub, authority: Authority) -> None:
    port, _ = hub
    old = client_context(authority.path)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1

    for ask in (
        lambda: httpx.get(f"https://localhost:{port}/healthz", verify=old, trust_env=False),
        lambda: httpx.get(f"http://localhost:{port}/healthz", trust_env=False),
    ):
        with pytest.raises(httpx.TransportError):
            ask()


@pytest.mark.req("PRT-04")
def test_a_hub_that_we_call_with_an_expired_certificate_is_refused_and_reported(
    authority: Authority,
) -> None:
    import threading

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("expired-hub", is_expired=True))
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with listener, listener.accept()[0] as raw, contextlib.suppress(OSError):
            context.wrap_socket(raw, server_side=True)

    thread = threading.Thread(target=answer)
    thread.start()
    told = []
    address = f"https://localhost:{listener.getsockname()[1]}"

    with (
        Outbound(
            address, context=client_context(authority.path), report=lambda *x: told.append(x)
        ) as peer,
        pytest.raises(Rejected, match="PEER_REFUSED"),
    ):
        peer.request("GET", "/api/v1/catalog")

    thread.join(10)
    assert told == [(address.removeprefix("https://"), "certificate has expired")]


@pytest.mark.req("PRT-04")
@pytest.mark.parametrize(
    "address", ["http://hub.example.org", "http://10.0.0.8", "ftp://127.0.0.1"]
)
def test_nothing_goes_out_in_plain_http(address: str) -> None:
    with pytest.raises(Rejected, match="PLAIN_HTTP"):
        Outbound(address, context=client_context(), report=print)


@pytest.mark.req("PRT-04")
@pytest.mark.parametrize(
    ("remote", "path", "scheme", "is_let_in"),
    [
        ("127.0.0.1", "/api/v1/catalog", "http", True),
        ("::1", "/", "http", True),
        ("10.0.0.8", "/", "http", False),
        ("10.0.0.8", "/api/v1/catalog", "http", False),
        ("10.0.0.8", "/healthz", "http", True),
        ("10.0.0.8", "/api/v1/catalog", "https", True),
        ("nonsense", "/", "http", False),
    ],
)
def test_plain_http_comes_in_from_this_machine_only(
    monkeypatch, remote: str, path: str, scheme: str, is_let_in: bool
) -> None:
    from tongqu.project import wsgi

    monkeypatch.setattr(wsgi, "django_application", lambda *_: [b"in"])
    said = []

    body = wsgi.application(
        {"wsgi.url_scheme": scheme, "REMOTE_ADDR": remote, "PATH_INFO": path,
         "REQUEST_METHOD": "GET"},
        lambda status, headers: said.append(status),
    )  # fmt: skip

    assert (body == [b"in"]) == is_let_in
    assert said == ([] if is_let_in else ["403 Forbidden"])
