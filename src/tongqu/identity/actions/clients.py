"""Register a consumer's system as an API client (client credentials); show its secret once."""

import ipaddress
import secrets
from collections.abc import Sequence

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.models import ApiClient
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import measures_2021 as law

SCOPE = "hub"
MAX_NETWORKS = 100


@transaction.atomic
def register_client(
    *, system_name: str, networks: Sequence[str], by: Actor
) -> tuple[ApiClient, str]:
    """Register a system of the actor's own department; return it with its secret.

    Raises: ``Rejected`` BAD_NETWORK, CODE_TAKEN.
    """
    organisation_id, owner_id = _department(by)
    name = system_name.strip()
    checked = _networks(networks)
    if ApiClient.objects.filter(organisation_id=organisation_id, system_name=name).exists():
        raise _rejected("CODE_TAKEN", {"system_name": "本单位已登记同名系统。"})
    secret = secrets.token_urlsafe(32)
    outer = Client(name=name[:100], scopes=SCOPE, default_scopes=SCOPE, owner_id=owner_id)
    outer.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
    outer.set_response_types([])
    outer.set_secret(secret)
    outer.save(force_insert=True)
    client = ApiClient.objects.create(
        client_id=outer.pk,
        system_name=name,
        organisation_id=organisation_id,
        owner_id=owner_id,
        networks=checked,
        created_at=clock.now(),
        secret_changed_at=clock.now(),
    )
    record("identity.client.register", by=by, subject=client.client_id, basis=law.AUTHENTICATION,
           details={"system": name, "networks": checked})  # fmt: skip
    return client, secret


@transaction.atomic
def rotate_secret(client_id: str, *, by: Actor) -> tuple[ApiClient, str]:
    """Replace the secret; tokens obtained with the old one stop working at once.

    Whoever asked knows the secret from now on, and is the one who keeps the system.
    """
    client = _own(client_id, by)
    _, client.owner_id = _department(by)
    secret = secrets.token_urlsafe(32)
    outer = Client.objects.get(pk=client_id)
    outer.set_secret(secret)
    outer.save(update_fields=["secret"])
    Token.objects.filter(client_id=client_id).delete()
    client.secret_changed_at = clock.now()
    client.save(update_fields=["secret_changed_at", "owner"])
    record("identity.client.rotate", by=by, subject=client_id, basis=law.AUTHENTICATION)
    return client, secret


@transaction.atomic
def switch_client(client_id: str, *, is_active: bool, by: Actor) -> ApiClient:
    """Stop or resume a system; stopping revokes its tokens."""
    client = _own(client_id, by)
    client.is_active = is_active
    client.save(update_fields=["is_active"])
    if not is_active:
        Token.objects.filter(client_id=client_id).delete()
    action = "identity.client.resume" if is_active else "identity.client.stop"
    record(action, by=by, subject=client_id, basis=law.AUTHENTICATION)
    return client


def _department(by: Actor) -> tuple[int, int]:
    """Return the department and the person for whom a system is kept; a client has no owner."""
    require(by, Permission.IDENTITY_CLIENT_MANAGE)
    if by.organisation_id is None or by.user_id is None:
        raise _rejected("NOT_A_MEMBER", {"system_name": "请由使用部门的人员登记。"})
    return by.organisation_id, by.user_id


def _own(client_id: str, by: Actor) -> ApiClient:
    organisation_id, _ = _department(by)
    found = (
        ApiClient.objects.select_for_update()
        .filter(client_id=client_id, organisation_id=organisation_id)
        .first()
    )
    if found is None:
        raise Rejected(
            Problem(
                code="NOT_FOUND",
                title="本单位没有登记这个系统。",
                next_step="请在“接口调用方”中核对客户端标识。",
            )
        )
    return found


def _networks(lines: Sequence[str]) -> list[str]:
    """Return the networks in their canonical spelling, e.g. ``10.1.0.0/16``."""
    if len(lines) > MAX_NETWORKS:  # each call is held against each of them
        raise _rejected("BAD_NETWORK", {"networks": f"最多 {MAX_NETWORKS} 行，请合并网段。"})
    found = []
    for number, line in enumerate((line.strip() for line in lines if line.strip()), start=1):
        try:
            found.append(str(ipaddress.ip_network(line, strict=False)))
        except ValueError as error:
            says = f"第 {number} 行不是网段，应写成 10.1.0.0/16 或单个地址。"
            raise _rejected("BAD_NETWORK", {"networks": says}) from error
    return found


def _rejected(code: str, fields: dict[str, str]) -> Rejected:
    return Rejected(
        Problem(code=code, title="系统没有登记。", next_step="请改正后重新提交。",
                basis=law.AUTHENTICATION, fields=fields)
    )  # fmt: skip
