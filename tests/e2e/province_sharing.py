"""What departments do together, for the browser: talks, packages, needs, lists."""

from datetime import date, timedelta

from tests.factories_catalog import published_entry
from tests.factories_sharing import PURPOSE, conditional_entry, filed
from tests.world import World
from tongqu.kernel import clock
from tongqu.sharing import public as sharing


def make(world: World, open_entry: str) -> dict[str, str]:
    """Make one of each, and return the numbers under which the tests find them."""
    office, user, provider = map(world.actor, ("managing", "consumer", "provider"))
    external = published_entry(world, name="示例·气象预警", is_external=True)
    filed(world, external, who="tourism")
    today = clock.today()
    entrusted = conditional_entry(
        world, name="示例·机位资源"
    )  # its own: the main flow asks for another
    sharing.entrust(
        entrusted.code, starts_on=today, ends_on=today + timedelta(days=90), by=provider
    )
    entry = published_entry(world, name="示例·机场吞吐能力")
    offered = sharing.save_bundle(
        name="安全应急联动", summary="示例：突发事件联动处置", matter="emergency",
        entry_codes=[open_entry, external.code], purpose=PURPOSE["purpose"], by=office,
    )  # fmt: skip
    wish = {name: PURPOSE[name] for name in
            ("purpose", "duty", "system_name", "frequency", "retention")}  # fmt: skip
    package = sharing.apply_for_bundle(offered.code, sharing.Wish(**wish), by=user)
    need = sharing.Wanted(
        "客运站班次", ("站名", "票价"), "运政系统", "emergency", PURPOSE["purpose"], "示例职责",
        "daily",
    )  # fmt: skip
    first, second, third = (
        sharing.file_need(need, by=world.actor(who)) for who in ("consumer", "tourism", "tourism")
    )
    task = sharing.merge_needs(
        [first.number, second.number], title="客运站班次", provider_code="990000-MH", by=office
    )
    sharing.save_list(
        code="YJS-01", name="大件运输许可一件事", kind="one_matter", lead_code="990000-KJ",
        by=office, lines=[
            sharing.DutyLine("航班运行", "990000-MH", "daily", open_entry),
            sharing.DutyLine("吞吐能力", "990000-MH", "monthly", entry.code, date(2026, 9, 1)),
        ],
    )  # fmt: skip
    return {
        "package": package.number, "need": third.number, "supply": task.number,
        "own_grant": filed(world, entry).grant_number,
    }  # fmt: skip
