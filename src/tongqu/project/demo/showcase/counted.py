"""The general ledger and the stock: counted from what the steps before left."""

from tongqu.ledger import public as ledger
from tongqu.ledger.queries.coverage import covered
from tongqu.ledger.vocabulary import CoverageState
from tongqu.project.demo.showcase.scene import OFFICE, SUPPORT, Scene
from tongqu.project.demo.stage import Told, expect


def counted(scene: Scene) -> Told:
    objects = ledger.collect_lake()
    resources = ledger.compile_ledger()
    stock = ledger.measure(by=scene.actor(SUPPORT))
    states = [row.state for row in covered(scene.actor(OFFICE))]
    missing = states.count(CoverageState.MISSING)
    expect(missing, "示例应当留有应归未归的资源")
    counts = {
        "资源": resources, "元数据对象": objects, "表": stock.tables, "数据项": stock.items,
        "数据行": stock.rows, "已归集": states.count(CoverageState.COLLECTED), "应归未归": missing,
    }  # fmt: skip
    return counts, "汇聚规模由平台在湖仓中清点"
