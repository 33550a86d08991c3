"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest

from tongqu.identity.public import actor_of


def frame(request: HttpRequest) -> dict[str, object]:
    return {"actor": actor_of(request), "is_demo": settings.IS_DEMO}
