"""A person's token for readers of Iceberg: hours long, good at that door alone, shown once."""

import secrets
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token
from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.policy.access import require

HOURS = 8  # a working day


@transaction.atomic
def issue_reader_token(*, by: Actor) -> tuple[str, datetime]:
    """Return a token and its end; the person's former one ends now."""
    require(by, Permission.LAKE_TABLE_READ)
    Token.objects.filter(user_id=by.user_id, client=None).delete()
    value, until = secrets.token_urlsafe(32), clock.now() + timedelta(hours=HOURS)
    token = Token(
        type=Token.Type.ACCESS_TOKEN, user_id=by.user_id, created_at=clock.now(), expires_at=until
    )
    token.set_value(value)
    token.set_scopes(["iceberg"])
    token.save()
    record("identity.reader_token.issue", by=by, subject=by.key, details={"until": until})
    return value, until
