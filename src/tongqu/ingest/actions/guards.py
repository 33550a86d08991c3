"""Whose source is it? And one load of a source at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.ingest.models import Source
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public as lake
from tongqu.policy.clauses import measures_2021 as law

NOT_YOUR_SOURCE = Problem(
    code="NOT_YOUR_SOURCE",
    title="这个来源属于其他提供部门。",
    next_step="请由该来源的提供部门办理。",
    basis=law.PROVIDER_DUTY,
    who="提供部门",
)


def landing() -> Path:
    place = Path(settings.LANDING)
    place.mkdir(parents=True, exist_ok=True)
    return place


def owned(provider_id: int, by: Actor) -> None:
    """Refuse who is neither of the providing department, nor the support unit, nor the hub."""
    if by.kind == "platform" or Role.SUPPORT.value in by.roles:
        return
    if by.organisation_id != provider_id:
        raise Rejected(NOT_YOUR_SOURCE)


def may_load(source: Source, by: Actor) -> None:
    if by.kind != "platform":
        require(by, Permission.INGEST_LOAD_RUN)
    owned(source.provider_id, by)


def may_register(provider_id: int, by: Actor) -> None:
    if by.kind != "platform":
        require(by, Permission.INGEST_SOURCE_REGISTER)
    owned(provider_id, by)


class Busy(Exception):
    """Somebody else is loading this source, and the caller did not want to wait."""


@contextmanager
def exclusive(code: str, *, wait: bool = True) -> Iterator[None]:
    """Hold a source for one load. The holder's death lets it go: kill -9 leaves no lock."""
    with lake.alone(f"ingest.{code}", wait=wait) as is_ours:
        if not is_ours:
            raise Busy(code)
        yield
