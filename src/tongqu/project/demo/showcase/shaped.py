"""The libraries: business models that cities follow, and a topic from a template."""

from tongqu.lake.actions import business, topics
from tongqu.lake.domain.business import Attribute
from tongqu.lake.vocabulary import ModelLevel, ModelScope
from tongqu.project.demo.showcase.scene import OFFICE, Scene
from tongqu.project.demo.stage import Told

MODEL = "operating_vehicle"
FIRST = (
    Attribute("vehicle", "plate", "车牌号", "string", "DE-PLATE", required=True),
    Attribute("vehicle", "plate_color", "车牌颜色", "string", "DE-PCOL", required=True),
    Attribute("vehicle", "seats", "核定座位数", "string"),
)
SECOND = (
    *FIRST[:2],
    Attribute("vehicle", "seats", "核定座位数", "integer", required=True),
    Attribute("vehicle", "energy", "能源种类", "string"),
)
CITY, OTHER_CITY, CONSUMER = "demo-city", "demo-city-two", "demo-consumer"


def modelled(scene: Scene) -> Told:
    """The province publishes a core model twice; one city follows, the other has a task."""
    head = business.ModelHead(MODEL, "示例：营运车辆", ModelLevel.LOGICAL, ModelScope.CORE)
    office = scene.actor(OFFICE)
    business.publish(head, FIRST, note="示例：首版", by=office)
    for city in (CITY, OTHER_CITY):
        business.adopt(MODEL, 1, by=scene.actor(city))
    business.publish(head, SECOND, note="示例：座位数改为整数，增加能源种类", by=office)
    business.adopt(MODEL, 2, by=scene.actor(OTHER_CITY))
    return {"版本": 2, "采用单位": 2, "待迁移": 1}, "甲市枢纽管理岗登录后可见迁移任务"


def topical(scene: Scene) -> Told:
    """A department picks indicators of a template: its table comes without code."""
    order = topics.TopicOrder(
        "travel_watch", "示例：节假日出行专题", "traffic_travel",
        ("entry_flow", "exit_flow", "chargers"), "示例·应急值守岗", 180,
    )  # fmt: skip
    topics.ask(order, by=scene.actor(CONSUMER))
    return {"专题": 1, "指标": len(order.indicators)}, "模型运行后专题表自动填充"
