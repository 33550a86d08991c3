"""Something on every page of opening: an open set, one under review, a wish, an answer."""

from tests.factories_delivery import served_entry, served_table
from tests.world import World
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.delivery.vocabulary import Shown
from tongqu.opening import public as opening
from tongqu.opening.models import OpeningCase, Voice
from tongqu.opening.vocabulary import Concern, ReviewKind, VoiceKind

STOPS = (
    ItemView(1, "站点编码", "stop", DataType.STRING, 20, is_key=True, is_openable=True),
    ItemView(2, "站点名称", "name", DataType.STRING, 80, is_openable=True),
    ItemView(3, "经度", "lon", DataType.DECIMAL, 12, is_openable=True),
    ItemView(4, "纬度", "lat", DataType.DECIMAL, 12, is_openable=True),
    ItemView(5, "联系电话", "phone", DataType.STRING, 11, level=3, mask="cover"),
)
ROWS = [
    {"stop": f"S{n:03}", "name": f"示例站 {n}", "lon": 115.5 + n / 100, "lat": 28.5 + n / 100,
     "phone": f"138{n:04}5678"}
    for n in range(1, 25)
]  # fmt: skip
CLEAR = dict.fromkeys(Concern, True)


def make(world: World) -> dict[str, str]:
    """Return the codes under which the tests find them."""
    served_table("svc_stops", ROWS, STOPS)
    entry = served_entry(world, "svc_stops", items=STOPS, name="示例·公交站点", level=3)
    case = _proposed(world, entry.code)
    for who, kind in (("provider", ReviewKind.LEGAL), ("security", ReviewKind.SAFETY)):
        opening.review(case.number, kind, answers=CLEAR, passed=True, reason="示例：经核不涉及。",
                       by=world.actor(who))  # fmt: skip
    opening.assess(case.number, by=world.actor("security"))
    opening.pass_case(case.number, by=world.actor("managing"))
    case = opening.publish(case.number, by=world.actor("managing"))
    for title in ("示例：站点坐标偏移", "示例：一处站名有误"):
        voice = opening.speak(VoiceKind.ERROR, title=title, text="示例内容。", case=case)
    opening.answer(voice.number, text="示例：已更正。", by=world.actor("provider"))
    wish = opening.speak(VoiceKind.WISH, title="示例：公交到站", text="示例用途。")
    opening.answer(wish.number, text="示例：已列入计划。", by=world.actor("managing"))
    Voice.objects.filter(pk=wish.pk).update(votes=50)
    other = served_entry(world, "svc_stops", items=STOPS, name="示例·候车亭", level=3)
    return {"open_set": entry.code, "case": _proposed(world, other.code).number,
            "open_case": case.number}  # fmt: skip


def _proposed(world: World, code: str) -> OpeningCase:
    shown = [Shown(name) for name in ("stop", "name", "lon", "lat")]
    shown.append(Shown("phone", "cover"))
    given = opening.Proposal(entry_code=code, reason="示例：公众出行急需。", shown=shown)
    return opening.propose(given, by=world.actor("cataloguer"))
