"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.ingest.http import pages

app_name = "ingest"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/ingest/", pages.tasks, name="tasks"),
    path("manage/ingest/new/", pages.new, name="new"),
    path("manage/ingest/batches/<str:number>/", pages.batch, name="batch"),
    path("manage/ingest/batches/<str:number>/rejected.csv", pages.rejected, name="rejected"),
    path("manage/ingest/<str:code>/", pages.task, name="task"),
    path("manage/ingest/<str:code>/upload/", pages.upload, name="upload"),
    path("manage/ingest/<str:code>/draft/", pages.draft, name="draft"),
]
