"""A model, a topic and a business model; a folder that was fetched; an old system beside it."""

import tempfile
from pathlib import Path

from tests.world import World
from tongqu.ingest import public as ingest
from tongqu.ingest.actions import migrate
from tongqu.ingest.vocabulary import ColumnSpec
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.actions import business, topics
from tongqu.lake.domain.business import Attribute
from tongqu.lake.public import install_models, save_topic_templates
from tongqu.lake.vocabulary import ModelLevel, ModelScope

ROADS = """\
-- layer: dw
-- name: dw_roads
-- library: theme
-- theme: 综合运输
-- title: 示例路段
-- owner: 示例省交通运输厅民航处
-- keys: id
-- tests: unique(id)
-- clauses: gd-2024-governance 三（三）
SELECT r.id, r.length_km FROM ods.ods_roads AS r
"""
TEMPLATE = {
    "code": "roads", "title": "示例路网",
    "indicators": [{"code": "count", "title": "路段", "unit": "段", "table": "dw_roads",
                    "value": "count(*)"}],
}  # fmt: skip
PLATE = Attribute("vehicle", "plate", "车牌号", "string", required=True)
SEATS = Attribute("vehicle", "seats", "座位数", "integer")


def make(world: World) -> dict[str, str]:
    """Return the codes under which the tests find them. The source ``roads`` is loaded."""
    install_models("示例", [("roads.sql", ROADS)], by=PLATFORM)
    save_topic_templates("示例", [TEMPLATE], by=PLATFORM)
    order = topics.TopicOrder("roads_topic", "示例路网专题", "roads", ("count",), "示例岗", 30)
    topics.ask(order, by=world.actor("cataloguer"))
    jobs.run("lake.models")
    head = business.ModelHead("vehicle", "示例：营运车辆", ModelLevel.LOGICAL, ModelScope.CORE)
    business.publish(head, (PLATE,), by=world.actor("managing"))
    business.adopt("vehicle", 1, by=world.actor("city"))
    business.publish(head, (PLATE, SEATS), note="示例：增加座位数", by=world.actor("managing"))
    return {"model": "dw_roads", "topic": "roads_topic", "business_model": "vehicle"} | _ways(world)


def _ways(world: World) -> dict[str, str]:
    by, provider_id = world.actor("cataloguer"), world.organisations["990000-MH"].pk
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "drops.csv").write_text("id,length_km\n7,1.5\n", encoding="utf-8")
        (Path(folder) / "drops.csv.done").touch()
        ingest.register_connection(
            code="drops", name="示例报送文件夹", connector="folder", address=folder,
            provider_id=provider_id, by=by,
        )  # fmt: skip
        columns = (ColumnSpec("id", is_key=True, nullable=False), ColumnSpec("length_km"))
        ingest.register_source(
            code="dropped", name="示例报送路段", provider_id=provider_id, by=by, columns=columns
        )
        plan = ingest.Plan("drops", schedule="0 2 * * *", settings={"marker": ".done"})
        ingest.plan_pull("dropped", plan, by=by)
        run = ingest.pull("dropped", by=by)
    migrate.register_system(
        code="old", name="示例原有系统", provider_id=provider_id, by=by,
        interfaces=(("JK-1", "示例路段"),),
    )  # fmt: skip
    migrate.map_interface("old", "JK-1", old="dropped", new="roads", mapping={"id": "id"}, by=by)
    migrate.run_parallel("old", by=by)
    migrate.compare("old", by=by)
    return {"connection": "drops", "pulled": "dropped", "run": run.number, "migration": "old"}
