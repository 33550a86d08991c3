"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.ingest.http import pages, pulls, supply

app_name = "ingest"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/ingest/", pages.tasks, name="tasks"),
    path("manage/ingest/new/", pages.new, name="new"),
    path("manage/ingest/external/", supply.external, name="external"),
    path("manage/ingest/external/new/", supply.external_new, name="external_new"),
    path("manage/ingest/templates/", supply.template_list, name="templates"),
    path("manage/ingest/templates/new/", supply.template_new, name="template_new"),
    path("manage/ingest/templates/<str:code>/", supply.template, name="template"),
    path(
        "manage/ingest/templates/<str:code>/members/",
        supply.template_member,
        name="template_member",
    ),
    path("manage/ingest/connections/", pulls.connections, name="connections"),
    path(
        "manage/ingest/connections/new/<str:connector>/",
        pulls.connection_new,
        name="connection_new",
    ),
    path("manage/ingest/connections/<str:code>/", pulls.connection, name="connection"),
    path("manage/ingest/runs/<str:number>/", pulls.run, name="run"),
    path("manage/ingest/migrations/", pulls.migrations, name="migrations"),
    path("manage/ingest/migrations/new/", pulls.migration_new, name="migration_new"),
    path("manage/ingest/migrations/<str:code>/", pulls.migration, name="migration"),
    path("manage/ingest/layers/", supply.layers, name="layers"),
    path("manage/ingest/batches/<str:number>/up/", supply.pass_up, name="pass_up"),
    path("manage/ingest/batches/<str:number>/withdraw/", pages.withdraw, name="withdraw"),
    path("manage/ingest/batches/<str:number>/", pages.batch, name="batch"),
    path("manage/ingest/batches/<str:number>/rejected.csv", pages.rejected, name="rejected"),
    path("manage/ingest/<str:code>/", pages.task, name="task"),
    path("manage/ingest/<str:code>/act/", pulls.act, name="act"),
    path("manage/ingest/<str:code>/options/", pages.options, name="options"),
    path("manage/ingest/<str:code>/upload/", pages.upload, name="upload"),
    path("manage/ingest/<str:code>/draft/", pages.draft, name="draft"),
]
