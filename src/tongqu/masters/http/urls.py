"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.masters.http import checks, pages

app_name = "masters"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/masters/", pages.overview, name="overview"),
    path("manage/masters/desk/", pages.desk, name="desk"),
    path("manage/masters/desk/<int:number>/", pages.pair, name="pair"),
    path("manage/masters/clashes/", pages.clashes, name="clashes"),
    path("manage/masters/proposals/", pages.proposals, name="proposals"),
    path("manage/masters/records/<str:scheme>/", pages.records, name="records"),
    path("manage/masters/records/<str:scheme>/<str:key>/", pages.record, name="record"),
    path("manage/cross-checks/", checks.checks, name="checks"),
    path("manage/cross-checks/<str:code>/", checks.check, name="check"),
]
