"""Pages of this room."""

from django.urls import URLPattern, URLResolver

app_name = "functions"
urlpatterns: list[URLPattern | URLResolver] = []
