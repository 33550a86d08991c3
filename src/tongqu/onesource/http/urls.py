"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.onesource.http import pages

app_name = "onesource"
urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/onesource/", pages.authorities, name="authorities"),
    path("manage/onesource/<int:number>/end/", pages.end, name="end"),
    path("manage/onesource/pairs/", pages.pairs, name="pairs"),
    path("manage/onesource/following/", pages.following, name="following"),
]
