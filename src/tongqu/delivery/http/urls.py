"""Pages of delivery."""

from django.urls import URLPattern, URLResolver, path

from tongqu.delivery.http import adhoc, iceberg, objects, pages

app_name = "delivery"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/grants/", pages.my_grants, name="my_grants"),
    path("desk/grants/<str:number>/", pages.my_grant, name="my_grant"),
    path("desk/grants/<str:number>/try/", pages.try_it, name="try_it"),
    path("desk/grants/<str:number>/handle/", pages.handle, name="handle"),
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
    path("iceberg/v1/config", iceberg.config, name="iceberg_config"),
    path("iceberg/v1/<str:prefix>/namespaces", iceberg.namespaces, name="iceberg_namespaces"),
    path(
        "iceberg/v1/<str:prefix>/namespaces/<str:namespace>",
        iceberg.namespace,
        name="iceberg_namespace",
    ),
    path(
        "iceberg/v1/<str:prefix>/namespaces/<str:namespace>/tables",
        iceberg.tables,
        name="iceberg_tables",
    ),
    path(
        "iceberg/v1/<str:prefix>/namespaces/<str:namespace>/tables/<str:table>",
        iceberg.table,
        name="iceberg_table",
    ),
    path(
        "iceberg/v1/<str:prefix>/namespaces/<str:namespace>/tables/<str:table>/credentials",
        iceberg.credentials,
        name="iceberg_credentials",
    ),
    path("iceberg/files/<path:name>", objects.fetch, name="iceberg_file"),
]
