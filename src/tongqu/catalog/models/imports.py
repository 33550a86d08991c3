"""Imports of the catalogue: what came in, what became of it, and what has to be corrected."""

from django.db import models

from tongqu.catalog.models.words import one_of
from tongqu.catalog.vocabulary import ImportForm, ImportState


class ImportRun(models.Model):
    """一次批量著录. ``content`` is kept from the preview until it is confirmed."""

    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    by = models.CharField("导入人", max_length=120)
    name = models.CharField("文件", max_length=200)
    form = models.CharField("格式", max_length=10)
    digest = models.CharField("SHA-256", max_length=64)
    state = models.CharField("状态", max_length=10, default=ImportState.PREVIEW)
    total = models.PositiveIntegerField("条目数", default=0)
    items = models.PositiveIntegerField("信息项数", default=0)
    drafted = models.PositiveIntegerField("已建草稿", default=0)
    existing = models.PositiveIntegerField("已有", default=0)
    failed = models.PositiveIntegerField("须改正", default=0)
    notes = models.JSONField("说明", default=list, blank=True)
    # What could not be taken, as written, with reasons: enough to give it back as a sheet.
    failures = models.JSONField("须改正的条目", default=list, blank=True)
    rows = models.JSONField("结果", default=list, blank=True)  # [name, identifier, outcome]
    content = models.BinaryField("待确认的文件", default=b"")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("import_form_known", "form", ImportForm),
            one_of("import_state_known", "state", ImportState),
        ]

    @property
    def form_label(self) -> str:
        return ImportForm(self.form).label

    @property
    def state_label(self) -> str:
        return ImportState(self.state).label
