"""Who acts: the one value that every action takes as ``by=``."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an API client or the platform itself, with what it may do now.

    ``permissions`` is already resolved from the roles; ``organisation_id`` is NULL for
    the platform and for the public.
    """

    kind: str  # "person" | "client" | "platform" | "public"
    key: str  # stable: user name or client id
    name: str  # for people to read
    organisation_id: int | None = None
    organisation_code: str = ""
    organisation_name: str = ""
    roles: frozenset[str] = field(default=frozenset())
    permissions: frozenset[str] = field(default=frozenset())
    assurance: int = 0  # 0 anonymous, 1 password, 2 verified identity (实名核验)
    user_id: int | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def __str__(self) -> str:
        return f"{self.organisation_name} {self.name}".strip()


PLATFORM = Actor(kind="platform", key="platform", name="共享平台", assurance=2)
PUBLIC = Actor(kind="public", key="public", name="公众", roles=frozenset({"public"}))
