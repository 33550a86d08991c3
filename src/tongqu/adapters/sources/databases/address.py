"""Where a scan may go: only to what the operators have listed, and never by a detour."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law

DRIVERS = {
    "sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres":
    "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql",
    "oracle": "oracle+oracledb", "mssql": "mssql+pymssql", "dm": "dm+dmPython",
    "kingbase8": "kingbase8+ksycopg2", "opengauss": "opengauss+psycopg2",
    "gaussdb": "opengauss+psycopg2",
}  # fmt: skip
# What must be installed beside the platform for databases whose drivers are not free to ship.
PACKAGES = {
    "dm": "dmPython、dmSQLAlchemy", "kingbase8": "ksycopg2、sqlalchemy-kingbase",
    "opengauss": "opengauss-sqlalchemy、psycopg2", "gaussdb": "opengauss-sqlalchemy、psycopg2",
    "oracle": "oracledb", "mssql": "pymssql",
}  # fmt: skip
Address = IPv4Address | IPv6Address
PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "mssql": 1433,
         "dm": 5236, "kingbase8": 54321, "opengauss": 5432, "gaussdb": 8000}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An address that may be scanned. ``numeric``: the address behind the name, looked up
    once, so that a name cannot lead elsewhere on the second look. ``shown`` has no secret."""

    url: URL
    kind: str
    numeric: str
    shown: str


def refused(why: str) -> Rejected:
    return Rejected(
        Problem(
            code="ADDRESS_REFUSED",
            title=f"不能扫描这个地址：{why}。",
            next_step="请技术支持部门核对后，把地址登记到允许扫描的名单（TONGQU_SCAN_ALLOWED）。",
            basis=law.COMPILE,
            who="技术支持部门",
            fields={"secret_address": why},
        )
    )


def place(address: str, *, allowed: Sequence[str]) -> Place:
    """Return where a scan goes. Raises: ``Rejected`` ADDRESS_REFUSED."""
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        raise refused("地址的写法不对") from None
    kind = {"kingbase": "kingbase8"}.get(url.get_backend_name(), url.get_backend_name())
    driver = DRIVERS.get(kind)
    if driver is None:
        raise refused("不支持这种数据库")
    kind = "postgresql" if kind == "postgres" else kind
    if kind == "sqlite":
        return _file(url, allowed)
    socket_folder = str(url.query.get("host", ""))
    if set(url.query) - ({"host"} if kind == "postgresql" else set()):
        raise refused("地址不能带其他连接参数")
    plain = url.set(drivername=driver, query={})
    if socket_folder:
        place_of = folder(socket_folder, allowed)
        return Place(plain, kind, str(place_of), f"{kind} {url.database or ''}".strip())
    numeric = _host(url, kind, allowed)
    return Place(plain, kind, numeric, f"{kind} {url.host}/{url.database or ''}")


def _file(url: URL, allowed: Sequence[str]) -> Place:
    if url.query or not url.database or url.database.startswith((":", "file:")):
        raise refused("请写文件的完整路径")
    path = Path(url.database)
    folder(str(path.parent), allowed)
    real = path.resolve()
    folder(str(real.parent), allowed)  # a link must not lead out of the folder
    if not real.is_file():
        raise refused("没有这个文件")
    with real.open("rb") as file:
        if file.read(15) != b"SQLite format 3":
            raise refused("文件不是 SQLite 数据库")
    plain = URL.create("sqlite+pysqlite", database=str(real))
    return Place(plain, "sqlite", "", f"sqlite {real.name}")


def folder(text: str, allowed: Sequence[str]) -> Path:
    path = Path(text).resolve()
    roots = [Path(root).resolve() for root in allowed if root.startswith("/")]
    if not any(path.is_relative_to(root) for root in roots):
        raise refused("不在允许扫描的文件夹里")
    return path


def _host(url: URL, kind: str, allowed: Sequence[str]) -> str:
    return numeric_host(url.host or "", url.port or PORTS[kind], allowed=allowed)


def numeric_host(host: str, port: int, *, allowed: Sequence[str]) -> str:
    """Return the address behind a host that is listed. Raises: ``Rejected`` ADDRESS_REFUSED."""
    host = host.casefold().rstrip(".")
    if not host:
        raise refused("没有写主机")
    if not 0 < port < 1 << 16:
        raise refused("端口的写法不对")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        # Only of a name on the list: nobody tries the network's names out here.
        is_listed = any(entry.casefold().partition(":")[0] == host for entry in allowed)
        raise refused("主机名解析不到" if is_listed else "不在允许扫描的名单里") from None
    addresses = sorted(ip_address(str(text).partition("%")[0]) for text in found)
    if not any(_is_listed(entry, host, port, addresses) for entry in allowed):
        raise refused("不在允许扫描的名单里")
    if any(_is_never(address) for address in addresses):
        raise refused("这是本机链路或保留地址")
    return str(addresses[0])


def _is_listed(entry: str, host: str, port: int, addresses: Sequence[Address]) -> bool:
    """Decide whether an entry such as ``db.example``, ``10.1.2.3:5432``, ``10.1.0.0/16`` fits."""
    if entry.startswith("/"):
        return False
    name, _, wanted = entry.casefold().rpartition(":")
    if name and wanted.isdecimal() and not name.endswith(":"):
        return name == host and int(wanted) == port
    if "/" in entry:
        try:
            network = ip_network(entry)
        except ValueError:
            return False
        return all(address in network for address in addresses)
    return entry.casefold() == host


def _is_never(address: Address) -> bool:
    """Link-local addresses lead to the cloud's metadata service; nobody keeps a database there."""
    found = getattr(address, "ipv4_mapped", None) or address
    return bool(
        found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved
    )
