"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.portal.http import pages

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("desk/", pages.desk, name="desk"),
    path("desk/todo/", pages.todo, name="todo"),
    path("desk/messages/", pages.messages, name="messages"),
    path("desk/messages/read/", pages.messages_read, name="messages_read"),
    path("help/", pages.help_page, name="help"),
    path("api-guide/", pages.api_guide, name="api_guide"),
    path("styleguide/", pages.styleguide, name="styleguide"),
]
