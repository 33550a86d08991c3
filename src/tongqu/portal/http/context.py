"""What every page's frame needs. Computed when a template asks for it, not before."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from tongqu.identity.public import actor_of, public_actor
from tongqu.identity.vocabulary import ROLE_LABELS, Role
from tongqu.kernel.actor import Actor
from tongqu.portal import navigation, queries


@dataclass
class Frame:
    """The frame around one page for one reader."""

    actor: Actor
    path: str

    @cached_property
    def portal_links(self) -> tuple[navigation.Link, ...]:
        return navigation.links(navigation.PORTAL, self.actor, self.path)

    @cached_property
    def sections(self) -> tuple[navigation.Section, ...]:
        return navigation.sections(self.actor, self.path)

    @cached_property
    def tabs(self) -> tuple[navigation.Link, ...]:
        return navigation.links(navigation.TABBAR, self.actor, self.path)

    @cached_property
    def unread(self) -> int:
        return queries.unread(self.actor)

    @cached_property
    def todo_count(self) -> int:
        return len(queries.todos(self.actor))

    @cached_property
    def role_names(self) -> str:
        """Return the reader's posts for the header: 岗位."""
        held = (Role(role) for role in sorted(self.actor.roles) if role in set(Role))
        return "、".join(ROLE_LABELS[role] for role in held if role is not Role.PUBLIC)


def frame(request: HttpRequest) -> dict[str, object]:
    actor = actor_of(request)
    return {
        "actor": actor,
        "is_demo": settings.IS_DEMO,
        "frame": Frame(actor, request.path),
    }


def bare() -> dict[str, object]:
    """Return the frame for a page that may touch nothing: no request, no database."""
    actor = public_actor()
    return {"actor": actor, "is_demo": settings.IS_DEMO, "frame": Frame(actor, "")}
