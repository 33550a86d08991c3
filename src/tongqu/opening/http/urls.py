"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.opening.http import desk, pages

app_name = "opening"
urlpatterns: list[URLPattern | URLResolver] = [
    path("open/", pages.index, name="index"),
    path("open/history/", pages.history, name="history"),
    path("open/wishes/", pages.wishes, name="wishes"),
    path("open/wishes/<slug:number>/vote/", pages.vote, name="vote"),
    path("open/<slug:code>/", pages.detail, name="detail"),
    path("openmgr/", desk.cases, name="cases"),
    path("openmgr/new/", desk.new, name="new"),
    path("openmgr/voices/", desk.voices, name="voices"),
    path("openmgr/<slug:number>/", desk.case, name="case"),
]
