"""Resources of the first batch: published, registered by their entry, loaded through the API.

``res.publish(slug)`` puts the entry with its elements and code tables into the catalogue;
``res.load(slug, rows)`` sends the rows as a file and returns the batch as the API tells it (the
source is registered at the first load, with the entry alone); ``res.scan(slug)`` measures the
raw table by the rules the pack declares; ``res.run(model …)`` builds tables with the models of the
pack (``res.build(slug)``: the resource's own); ``res.read(sql, table=…)`` asks the engine;
``res.ask(slug, …)`` reads through a grant.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories_catalog
from tests.res import pack
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView
from tongqu.kernel.actor import PLATFORM

DOORS = {"name_zh", "name_en", "length", "code_table", "nullable", "is_key", "level",
         "is_shareable", "is_openable", "source_column", "mask", "element"}  # fmt: skip
METADATA = {
    "name", "category", "formats", "update_cycle", "sharing_type", "conditions", "materials",
    "scope", "manners", "source_system", "level", "summary", "basic_class", "admin_level", "mode",
    "business", "accountable", "legal_basis", "standards", "strategies", "checks",
}  # fmt: skip


@dataclass
class Resources:
    world: World
    client: Client  # of the provider
    consumer: Client
    place: Path
    entries: dict[str, EntryView] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    files: int = 0

    def publish(self, slug: str) -> EntryView:
        """Publish the entry as the pack describes it, with what its checks look up."""
        if slug in self.entries:
            return self.entries[slug]
        document = pack.resources()[slug]["entry"]
        self._keep_standards(slug)
        items = [
            ItemView(
                position=n,
                data_type=DataType(item["data_type"]),
                **{key: value for key, value in item.items() if key in DOORS},
            )
            for n, item in enumerate(document["items"], 1)
        ]
        metadata = {key: value for key, value in document.items() if key in METADATA}
        self.entries[slug] = factories_catalog.published_entry(
            self.world, items=items, table="", domain=document["domain"], **metadata
        )
        return self.entries[slug]

    def _keep_standards(self, slug: str) -> None:
        from tongqu.standards.public import save_code_table, save_elements

        wanted = [item["element"] for item in pack.items(slug) if item.get("element")]
        elements = [pack.elements()[code] for code in dict.fromkeys(wanted)]
        kinds = {check["kind"] for element in elements for check in element.get("checks", [])}
        tables = [item.get("code_table", "") for item in pack.items(slug)]
        tables += [element.get("code_table", "") for element in elements]
        tables += ["CT-DIV"] if "division" in kinds else []
        for name in sorted(set(tables) - {""}):
            save_code_table(_told(pack.code_tables()[name]), by=PLATFORM)
        save_elements([_told(element) for element in elements], by=PLATFORM)

    def register(self, slug: str) -> None:
        if slug in self.registered:
            return
        entry = self.publish(slug)
        body = json.dumps({"code": slug, "entry_code": entry.code})
        answer = self.client.post("/api/v1/ingest/sources", body, content_type="application/json")
        assert answer.status_code == 201, answer.content.decode()
        self.registered.add(slug)

    def load(self, slug: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Send rows as a CSV file and return the batch."""
        out = io.StringIO()
        writer = csv.DictWriter(out, [item["name_en"] for item in pack.items(slug)])
        writer.writeheader()
        writer.writerows(rows)
        return self.send(slug, out.getvalue().encode())

    def send(self, slug: str, content: bytes) -> dict[str, Any]:
        """Send a file and return the batch."""
        self.register(slug)
        self.files += 1
        file = SimpleUploadedFile(f"{slug}-{self.files}.csv", content)
        answer = self.client.post(f"/api/v1/ingest/sources/{slug}/load", {"file": file})
        assert answer.status_code == 200, answer.content.decode()
        batch = answer.json()
        assert batch["is_balanced"], batch
        assert batch["state"] == "closed", batch
        return batch

    def scan(self, slug: str) -> dict[str, tuple[int, int]]:
        """Measure the raw table by the pack's table rules; return checked and wrong by code."""
        from tongqu.lake.public import ods_ref
        from tongqu.quality import public as quality

        entry = self.publish(slug)
        by = self.world.actor("support")
        rules = [
            rule | ({"table": rule["table"].replace("@", "ods_")} if "table" in rule else {})
            for rule in pack.resources()[slug].get("rules", [])
        ]
        quality.save_pack(entry.code, rules, by=by)
        self.view = quality.scan(entry.code, by=by, table=ods_ref(slug))
        return {result.code: (result.checked, result.wrong) for result in self.view.results}

    def titles(self, code: str) -> str:
        """Return what the last scan calls a rule."""
        return next(result.title for result in self.view.results if result.code == code)

    def run(self, *models: str) -> None:
        """Build tables with models of the pack, by name; every one must succeed."""
        from tongqu.lake.public import run_models

        folder = self.place / "models"
        folder.mkdir(exist_ok=True)
        for name in models:
            text = (pack.PACK / "models" / f"{name}.sql").read_text()
            (folder / f"{name}.sql").write_text(text)
        done = run_models(folder, by=PLATFORM)
        assert done.ok, [(step.model, step.state, step.reason) for step in done.steps.all()]

    def install(self, *models: str) -> None:
        """Install models of the pack: from now on they run by themselves."""
        from tongqu.lake.public import install_models, model_texts
        from tongqu.standards.public import save_elements

        wanted = [f for f in model_texts(pack.PACK / "models") if f[0].rsplit(".", 1)[0] in models]
        assert len(wanted) == len(models)
        named = {code for code in pack.elements() if any(code in text for _, text in wanted)}
        for code in sorted(named):
            if table := pack.elements()[code].get("code_table"):
                self._keep_table(table)
        save_elements([_told(pack.elements()[code]) for code in sorted(named)], by=PLATFORM)
        install_models("jiangxi-2026", wanted, by=PLATFORM)

    def work(self) -> int:
        """Do what a worker does: the job of the minute, which is also asked for by a load."""
        from tongqu.kernel import jobs

        return int(str(jobs.run("lake.models")))

    def _keep_table(self, name: str) -> None:
        from tongqu.standards.public import save_code_table

        save_code_table(_told(pack.code_tables()[name]), by=PLATFORM)

    def build(self, *slugs: str) -> None:
        """Build the warehouse and service tables that the pack gives every resource."""
        for slug in slugs:
            self.run(f"dw_{slug}", f"svc_{slug}")

    def read(self, sql: str, **tables: str) -> list[tuple[Any, ...]]:
        """Ask the engine; ``tables`` names what the SQL reads: view → table of the lake."""
        from tongqu.lake.public import engine, ref_of

        named = {view: ref_of(name) for view, name in tables.items()}
        assert all(named.values())
        found = engine().relation(sql, tables=named).arrow().to_pylist()
        return [tuple(row.values()) for row in found]

    def serve(self, slug: str, table: str) -> EntryView:
        """Tie the entry to the table it is served from."""
        from tongqu.catalog.models import Entry

        Entry.objects.filter(code=self.entries[slug].code).update(table=table)
        found = catalog.entry(self.entries[slug].code)
        assert found is not None
        self.entries[slug] = found
        return found

    def ask(self, slug: str, table: str = "", *, items: Sequence[str] = (), **query: str):
        """Read current rows through a grant of the entry, as a consumer's system does.

        ``table``: where the entry is served from (its own service table unless told
        otherwise); items that the table does not hold are not granted.
        """
        from tests.factories_delivery import PURPOSE, grant
        from tongqu.lake.public import store, svc_ref

        table = table or f"svc_{slug}"
        entry = self.serve(slug, table)
        held = set(store().schema(svc_ref(table)).names)
        named = items or tuple(i.name_en for i in entry.shareable_items if i.name_en in held)
        number = grant(self.world, entry, items=tuple(named), manners=entry.manners).number
        answer = self.consumer.get(
            f"/api/v1/data/{number}/rows", {"purpose": PURPOSE, "limit": "1000", **query}
        )
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["rows"]

    def product(self, name: str, table: str, *items: str) -> list[dict[str, Any]]:
        """Put a derived table into the catalogue as it is and read items of it through a grant."""
        from tests.factories_delivery import PURPOSE, grant
        from tongqu.lake.public import store, svc_ref

        fields = store().schema(svc_ref(table))
        views = [
            ItemView(n, one, one, _typed(str(fields.field(one).type)), is_key=n == 1)
            for n, one in enumerate(items, 1)
        ]
        entry = factories_catalog.published_entry(self.world, name=name, items=views, table=table)
        number = grant(self.world, entry, manners=entry.manners).number
        answer = self.consumer.get(f"/api/v1/data/{number}/rows", {"purpose": PURPOSE})
        assert answer.status_code == 200, answer.content.decode()
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows


def _typed(arrow: str) -> DataType:
    return DataType.INTEGER if arrow.startswith("int") else DataType.STRING


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as the doors read it: what is only said of it becomes its note."""
    return {key: value for key, value in document.items() if key != "assumption"}


@pytest.fixture
def res(world: World, lake: Path, at, browser_of: Callable[[str], Client], tmp_path: Path):
    return Resources(world, browser_of("cataloguer"), browser_of("consumer"), tmp_path)
