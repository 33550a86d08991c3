"""The API of quality: measure, read, keep rules. Tickets and cases: ``loop_api``."""

from django.http import HttpRequest
from ninja import Router, Status

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.quality import public
from tongqu.quality.http.schemas import (
    PackOut,
    RulesIn,
    ScanOut,
)
from tongqu.quality.vocabulary import ScanView

router = Router()


@router.get("/quality/entries/{code}", response={200: ScanOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_RESULT_READ)
def newest(request: HttpRequest, code: str) -> ScanOut:
    """最近一次检测结果。"""
    found = public.score(code)
    if found is None:
        raise Rejected(Problem("NO_SUCH_SCAN", "还没有检测结果。", "请技术支持部门运行检测。"))
    return ScanOut.of(found)


@router.post("/quality/entries/{code}/scan", response={201: ScanOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_SCAN_RUN)
def run(request: HttpRequest, code: str) -> Status[ScanOut]:
    """立即检测；发现问题的派单到提供部门。"""
    view: ScanView = public.scan(code, by=actor_of(request))
    return Status(201, ScanOut.of(view))


@router.put("/quality/entries/{code}/rules", response={200: PackOut, PROBLEMS: ProblemOut})
@requires(Permission.QUALITY_SCAN_RUN)
def keep_rules(request: HttpRequest, code: str, body: RulesIn) -> PackOut:
    """保存规则为新版本；内容未变则版本不变。"""
    version = public.save_pack(code, body.rules, by=actor_of(request))
    return PackOut(entry_code=code, version=version)
