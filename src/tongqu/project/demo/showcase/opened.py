"""Opening: two sets through both reviews, one withdrawn, a report answered; a product on them."""

from tongqu.catalog import public as catalog
from tongqu.delivery.vocabulary import Shown
from tongqu.opening import public as opening
from tongqu.opening.models import OpeningCase, Voice
from tongqu.opening.vocabulary import Concern, ReviewKind, VoiceKind
from tongqu.project.demo.showcase.scene import CATALOGUER, OFFICE, REVIEWER, Scene
from tongqu.project.demo.stage import Told, expect

SECURITY = "demo-security"
OPENED = ("toll_station", "toll_station_control", "service_area")
WITHDRAWN = "service_area"
UNNEEDED = {"phone", "operator_name", "service_phone"}  # telephones count as quasi-identifiers
CLEAR = dict.fromkeys(Concern, True)


def opened(scene: Scene) -> Told:
    """Propose, review twice, assess, decide, publish; the last is withdrawn with its reason."""
    office = scene.actor(OFFICE)
    cases = [_published(scene, slug) for slug in OPENED]
    voice = opening.speak(
        VoiceKind.ERROR, title="示例：一处收费站名称有误", text="示例：名称与现场标志不一致。",
        case=cases[0],
    )  # fmt: skip
    opening.answer(voice.number, text="示例：已核对并更正。", by=scene.actor(REVIEWER))
    wish = opening.speak(VoiceKind.WISH, title="示例：公交到站时刻", text="示例：出行规划使用。")
    opening.answer(wish.number, text="示例：已列入开放计划。", by=office)
    Voice.objects.filter(pk=wish.pk).update(votes=12)  # 示例
    opening.withdraw(
        cases[OPENED.index(WITHDRAWN)].number, reason="示例：提供部门正在改版，改版后重新开放。",
        by=office,
    )  # fmt: skip
    sets = opening.open_sets()
    expect(len(sets) == len(OPENED) - 1, "撤回的数据集不应再开放")
    return {"已开放": len(sets), "已撤回": 1, "公众意见": 2}, "开放数据无需登录即可下载"


def _published(scene: Scene, slug: str) -> OpeningCase:
    by, office = scene.actor(CATALOGUER), scene.actor(OFFICE)
    entry = catalog.published(scene.codes[slug])
    shown = [
        Shown(item.name_en) for item in entry.items
        if item.is_openable and item.level == 1 and item.name_en not in UNNEEDED
    ]  # fmt: skip
    given = opening.Proposal(entry_code=entry.code, reason="示例：公众出行急需。", shown=shown)
    case = opening.propose(given, by=by)
    for who, kind in ((REVIEWER, ReviewKind.LEGAL), (SECURITY, ReviewKind.SAFETY)):
        opening.review(
            case.number, kind, answers=CLEAR, passed=True, reason="示例：经核不涉及。",
            by=scene.actor(who),
        )  # fmt: skip
    opening.assess(case.number, by=scene.actor(SECURITY))
    opening.pass_case(case.number, by=office)
    return opening.publish(case.number, by=office)
