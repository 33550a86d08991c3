"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.catalog.http.pages import desk, reading

app_name = "catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("catalog/", reading.search, name="search"),
    path("catalog/must-share/", reading.must_share, name="must_share"),
    path("catalog/<slug:code>/", reading.detail, name="detail"),
    path("catalog/<slug:code>/versions/<str:a>..<str:b>/", reading.diff, name="diff"),
    path("manage/catalog/", desk.manage, name="manage"),
    path("manage/catalog/new/", desk.new, name="new"),
    path("manage/catalog/<slug:code>/edit/", desk.edit, name="edit"),
    path("manage/catalog/<slug:code>/check/", desk.check, name="check"),
    path("manage/catalog/<slug:code>/change/", desk.change, name="change"),
    path("manage/receipts/", desk.receipts, name="receipts"),
    path("receipts/<slug:number>/", reading.receipt, name="receipt"),
    path("receipts/<slug:number>.pdf", reading.receipt_pdf, name="receipt_pdf"),
]
