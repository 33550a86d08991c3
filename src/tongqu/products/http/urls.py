"""Pages of this room."""

from django.urls import URLPattern, URLResolver, path

from tongqu.products.http import pages

app_name = "products"
urlpatterns: list[URLPattern | URLResolver] = [
    path("products/prd03/", pages.prd03, name="prd03"),
]
