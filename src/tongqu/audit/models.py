"""The trail (审计) and its evidence chain (存证): rows are only ever added."""

from django.db import models

from tongqu.audit.domain.digest import sm3
from tongqu.audit.domain.signatures import spelled
from tongqu.audit.vocabulary import HeadView, Kind, Outcome, Signature
from tongqu.kernel.canonical import canonical


class AuditEntry(models.Model):
    """One thing that happened. Append-only: the database itself refuses change.

    ``digest`` is the SM3 of the canonical form of every other column.
    """

    at = models.DateTimeField("时间", db_index=True)
    kind = models.CharField("类别", max_length=10)
    action = models.CharField("动作", max_length=80, db_index=True)
    outcome = models.CharField("结果", max_length=10)
    actor_kind = models.CharField("主体类型", max_length=10)
    actor_key = models.CharField("主体", max_length=120, db_index=True)
    organisation_code = models.CharField("单位", max_length=40, blank=True, db_index=True)
    subject = models.CharField("对象", max_length=200, blank=True, db_index=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    purpose = models.CharField("用途", max_length=80, blank=True)
    grant = models.CharField("授权", max_length=60, blank=True, db_index=True)
    rows = models.BigIntegerField("行数", null=True)
    code = models.CharField("代码", max_length=60, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    details = models.JSONField("说明", default=dict)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="audit_entry_kind", condition=models.Q(kind__in=[k.value for k in Kind])
            ),
            models.CheckConstraint(
                name="audit_entry_outcome",
                condition=models.Q(outcome__in=[o.value for o in Outcome]),
            ),
        ]

    def facts(self) -> dict[str, object]:
        """Return what the digest covers: every column but the key and the digest."""
        return {
            field.attname: getattr(self, field.attname)
            for field in AuditEntry._meta.concrete_fields
            if field.attname not in {"id", "digest"}
        }

    def computed_digest(self) -> str:
        """Return the SM3 of the canonical form of ``facts``."""
        return sm3(canonical(self.facts())).hex()


class Seal(models.Model):
    """One link of the chain: ``chain`` = SM3(previous chain ‖ entry digest)."""

    position = models.BigIntegerField("位置", primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    entry_digest = models.CharField("事项摘要", max_length=64)
    chain = models.CharField("链值", max_length=64)

    class Meta:
        ordering = ["position"]


class Head(models.Model):
    """A signed Merkle head over the first ``size`` seals."""

    size = models.BigIntegerField("长度", unique=True)
    root = models.CharField("根", max_length=64)
    chain = models.CharField("链值", max_length=64)
    peaks = models.JSONField(
        "子树根", default=list
    )  # the next head starts here, not at the first seal
    at = models.DateTimeField("时间")
    algorithm = models.CharField("签名算法", max_length=20)
    key_id = models.CharField("密钥标识", max_length=64)
    signature = models.TextField("签名")

    class Meta:
        ordering = ["size"]

    def view(self) -> HeadView:
        signature = Signature(self.algorithm, self.key_id, self.signature)
        return HeadView(self.size, self.root, self.chain, spelled(self.at), signature)
