"""自管库: which of the seven groups a fact of the platform's own belongs to."""

from enum import StrEnum

from tongqu.lake.vocabulary import TableRef, dw_ref


class Group(StrEnum):
    """自管数据分组 (gd-2024 三（三）). The value ends the name of the group's table."""

    METADATA = "metadata"  # 元数据
    CATALOGUE = "catalogue"  # 目录管理
    EXCHANGE = "exchange"  # 供需管理
    TRACING = "tracing"  # 溯源管理
    QUALITY = "quality"  # 质量管理
    SECURITY = "security"  # 安全管理
    SUPERVISION = "supervision"  # 数据监管


GROUP_LABELS: dict[Group, str] = {
    Group.METADATA: "元数据",
    Group.CATALOGUE: "目录管理",
    Group.EXCHANGE: "供需管理",
    Group.TRACING: "溯源管理",
    Group.QUALITY: "质量管理",
    Group.SECURITY: "安全管理",
    Group.SUPERVISION: "数据监管",
}
# By the room that the action's name begins with; calls go where data and people are watched.
ROOMS: dict[str, Group] = {
    "standards": Group.METADATA,
    "functions": Group.METADATA,
    "onesource": Group.METADATA,
    "policy": Group.METADATA,
    "catalog": Group.CATALOGUE,
    "ledger": Group.CATALOGUE,
    "sharing": Group.EXCHANGE,
    "delivery": Group.EXCHANGE,
    "opening": Group.EXCHANGE,
    "ingest": Group.TRACING,
    "assets": Group.TRACING,
    "lake": Group.TRACING,
    "masters": Group.QUALITY,
    "quality": Group.QUALITY,
    "security": Group.SECURITY,
    "identity": Group.SECURITY,
    "audit": Group.SECURITY,
    "supervision": Group.SUPERVISION,
}
# Columns of every table of the library, as DuckDB types.
COLUMNS: dict[str, str] = {
    "position": "BIGINT",  # order of sealing: it has no gap, and grows
    "entry": "BIGINT",
    "at": "TIMESTAMPTZ",
    "kind": "VARCHAR",
    "action": "VARCHAR",
    "outcome": "VARCHAR",
    "actor_kind": "VARCHAR",
    "actor": "VARCHAR",
    "organisation": "VARCHAR",
    "subject": "VARCHAR",
    "purpose": "VARCHAR",
    "grant_number": "VARCHAR",
    "rows": "BIGINT",
    "code": "VARCHAR",
    "basis": "VARCHAR",
    "details": "VARCHAR",
}


def group_sql() -> str:
    """Return the CASE that finds the group of an ``action``, for a whole column at once."""
    room = "split_part(action, '.', 1)"
    branches = " ".join(f"WHEN '{name}' THEN '{group}'" for name, group in ROOMS.items())
    return (
        f"CASE WHEN kind = 'call' THEN '{Group.SUPERVISION}' "
        f"ELSE CASE {room} {branches} ELSE '{Group.SUPERVISION}' END END"
    )


def table_of(group: Group) -> TableRef:
    return dw_ref(f"dw_self_{group}")
