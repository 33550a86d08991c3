"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.catalog.http.pages import (
    desk,
    editing,
    finding,
    importing,
    outgoing,
    reading,
    registers,
)

app_name = "catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("catalog/", finding.search, name="search"),
    path("desk/searches/", finding.saved_searches, name="searches"),
    path("catalog/must-share/", reading.must_share, name="must_share"),
    path("catalog/strategies/", registers.strategies, name="strategies"),
    path("catalog/<slug:code>/", reading.detail, name="detail"),
    path("catalog/<slug:code>/versions/<str:a>..<str:b>/", reading.diff, name="diff"),
    path("manage/catalog/", desk.manage, name="manage"),
    path("catalog.jsonld", outgoing.graph, {"form": "jsonld"}, name="catalog_jsonld"),
    path("catalog.ttl", outgoing.graph, {"form": "ttl"}, name="catalog_ttl"),
    path("manage/catalog/import/", importing.start, name="import"),
    path("manage/catalog/import/scan/", importing.scan, name="import_scan"),
    path("manage/catalog/import/template.xlsx", importing.template, name="import_template"),
    path("manage/catalog/import/<int:number>/", importing.import_run, name="import_run"),
    path(
        "manage/catalog/import/<int:number>/failures.xlsx",
        importing.failures,
        name="import_failures",
    ),
    path("manage/catalog/new/", editing.new, name="new"),
    path("manage/catalog/changes/", registers.changes, name="changes"),
    path("manage/catalog/rules/", registers.rules, name="rules"),
    path("manage/catalog/rules/<slug:code>/", registers.rule, name="rule"),
    path("manage/catalog/identifiers/", registers.identifier_register, name="identifiers"),
    path("manage/catalog/<slug:code>/edit/", editing.edit, name="edit"),
    path("manage/catalog/<slug:code>/check/", desk.check, name="check"),
    path("manage/catalog/<slug:code>/change/", desk.change, name="change"),
    path("manage/receipts/", desk.receipts, name="receipts"),
    path("receipts/", registers.receipt_check, name="receipt_check"),
    path("receipts/revoked.json", registers.revocations, name="revocations"),
    path("receipts/<slug:number>/", reading.receipt, name="receipt"),
    path("receipts/<slug:number>.pdf", reading.receipt_pdf, name="receipt_pdf"),
]
