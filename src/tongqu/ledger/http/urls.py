"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.ledger.http.pages import batches, flows, merges, reports, surveys

app_name = "ledger"
urlpatterns: list[URLPattern | URLResolver] = [
    path("stats/", reports.stock, name="stock"),
    path("manage/surveys/", surveys.surveys, name="surveys"),
    path("manage/surveys/<int:pk>/", surveys.survey, name="survey"),
    path("manage/surveys/<int:pk>/answer/", surveys.answer, name="answer"),
    path("manage/merges/", merges.merges, name="merges"),
    path("manage/merges/<int:pk>/", merges.merge, name="merge"),
    path("manage/batches/", batches.batches, name="batches"),
    path("manage/batches/<int:number>/", batches.batch, name="batch"),
    path("manage/batches/<int:number>/export/<slug:form>/", batches.batch_file, name="batch_file"),
    path("manage/coverage/", reports.coverage, name="coverage"),
    path("manage/coverage/export/<slug:form>/", reports.coverage_file, name="coverage_file"),
    path("manage/crossings/", reports.crossings, name="crossings"),
    path("manage/ledger/", reports.ledger, name="ledger"),
    path("manage/ledger/export/<slug:form>/", reports.ledger_file, name="ledger_file"),
    path("manage/ledger/resources/", reports.resource_ledger, name="resources"),
    path("manage/ledger/resources/export/<slug:form>/", reports.resource_file,
         name="resource_file"),
    path("manage/ledger/<int:pk>/", reports.ledger_object, name="object"),
    path("manage/flow/", flows.flow, name="flow"),
    path("manage/flow/<int:pk>/", flows.flow_instance, name="flow_instance"),
]  # fmt: skip
