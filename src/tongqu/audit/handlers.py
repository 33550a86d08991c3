"""What the trail learns from the framework: log-ins, log-outs, and its own migrations."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connections
from django.db.models.signals import post_migrate
from django.http import HttpRequest

from tongqu.audit.append_only import install
from tongqu.audit.public import Outcome, record
from tongqu.kernel import addresses
from tongqu.kernel.actor import PUBLIC, Actor

UNKNOWN = "unknown"


def connect(app: AppConfig) -> None:
    """Listen; called once, when the room is ready."""
    user_logged_in.connect(logged_in, dispatch_uid="audit.logged_in")
    user_logged_out.connect(logged_out, dispatch_uid="audit.logged_out")
    user_login_failed.connect(login_failed, dispatch_uid="audit.login_failed")
    post_migrate.connect(keep_append_only, sender=app, dispatch_uid="audit.append_only")


def keep_append_only(using: str, **_: Any) -> None:
    """Put the triggers back: SQLite drops them when a migration rebuilds a table."""
    install(connections[using])


def logged_in(request: HttpRequest | None, user: AbstractBaseUser, **_: Any) -> None:
    record("identity.login", by=_actor(user), address=_address(request))


def logged_out(request: HttpRequest | None, user: AbstractBaseUser | None, **_: Any) -> None:
    if user is not None:  # a log-out without a log-in tells nothing
        record("identity.logout", by=_actor(user), address=_address(request))


def login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Record who was tried, if there is such an account.

    People type their password where the name goes: a name that is no account is not kept.
    """
    people = get_user_model()
    name = str(credentials.get(people.USERNAME_FIELD) or "").replace("\x00", "")
    person = people._default_manager.filter(**{people.USERNAME_FIELD: name}).first()
    record(
        "identity.login",
        by=_actor(person) if person else Actor(PUBLIC.kind, UNKNOWN, PUBLIC.name),
        outcome=Outcome.REFUSED,
        code="LOGIN_FAILED",
        address=_address(request),
    )


def _actor(user: Any) -> Actor:
    organisation = getattr(user, "organisation", None)  # audit stands below identity
    return Actor(
        kind="person",
        key=user.get_username(),
        name=str(user),
        organisation_code=organisation.code if organisation else "",
    )


def _address(request: HttpRequest | None) -> str:
    return addresses.full(request.META.get("REMOTE_ADDR", "")) if request is not None else ""
