"""Pages of this room."""

from django.urls import path

from tongqu.security.http import pages

app_name = "security"
urlpatterns = [path("sec/risks/", pages.events, name="events")]
