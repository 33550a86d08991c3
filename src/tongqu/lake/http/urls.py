"""Pages of the lake."""

from django.urls import path

from tongqu.lake.http import library_pages, model_pages, pages, upkeep

app_name = "lake"
urlpatterns = [
    path("manage/lake/", pages.tables, name="tables"),
    path("manage/lake/<str:name>/", pages.table, name="table"),
    path("manage/lake-upkeep/", upkeep.overview, name="upkeep"),
    path("manage/lake-upkeep/start/", upkeep.start, name="start"),
    path("manage/lake-upkeep/targets/", upkeep.target, name="target"),
    path("manage/lake-upkeep/damages/<int:number>/heal/", upkeep.heal, name="heal"),
    path("manage/lineage/", pages.lineage, name="lineage"),
    path("manage/lineage/<str:table>/", pages.lineage, name="lineage_of"),
    path("manage/chains/", pages.chains, name="chains"),
    path("manage/models/", model_pages.models, name="models"),
    path("manage/models/<slug:name>/", model_pages.model, name="model"),
    path("manage/libraries/", library_pages.overview, name="libraries"),
    path("manage/topics/", library_pages.topics, name="topics"),
    path("manage/topics/<slug:code>/", library_pages.topic, name="topic"),
    path("manage/service-objects/", library_pages.service_objects, name="service_objects"),
    path("manage/business-models/", library_pages.business_models, name="business_models"),
    path(
        "manage/business-models/<slug:code>/", library_pages.business_model, name="business_model"
    ),
]
