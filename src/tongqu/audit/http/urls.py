"""Pages of this room."""

from django.urls import path

from tongqu.audit.http import pages

app_name = "audit"
urlpatterns = [
    path("sec/audit/", pages.trail, name="trail"),
    path("sec/audit/<int:entry_id>/proof/", pages.proof, name="proof"),
    path("sec/evidence/", pages.evidence, name="evidence"),
    path("sec/evidence/export/", pages.export, name="export"),
]
