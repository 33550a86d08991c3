"""Pages of delivery."""

from django.urls import URLPattern, URLResolver, path

from tongqu.delivery.http import adhoc, pages

app_name = "delivery"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/grants/", pages.my_grants, name="my_grants"),
    path("desk/grants/<str:number>/", pages.my_grant, name="my_grant"),
    path("desk/grants/<str:number>/try/", pages.try_it, name="try_it"),
    path("desk/grants/<str:number>/downloads/", pages.start_download, name="start_download"),
    path("desk/grants/<str:number>/downloads/<str:key>/", pages.download, name="download"),
    path(
        "desk/grants/<str:number>/downloads/<str:key>/file",
        pages.download_file,
        name="download_file",
    ),
    path("manage/query/", adhoc.page, name="query"),
    path("manage/query/export", adhoc.export_file, name="query_export"),
    path("share/services/", pages.services, name="services"),
]
