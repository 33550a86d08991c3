"""用户评分: stars and three answers by who uses the data under a grant (QLT-14)."""

from dataclasses import asdict, dataclass

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.public import published
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses.measures_2021 import FEEDBACK
from tongqu.quality import ports
from tongqu.quality.models import Rating

BEST = 5


@dataclass(frozen=True, slots=True)
class Vote:
    """All from 1 to 5."""

    stars: int
    needs_met: int
    data_quality: int
    effect: int


@transaction.atomic
def rate(entry_code: str, vote: Vote, *, by: Actor, grant: str = "", comment: str = "") -> Rating:
    """Keep a person's vote under one of his organisation's grants; a second one replaces it.

    Without ``grant`` the newest counts. Raises: ``Rejected`` NOT_GRANTED, BAD_VOTE.
    """
    require(by, Permission.QUALITY_STARS_GIVE)
    entry = published(entry_code)
    held = ports.grants_of(entry_code, by.organisation_id or 0)
    if by.kind != "person" or not held or (grant and grant not in held):
        raise Rejected(
            Problem(
                code="NOT_GRANTED", title="只有正在使用这项数据的人员可以评分。",
                next_step="请先申请共享，取得授权后再评分。", basis=FEEDBACK, who="使用部门",
            )
        )  # fmt: skip
    wrong = {name: "请在 1 至 5 之间选择。" for name, given in asdict(vote).items()
             if not 1 <= given <= BEST}  # fmt: skip
    if wrong:
        raise Rejected(Problem("BAD_VOTE", "评分不完整。", "请补全标出的内容后重新提交。",
                               basis=FEEDBACK, fields=wrong))  # fmt: skip
    now = clock.now()
    values = {**asdict(vote), "comment": comment.strip()[:300], "changed_at": now,
              "entry_code": entry.code, "organisation_id": by.organisation_id}  # fmt: skip
    kept, is_new = Rating.objects.update_or_create(
        user_key=by.key, grant_number=grant or held[0],
        defaults=values, create_defaults={**values, "given_at": now},
    )  # fmt: skip
    record("quality.stars.given", by=by, subject=entry.code, basis=FEEDBACK,
           details={"stars": vote.stars, "changed": not is_new})  # fmt: skip
    return kept
