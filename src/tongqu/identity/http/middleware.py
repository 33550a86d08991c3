"""Find out once per request who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tongqu.identity.models import Person
from tongqu.identity.public import actor_for, public_actor


class WhoActs:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        known = isinstance(user, Person) and user.is_active
        request.actor = actor_for(user) if known else public_actor()  # type: ignore[attr-defined,arg-type]  # read by actor_of
        return self.get_response(request)
