"""Every page and every API operation declares the permission it needs, and means it."""

from tests.endpoints import operations, pages

from tongqu.identity.permissions import ROLE_PERMISSIONS
from tongqu.identity.vocabulary import Permission, Role


def test_an_endpoint_declares_a_known_permission() -> None:
    known = {permission.value for permission in Permission}

    assert [
        f"{found} in {found.view.__module__}.{found.view.__name__}: {found.permission}"
        for found in [*pages(), *operations()]
        if found.permission not in known
    ] == [], "put @requires(Permission.…) of identity.public (or policy.access below it) on it"


def test_there_are_endpoints_to_look_at() -> None:
    assert len(pages()) > 10
    assert len(operations()) > 5


def test_the_gate_of_each_operation_is_its_own_permission() -> None:
    from tongqu.project.api import api

    ungated = [
        path
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if not operation.auth_callbacks
    ]

    assert ungated == []


def test_every_role_stands_in_the_matrix() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_is_given_to_somebody_and_they_are_in_order() -> None:
    given = frozenset().union(*ROLE_PERMISSIONS.values())

    assert set(Permission) - given == set()
    assert [p.value for p in Permission] == sorted(p.value for p in Permission)


def test_the_auditor_writes_nothing_elsewhere() -> None:
    # As a member of the public anybody may report an error in open data. To run a query is to
    # read: it is one SELECT over what the asker may see.
    writes = {p for p in ROLE_PERMISSIONS[Role.AUDITOR] - ROLE_PERMISSIONS[Role.PUBLIC]
              if p.value.rpartition(".")[2] not in {"read", "verify", "check"}}  # fmt: skip
    writes -= {Permission.DELIVERY_QUERY_RUN}

    assert writes == set()


def test_what_the_public_may_is_what_everybody_may() -> None:
    assert all(ROLE_PERMISSIONS[Role.PUBLIC] <= held for held in ROLE_PERMISSIONS.values())
