"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.policy.http import document_pages, pages, settings_pages

app_name = "policy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("policies/", pages.library, name="library"),
    path("policies/coverage/", pages.coverage, name="coverage"),
    path("policies/import/", pages.import_file, name="import"),
    path("policies/clauses/<str:regulation>/<str:place>/", pages.clause, name="clause"),
    path("policies/documents/new/", document_pages.new, name="document_new"),
    path("policies/documents/<slug:key>/", document_pages.document, name="document"),
    path("sys/holidays/", settings_pages.holidays, name="holidays"),
    path("sys/holidays/<int:year>/", settings_pages.edit_year, name="holidays_edit"),
    path("sys/profiles/", settings_pages.profiles, name="profiles"),
    path("sys/profiles/new/", settings_pages.new_profile, name="profile_new"),
]
