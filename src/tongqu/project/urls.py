"""Every address of the platform."""

from django.urls import include, path

from tongqu.project import health
from tongqu.project.api import api

ROOMS = ("policy", "audit", "identity", "security", "standards", "catalog", "functions", "lake",
         "ingest", "quality", "delivery", "assets", "masters", "sharing", "opening", "products",
         "onesource", "ledger", "supervision", "portal")  # fmt: skip

urlpatterns = [
    path("healthz", health.healthz),
    path("api/v1/", api.urls),
    path("", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
    *(path("", include(f"tongqu.{room}.http.urls")) for room in ROOMS),
]

handler400 = "tongqu.portal.http.pages.bad_request"
handler403 = "tongqu.portal.http.pages.forbidden"
handler404 = "tongqu.project.problems.not_found"
handler500 = "tongqu.portal.http.pages.server_error"
