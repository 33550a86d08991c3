"""Pages of quality."""

from django.urls import path

from tongqu.quality.http import pages

app_name = "quality"
urlpatterns = [
    path("manage/quality/", pages.overview, name="overview"),
    path("manage/quality/issues/", pages.issues, name="issues"),
    path("manage/quality/issues/<str:number>/", pages.issue, name="issue"),
    path("manage/quality/runs/<str:number>/", pages.run, name="run"),
]
