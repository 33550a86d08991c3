"""Steps 1 to 3: people, a source is scanned, its entry is checked and published."""

from typing import Any

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, ItemView
from tongqu.identity.actions.seed_example import seed_example
from tongqu.identity.models import Assignment, Organisation, Person
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import FileOptions
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.project.demo.manifest import Item, SourceFile
from tongqu.project.demo.stage import COMPILED, Stage, Told, expect

CATALOGUER, REVIEWER, ADMINISTRATOR = "demo-cataloguer", "demo-provider", "demo-sysadmin"


def people(stage: Stage) -> Told:
    stage.on(COMPILED)
    seed_example(by=PLATFORM)
    cities = Organisation.objects.filter(level="city", is_example=True).count()
    counts = {
        "单位": Organisation.objects.filter(is_example=True).count(),
        "设区市": cities,
        "人员": Person.objects.filter(is_example=True).count(),
        "任职": Assignment.objects.count(),
    }
    expect(cities == 11, "应有十一个设区市")
    return counts, "单位、岗位、人员均为示例"


def scanning(stage: Stage) -> Told:
    """Register every file as a department's source; the scan becomes a draft entry."""
    rows = columns = sensitive = 0
    for source in stage.manifest.sources:
        view = _register(stage, source)
        profile = ingest.scan(source.code, source.path, by=stage.actor(CATALOGUER))
        rows, columns = rows + profile.rows, columns + len(profile.columns)
        sensitive += sum(column.level >= 3 for column in profile.columns)
        entry_code = view.entry_code or _draft(stage, source)
        stage.entries[source.code] = entry_code
    counts = {"来源": len(stage.entries), "行": rows, "列": columns, "拟定三级以上": sensitive}
    return counts, f"{stage.manifest.title}（{stage.manifest.origin}，{stage.manifest.licence}）"


def _register(stage: Stage, source: SourceFile) -> Any:
    by = stage.actor(CATALOGUER)
    return ingest.register_source(
        code=source.code,
        name=source.name,
        provider_id=by.organisation_id or 0,
        by=by,
        options=FileOptions(null_values=source.null_values, **source.options),
        cycle=source.cycle,
    )


def _draft(stage: Stage, source: SourceFile) -> str:
    defaults = {"domain": source.domain, "is_external": source.external, "is_example": True}
    entry = ingest.draft(source.code, by=stage.actor(CATALOGUER), defaults=defaults)
    return entry.code


def checking(stage: Stage) -> Told:
    """The draft fails with named reasons, is corrected, passes, is published and frozen."""
    named = passed = published = 0
    for source in stage.manifest.sources:
        code = stage.entries[source.code]
        entry = catalog.entry(code)
        if entry is not None and entry.is_published:
            published += 1
            continue
        report = catalog.submit_for_check(code, by=stage.actor(CATALOGUER))
        expect(not report.passed, "扫描得到的草稿缺少人工填写的内容，合规性检测应当不通过")
        expect(all(f.rule and f.field and f.remedy for f in report.blocking), "检测结果须逐条写明")
        named += len(report.blocking)
        _correct(stage, source, code)
        again = catalog.submit_for_check(code, by=stage.actor(CATALOGUER))
        expect(again.passed, "改正后仍未通过：" + "；".join(f.message for f in again.blocking[:3]))
        passed += 1
        catalog.publish(code, by=stage.actor(REVIEWER))
        published += 1
    _frozen(stage)
    counts = {"指出问题": named, "改正后通过": passed, "已发布": published}
    return counts, "已发布目录不经变更登记直接修改，被拒绝（409 FROZEN）"


def _correct(stage: Stage, source: SourceFile, code: str) -> None:
    """Write what only a person knows: names, keys, the class, the sharing type, conditions."""
    draft = catalog.entry(code)
    if draft is None:
        raise LookupError(code)
    items = [_item(item, source.said_of(item.source_column, item.name_en)) for item in draft.items]
    fields: dict[str, Any] = {
        "name": source.name,
        "summary": source.summary,
        "category": source.category,
        "source_system": source.source_system,
        "update_cycle": source.cycle,
        "sharing_type": source.sharing_type,
        "scope": "listed" if source.scope else "all",
        "scope_codes": source.scope,
        "conditions": source.conditions,
        "materials": source.materials,
        "basic_class": source.basic_class,
        "level": max(item.level for item in items),
        "items": tuple(items),
    }
    catalog.edit_draft(code, by=stage.actor(CATALOGUER), fields=fields)


def _item(scanned: ItemView, said: Item | None) -> ItemView:
    from dataclasses import replace

    if said is None:
        return scanned
    return replace(
        scanned,
        name_zh=said.name,
        is_key=said.key,
        nullable=said.nullable,
        length=said.length or scanned.length,
        level=said.level or scanned.level,
        mask=said.mask or scanned.mask,
        is_shareable=said.shareable,
    )


def _frozen(stage: Stage) -> None:
    code = stage.entries[stage.main.code]
    entry = catalog.published(code)
    answer = stage.call(CATALOGUER, "PUT", f"/catalog/entries/{code}", _as_body(entry))
    expect(answer.code == "FROZEN", f"已发布目录的修改应答 {answer.status} {answer.code}")


def _as_body(entry: EntryView) -> dict[str, Any]:
    """Return the body of a PUT that would rename the entry's first item."""
    first = entry.items[0]
    return {"items": [{"name_en": first.name_en, "name_zh": "改名"}]}


def refuses(action: Any, code: str, otherwise: str) -> None:
    """Expect that an action is refused with a code."""
    try:
        action()
    except Rejected as refused:
        expect(refused.problem.code == code, f"{otherwise}（得到 {refused.problem.code}）")
    else:
        expect(False, otherwise)
