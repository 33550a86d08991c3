"""What the log-in page needs."""

from typing import Any

from django import template
from django.conf import settings

from tongqu.identity.models import Person
from tongqu.identity.queries import demo_people
from tongqu.kernel.resume import SESSION_KEY

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[Person]:
    """Return the example accounts in a demonstration, and nothing anywhere else."""
    return list(demo_people()) if settings.IS_DEMO else []


@register.simple_tag(takes_context=True)
def has_resumed_form(context: dict[str, Any]) -> bool:
    """Return whether a form waits for its writer to log in again."""
    request = context.get("request")
    return request is not None and SESSION_KEY in request.session


@register.filter
def word(code: object, words: dict[Any, str]) -> str:
    """Return the Chinese word for a code, e.g. ``{{ person.role|word:roles }}``."""
    return words.get(code, str(code))
