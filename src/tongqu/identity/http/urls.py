"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.identity.http import client_pages, pages, pilot_pages, tokens

app_name = "identity"
urlpatterns: list[URLPattern | URLResolver] = [
    path("iceberg/v1/oauth/tokens", tokens.reader_token, name="reader_token"),
    path("desk/reader-token/", tokens.own_reader_token, name="own_reader_token"),
    path("login/demo/", pages.demo_login, name="demo_login"),
    path("sys/organisations/", pages.organisations, name="organisations"),
    path("sys/organisations/new/", pages.new_organisation, name="organisation_new"),
    path("sys/organisations/<str:code>/", pages.organisation, name="organisation"),
    path("sys/organisations/<str:code>/edit/", pages.edit, name="organisation_edit"),
    path("sys/organisations/<str:code>/end/", pages.end_organisation, name="organisation_end"),
    path("sys/organisations/<str:code>/people/", pages.new_person, name="person_new"),
    path("sys/organisations/<str:code>/roles/", pages.new_assignment, name="assignment_new"),
    path(
        "sys/organisations/<str:code>/roles/<int:pk>/end/",
        pages.drop_assignment,
        name="assignment_end",
    ),
    path("sys/pilots/", pilot_pages.pilots, name="pilots"),
    path("sys/clients/", client_pages.clients, name="clients"),
    path("sys/clients/<str:client_id>/rotate/", client_pages.rotate, name="client_rotate"),
    path("sys/clients/<str:client_id>/switch/", client_pages.switch, name="client_switch"),
]
