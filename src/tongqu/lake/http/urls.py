"""Pages of the lake."""

from django.urls import path

from tongqu.lake.http import pages

app_name = "lake"
urlpatterns = [
    path("manage/lake/", pages.tables, name="tables"),
    path("manage/lake/<str:name>/", pages.table, name="table"),
    path("manage/lineage/", pages.lineage, name="lineage"),
]
