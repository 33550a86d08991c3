"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.sharing.http import beside, desk, ledger, pages, provider

app_name = "sharing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/apply/", pages.apply, name="apply"),
    path("desk/applications/", pages.applications, name="applications"),
    path("desk/applications/<slug:number>/", pages.application, name="application"),
    path("desk/todo/<slug:number>/", desk.case, name="case"),
    path("desk/provider/", provider.provider, name="provider"),
    path("desk/grants/<slug:number>/purpose/", beside.purpose, name="purpose"),
    path("manage/entrust/", beside.entrust, name="entrust"),
    path("manage/coordination/", beside.coordination, name="coordination"),
    path("share/grants/", ledger.grants, name="grants"),
    path("share/feedback/", ledger.feedback, name="feedback"),
]
