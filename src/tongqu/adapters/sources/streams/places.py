"""Which brokers may be connected to: those that the operators listed, as for databases."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law


@dataclass(frozen=True, slots=True)
class Broker:
    host: str
    port: int
    is_encrypted: bool


def refused(why: str) -> Rejected:
    return Rejected(
        Problem(
            code="ADDRESS_REFUSED",
            title=f"不能连接这个消息服务：{why}。",
            next_step="请技术支持部门核对后，把地址登记到允许的名单（TONGQU_SCAN_ALLOWED）。",
            basis=law.CONNECT_IN_TIME,
            who="技术支持部门",
        )
    )


def wrong(setting: str, why: str) -> Rejected:
    return Rejected(
        Problem(
            code="OPTION_WRONG",
            title=f"接入设置不对：{why}。",
            next_step="请改正后重试。",
            basis=law.CONNECT_IN_TIME,
            fields={setting: why},
        )
    )


def broker(address: str, schemes: dict[str, tuple[int, bool]], allowed: Sequence[str]) -> Broker:
    """Return where an address such as ``mqtts://host:8883`` leads. Raises: ``Rejected``."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").casefold().rstrip("."), parts.port
    except ValueError:
        raise refused("地址的写法不对") from None
    if parts.scheme not in schemes:
        raise refused("地址须以 " + "、".join(f"{name}://" for name in schemes) + " 开头")
    if parts.username or parts.password or parts.query or parts.path.strip("/"):
        raise refused("地址只写主机和端口，口令另填")
    usual, is_encrypted = schemes[parts.scheme]
    found = Broker(host, port or usual, is_encrypted)
    if not host or not _is_allowed(found, allowed):
        raise refused("不在允许的名单里")
    return found


def _is_allowed(found: Broker, allowed: Sequence[str]) -> bool:
    for entry in (entry.casefold() for entry in allowed if not entry.startswith("/")):
        if entry in {found.host, f"{found.host}:{found.port}", f"[{found.host}]:{found.port}"}:
            return True
        if "/" in entry and _lies_in(found, entry):
            return True
    return False


def _lies_in(found: Broker, entry: str) -> bool:
    try:
        network = ip_network(entry)
        infos = socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM)
        places = [ip_address(str(info[4][0]).partition("%")[0]) for info in infos]
    except (ValueError, OSError):
        return False
    return bool(places) and all(place in network for place in places)
