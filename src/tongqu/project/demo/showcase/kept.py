"""Upkeep of the lake: small files made large, checksums compared, a backup and its drill."""

from tongqu.kernel.actor import PLATFORM
from tongqu.lake.actions import upkeep
from tongqu.lake.actions.backup import back_up
from tongqu.lake.actions.restore import drill
from tongqu.lake.actions.scrub import scrub
from tongqu.lake.ports import vault
from tongqu.lake.public import ods_ref
from tongqu.project.demo.showcase.scene import Scene
from tongqu.project.demo.stage import Told, expect

COMPACTED = ("parking_area", "toll_station")  # the job at night takes all


def kept(scene: Scene) -> Told:
    del scene
    upkeep.compact([ods_ref(slug) for slug in COMPACTED], by=PLATFORM)
    looked = scrub(by=PLATFORM).figures
    expect(not looked.get("found"), "巡检不应发现受损文件")
    counts = {"巡检文件": looked.get("files", 0)}
    if vault() is None:
        return counts, "没有配置异地备份，未演练"
    made = back_up(by=PLATFORM)
    run = drill(by=PLATFORM)
    counts |= {"备份": made.subject or 1, "演练": run.state}
    return counts, "恢复演练在空节点上逐表核对行数和摘要"
