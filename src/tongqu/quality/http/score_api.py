"""The API of scores and of what follows from them."""

from django.http import HttpRequest
from ninja import Query, Router, Status

from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.quality.actions import (
    assess,
    gates,
    incentives,
    index,
    opinions,
    reality,
    standards,
    weights,
)
from tongqu.quality.http import score_schemas as s
from tongqu.quality.models import GateCase, PointEntry, QualityStandard, RealityCase
from tongqu.quality.queries import assessment as assessments
from tongqu.quality.queries import gating
from tongqu.quality.queries import index as indices

router = Router()
READ = frozenset({400, 401, 403, 404, 422})
MOST = 500


@router.get("/quality/index", response={200: list[s.IndexOut], READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def list_index(request: HttpRequest, query: Query[s.IndexIn]) -> list[s.IndexOut]:
    """一个月的质量指数，得分低的在前；旧月份保持当时的权重和得分。"""
    month = s.day_of(query.month) if query.month else next(iter(indices.months()), None)
    if month is None:
        return []
    found = indices.values(month, query.scope).select_related("weights")
    return [s.IndexOut.of(row) for row in found[query.offset : query.offset + query.limit]]


@router.post("/quality/index", response={200: list[str], PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_SCAN_RUN)
def compute_index(request: HttpRequest) -> list[str]:
    """立即计算本月指数，并结算已过去的月份；重复执行结果不变。"""
    return [f"{month:%Y-%m}" for month in index.compute(by=actor_of(request))]


@router.get("/quality/index/{int:pk}", response={200: s.IndexReasonsOut, READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def index_reasons(request: HttpRequest, pk: int) -> s.IndexReasonsOut:
    """一项指数及其失分的规则。"""
    found = indices.value(pk)
    reasons = [s.ReasonOut.of(reason) for reason in indices.reasons(found)]
    return s.IndexReasonsOut(value=s.IndexOut.of(found), reasons=reasons)


@router.post("/quality/weights", response={201: s.WeightsOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_ASSESSMENT_EDIT)
def set_weights(request: HttpRequest, body: s.WeightsIn) -> Status[s.WeightsOut]:
    """设定维度权重的新版本；过去的月份不变。"""
    month = s.day_of(body.from_month) if body.from_month else None
    made = weights.set_weights(body.weights, by=actor_of(request), from_month=month, note=body.note)
    return Status(201, s.WeightsOut.of(made))


@router.get("/quality/assessments", response={200: list[s.AssessmentOut], READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def list_assessments(request: HttpRequest) -> list[s.AssessmentOut]:
    """最近各期评估的名次：月度、季度、年度。"""
    periods = assessments.periods()[:6]
    return [s.AssessmentOut.of(row) for one in periods for row in assessments.ranking(one)]


@router.get("/quality/improvements", response={200: list[s.ImprovementOut], READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def list_improvements(request: HttpRequest) -> list[s.ImprovementOut]:
    """本部门的改进任务；技术支持与监管岗位可见全部。"""
    found = assessments.improvements(actor_of(request))[:MOST]
    return [s.ImprovementOut.of(row) for row in found]


@router.post(
    "/quality/improvements/{number}/measures",
    response={200: s.ImprovementOut, PROBLEMS: ProblemOut},
)
@requires(Permission.QUALITY_TICKET_HANDLE)
def tell_measures(request: HttpRequest, number: str, body: s.MeasuresIn) -> s.ImprovementOut:
    """填报改进措施；任务以下一次得分办结。"""
    annotate(request, subject=number)
    return s.ImprovementOut.of(assess.tell_measures(number, body.measures, by=actor_of(request)))


@router.get("/quality/points", response={200: s.LedgerOfPointsOut, READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def points(request: HttpRequest) -> s.LedgerOfPointsOut:
    """激励台账：各部门按规则的合计，以及可查证的明细。"""
    lines = assessments.entries(actor_of(request))[:MOST]
    return s.LedgerOfPointsOut(
        sums=[
            s.EarnedOut(organisation=row.name, rule=row.rule, title=row.title, count=row.count,
                        value=row.value, points=row.points)
            for row in assessments.earned()
        ],
        lines=[_line(row) for row in lines],
    )  # fmt: skip


def _line(row: PointEntry) -> s.PointLineOut:
    return s.PointLineOut(organisation=row.organisation.name, rule=row.rule, points=row.points,
                          evidence=row.evidence, at=row.at)  # fmt: skip


@router.put("/quality/points/rules/{code}", response={200: s.PointRuleOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_ASSESSMENT_EDIT)
def set_points(request: HttpRequest, code: str, body: s.PointValueIn) -> s.PointRuleOut:
    """设定一项激励规则的分值；已记入台账的不变。"""
    made = incentives.set_rule(code, value=body.value, by=actor_of(request))
    return s.PointRuleOut(code=made.code, title=made.title, value=made.value, version=made.version)


@router.put("/quality/entries/{code}/gate", response={200: s.PassGateOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_ASSESSMENT_EDIT)
def set_gate(request: HttpRequest, code: str, body: s.PassGateIn) -> s.PassGateOut:
    """设定一个数据集的质量门槛。"""
    made = gates.set_gate(code, body.gate, by=actor_of(request), table=body.table)
    return s.PassGateOut(entry_code=made.entry_code, gate=made.gate, table=made.table)


@router.get("/quality/gates", response={200: list[s.GateCaseOut], READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def list_gate_cases(request: HttpRequest) -> list[s.GateCaseOut]:
    """留在本层或经放行的快照和批次，新的在前。"""
    found: list[GateCase] = list(gating.cases(actor_of(request))[:MOST])
    return [s.GateCaseOut.of(row) for row in found]


@router.post("/quality/gates/{number}/waive", response={200: s.GateCaseOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_GATE_WAIVE)
def waive(request: HttpRequest, number: str, body: s.WaiverIn) -> s.GateCaseOut:
    """主管部门写明理由，放行这一个快照或批次。"""
    annotate(request, subject=number)
    return s.GateCaseOut.of(gates.waive(number, reason=body.reason, by=actor_of(request)))


@router.post("/quality/standards", response={201: s.QualityStandardOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_STANDARD_EDIT)
def publish_standard(
    request: HttpRequest, body: s.QualityStandardIn
) -> Status[s.QualityStandardOut]:
    """发布本部门的数据质量标准和管理指南，规则绑定到所列目录。"""
    draft = standards.StandardDraft(
        title=body.title, standard=body.standard, guideline=body.guideline, owner=body.owner,
        rules=body.rules, entry_codes=body.entry_codes,
    )  # fmt: skip
    made: QualityStandard = standards.publish_standard(draft, by=actor_of(request), code=body.code)
    return Status(201, s.QualityStandardOut(
        code=made.code, version=made.version, title=made.title, owner=made.owner,
        organisation=made.organisation.code, entry_codes=made.entry_codes,
    ))  # fmt: skip


@router.put("/quality/entries/{code}/stars", response={200: s.StarsOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_STARS_GIVE)
def rate(request: HttpRequest, code: str, body: s.StarsIn) -> s.StarsOut:
    """使用人员评分：1 至 5 星和三项回答；同一授权下每人一票，可以改。"""
    annotate(request, subject=code)
    vote = opinions.Vote(body.stars, body.needs_met, body.data_quality, body.effect)
    kept = opinions.rate(code, vote, by=actor_of(request), grant=body.grant, comment=body.comment)
    return s.StarsOut(entry_code=kept.entry_code, grant=kept.grant_number, stars=kept.stars)


@router.get("/quality/reality", response={200: list[s.RealityOut], READ: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def list_reality(request: HttpRequest) -> list[s.RealityOut]:
    """目录与实际不符的事项；提供部门可见本部门的。"""
    found: list[RealityCase] = list(gating.reality(actor_of(request))[:MOST])
    return [s.RealityOut.of(row) for row in found]


@router.post("/quality/reality/{number}", response={200: s.RealityOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_CASE_DECIDE)
def decide_reality(request: HttpRequest, number: str, body: s.RealityDecisionIn) -> s.RealityOut:
    """派质量工单，或转目录变更登记。"""
    annotate(request, subject=number)
    return s.RealityOut.of(reality.decide(number, body.command, by=actor_of(request)))
