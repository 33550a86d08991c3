"""Pages of this room."""

from django.urls import URLPattern, URLResolver

app_name = "lake"
urlpatterns: list[URLPattern | URLResolver] = []
