"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.sharing.http import beside, bundles, desk, duties, flow, ledger, needs, pages, provider

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
    path("manage/sharing-flow/", flow.flow, name="flow"),
    path("manage/sharing-flow/<int:version>.json", flow.flow_file, name="flow_file"),
    path("share/packages/", bundles.bundles, name="bundles"),
    path("share/packages/<slug:code>/", bundles.bundle, name="bundle"),
    path(
        "desk/package-applications/<slug:number>/",
        bundles.bundle_application,
        name="bundle_application",
    ),
    path("share/needs/", needs.pool, name="needs"),
    path("share/needs/<slug:number>/", needs.need, name="need"),
    path("share/needs/tasks/<slug:number>/", needs.supply, name="supply"),
    path("share/duties/", duties.duties, name="duties"),
    path("share/duties/<slug:code>/", duties.duty, name="duty"),
    path("share/grants/", ledger.grants, name="grants"),
    path("share/feedback/", ledger.feedback, name="feedback"),
]
