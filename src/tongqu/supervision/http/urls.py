"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.supervision.http import pages

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sup/projects/", pages.project_list, name="projects"),
    path("sup/projects/<str:code>/", pages.project, name="project"),
    path("sup/platform/", pages.platform, name="platform"),
    path("sup/rectifications/", pages.rectifications, name="rectifications"),
]
