"""The permission matrix, played: every role against every endpoint that exists.

Without the permission the answer is 401 or 403, or the way to the log-in page; with it, it
is anything else that is not a fault: 404 for a name that stands for nothing, 422 for an
empty form. One logged-in browser a role keeps the test quick.
"""

import pytest
from django.test import Client

from tests.endpoints import Endpoint, operations, pages
from tests.world import PEOPLE, World
from tongqu.identity.permissions import permissions_of
from tongqu.identity.vocabulary import Role

pytestmark = pytest.mark.django_db
BY_ROLE = {role: username for username, role, _ in reversed(PEOPLE)}
REFUSED = {401, 403}
# Object-level refusals after the permission was found: their codes say that they are such.
OF_THE_GUARD = {"NOT_LOGGED_IN", "NOT_PERMITTED"}


def browser(world: World, role: Role) -> Client:
    client = Client(raise_request_exception=True)
    if role is not Role.PUBLIC:
        client.force_login(
            world.people[BY_ROLE[role]], backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


def answer(client: Client, endpoint: Endpoint):
    path = endpoint.filled()
    if endpoint.method == "GET":
        return client.get(path)
    if path.startswith("/api/"):
        return client.generic(endpoint.method, path, b"{}", content_type="application/json")
    return client.generic(
        endpoint.method, path, b"", content_type="application/x-www-form-urlencoded"
    )


def refused_by_the_guard(response) -> bool:
    if response.status_code not in REFUSED:
        return False
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        return response.json()["code"] in OF_THE_GUARD
    problem = response.context.get("problem") if response.context else None
    return problem is None or problem.code in OF_THE_GUARD


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", ["pages", "operations"])
def test_a_role_enters_where_the_matrix_lets_it_and_nowhere_else(world, at, role, kind) -> None:
    client = browser(world, role)
    may = permissions_of(frozenset({role.value, Role.PUBLIC.value}))
    wrong = []

    for endpoint in pages() if kind == "pages" else operations():
        response = answer(client, endpoint)
        is_refused = refused_by_the_guard(response)
        if is_refused == (endpoint.permission in may) or response.status_code >= 500:
            wrong.append(f"{endpoint} [{endpoint.permission}] answered {response.status_code}")

    assert wrong == []
