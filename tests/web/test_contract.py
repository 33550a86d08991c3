"""The API keeps to its own document, whatever it is sent: schemathesis attacks every operation."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string  # type: ignore[attr-defined]  # for the token
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CHECKS, load_all_checks

import tongqu
from tests import endpoints
from tests import world as worlds
from tongqu.identity.permissions import permissions_of
from tongqu.project.api import api

load_all_checks()
CHECKED = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_schema_conformance", "response_headers_conformance", "unsupported_method",
        "negative_data_rejection",
    )
]  # fmt: skip
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ATTACKS = hypothesis_settings(
    max_examples=2,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Each role sees other branches of the same operations.
ROLES = ("consumer", "cataloguer", "support", "managing")
ROLE_OF = {name: role.value for name, role, _ in worlds.PEOPLE}


@pytest.fixture
def server(transactional_db: None, live_server: Any, lake: Any) -> str:
    return live_server.url


@pytest.fixture
def people(transactional_db: None) -> worlds.World:
    return worlds.build()


def document() -> dict[str, Any]:
    return api.get_openapi_schema()


@cache
def operations() -> list[Any]:
    """Return what is attacked, read once: each operation keeps how its cases are made."""
    schema = schemathesis.openapi.from_dict(document())
    return [result.ok() for result in schema.get_all_operations()]


def test_every_operation_says_how_it_refuses() -> None:
    silent = [
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if not {"401", "403"} <= {str(status) for status in operation["responses"]}
    ]

    assert silent == []


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")  # the attacker's own, about shapes it cannot generate
@pytest.mark.parametrize("role", ROLES)
def test_no_answer_leaves_the_document(role: str, server: str, people: worlds.World) -> None:
    client = Client()
    client.force_login(people.people[role], "django.contrib.auth.backends.ModelBackend")
    token = _get_new_csrf_string()
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.CSRF_COOKIE_NAME: token,
    }

    def attack(case: Any) -> None:
        headers = {"X-CSRFToken": token} if case.method.upper() in WRITES else {}
        case.call_and_validate(
            base_url=server, cookies=cookies, headers=headers, checks=CHECKED, timeout=60
        )

    for operation in operations():
        if role not in _met_by(operation):
            continue
        # Each role meets cases of its own, and the same ones in every run.
        seeded = seed(crc32(f"{role} {operation.label}".encode()))
        seeded(ATTACKS(given(case=operation.as_strategy())(attack)))()


def _met_by(operation: Any) -> list[str]:
    """Return two roles for an operation: one that may enter, where there is one, and another.

    Whom an operation lets in is the permission matrix's question, not this one's.
    """
    turn = crc32(operation.label.encode()) % len(ROLES)
    roles = [*ROLES[turn:], *ROLES[:turn]]
    demanded = _demanded()[operation.label]
    entering = [role for role in roles if demanded in permissions_of(frozenset({ROLE_OF[role]}))]
    return list(dict.fromkeys([*entering[:1], *roles]))[:2]


@cache
def _demanded() -> dict[str, str | None]:
    """Return the permission of each operation, by method and route as the document names it."""
    plain = re.compile(r"\{\w+:")
    return {
        f"{found.method} {plain.sub('{', found.route)}": found.permission
        for found in endpoints.operations()
    }


def test_no_two_rooms_give_one_name_to_different_schemas() -> None:
    """Ninja merges schemas by name: the second would silently overwrite the first."""
    found: dict[str, set[str]] = {}
    root = Path(tongqu.__file__).parent
    for path in root.rglob("*.py"):
        room = path.relative_to(root).parts[0]
        for name, kind in re.findall(r"^class (\w+)\((Schema|Strict|Word|StrEnum)\)",
                                     path.read_text(), re.M):  # fmt: skip
            if kind in {"Schema", "Strict"} or _is_shown(name, root / room / "http"):
                found.setdefault(name, set()).add(room)

    twice = {name: rooms for name, rooms in found.items() if len(rooms) > 1 and name != "Strict"}
    assert twice == {}


def _is_shown(word: str, pages: Path) -> bool:
    """Say whether an enumeration is the type of a field or parameter of a room's API."""
    texts = [path.read_text() for path in (*pages.glob("*api*.py"), *pages.glob("*schemas*.py"))]
    return any(re.search(rf"(?::\s|\[){word}\b", text) for text in texts)
