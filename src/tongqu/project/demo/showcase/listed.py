"""The 35 resources of the pack, published by their department; the list that four sign."""

from tongqu.ledger import public as ledger
from tongqu.ledger.vocabulary import Party, SupplyManner
from tongqu.project.demo.showcase.scene import CATALOGUER, HEAD, OFFICE, REVIEWER, Scene
from tongqu.project.demo.stage import Told, expect
from tongqu.project.packs.loading import Outcome, load_pack, publish_loaded

PARTIES = {
    Party.DATA_AUTHORITY: "990000-SJ",
    Party.TRANSPORT: "990000",
    Party.SERVICE_OFFICE: "990000-ZW",
    Party.IMPLEMENTING: "990000-DS",
}
SIGNERS = ("demo-data-authority", HEAD)  # the other two still have it on their desks


def published(scene: Scene) -> Told:
    """Load the pack for the department; its own posts check and publish every entry."""
    loaded = load_pack(scene.pack, provider_id=scene.department, is_example=True)
    count = publish_loaded(
        list(loaded.codes.values()),
        cataloguer=scene.actor(CATALOGUER), reviewer=scene.actor(REVIEWER),
    )  # fmt: skip
    counts = {
        "装载": loaded.count(Outcome.MADE),
        "标准": len(scene.pack.standards),
        "代码集": len(scene.pack.tables),
        "数据元": len(scene.pack.elements),
        "已发布目录": count,
    }
    return counts, f"{scene.pack.title}，提供部门为示例省交通运输厅"


def signed(scene: Scene) -> Told:
    """Compile the list in its published order; two of the four parties sign it."""
    office = scene.actor(OFFICE)
    rows = scene.pack.batch["rows"] if scene.pack.batch else []
    codes = [scene.codes[row["slug"]] for row in rows]
    batch = ledger.compile_batch(
        title="示例：第一批授权运营公共数据资源清单", parties=PARTIES, by=office, is_example=True
    )
    supply = dict.fromkeys(codes, SupplyManner.INTERFACE)
    ledger.set_rows(batch.number, codes, by=office, supply=supply)
    sent = ledger.send_to_sign(batch.number, by=office)
    for signer in SIGNERS:
        ledger.sign(batch.number, digest=sent.digest, by=scene.actor(signer))
    expect(len(codes) == len(scene.pack.entries), "清单应与数据包逐项一致")
    counts = {"清单项": len(codes), "已会签": len(SIGNERS), "会签方": len(PARTIES)}
    return counts, "政务服务办和大数据中心会签岗登录后可以会签，四方会签后冻结"
