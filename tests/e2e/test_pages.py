"""Every page, seen in a browser: no complaint, no overflow, nothing axe objects to."""

import gzip
import re
import urllib.request
from collections.abc import Callable

import pytest
from django.urls import resolve, reverse

from tests.e2e.conftest import AXE, Province, Visit
from tests.endpoints import pages

KB = 1024
# Name of the address, who looks at it, its arguments: "@request" is a number of the province.
PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("portal:home", "", ()),
    ("portal:help", "", ()),
    ("portal:api_guide", "", ()),
    ("portal:styleguide", "", ()),
    ("portal:desk", "consumer", ()),
    ("portal:todo", "support", ()),
    ("portal:messages", "consumer", ()),
    ("account_login", "", ()),
    ("catalog:search", "", ()),
    ("catalog:searches", "consumer", ()),
    ("catalog:detail", "consumer", ("@open",)),
    ("catalog:detail", "", ("@conditional",)),
    ("catalog:diff", "", ("@open", "1.0", "1.0")),
    ("catalog:must_share", "", ()),
    ("catalog:manage", "cataloguer", ()),
    ("catalog:new", "cataloguer", ()),
    ("catalog:import", "cataloguer", ()),
    ("catalog:import_run", "cataloguer", ("@import",)),
    ("catalog:edit", "cataloguer", ("@draft",)),
    ("catalog:check", "cataloguer", ("@draft",)),
    ("catalog:change", "cataloguer", ("@open",)),
    ("catalog:changes", "managing", ()),
    ("catalog:rules", "cataloguer", ()),
    ("catalog:rule", "cataloguer", ("GEN-15",)),
    ("catalog:identifiers", "cataloguer", ()),
    ("catalog:identifiers", "managing", ()),
    ("catalog:strategies", "", ()),
    ("catalog:receipt_check", "", ()),
    ("catalog:receipts", "cataloguer", ()),
    ("catalog:receipt", "", ("@receipt",)),
    ("standards:library", "managing", ()),
    ("standards:library", "", ()),
    ("standards:propose", "managing", ()),
    ("standards:standard", "managing", ("@old_standard",)),
    ("standards:standard", "managing", ("@own_standard",)),
    ("standards:rules", "managing", ()),
    ("standards:rule_new", "provider", ()),
    ("standards:code_tables", "support", ()),
    ("standards:code_table", "support", ("CT-PCOL",)),
    ("standards:code_table_new", "support", ()),
    ("standards:code_table_edit", "support", ("CT-PCOL",)),
    ("standards:crosswalk", "support", ("CT-PCOL-TOLL", "CT-PCOL")),
    ("standards:crosswalk_new", "support", ()),
    ("standards:elements", "support", ()),
    ("standards:element", "consumer", ("DE-PCOL",)),
    ("standards:element_new", "support", ()),
    ("standards:element_edit", "support", ("DE-USCC",)),
    ("standards:messages", "", ()),
    ("standards:message", "consumer", ("MF-WAYBILL",)),
    ("opening:index", "", ()),
    ("opening:history", "", ()),
    ("opening:wishes", "", ()),
    ("opening:detail", "", ("@open_set",)),
    ("opening:cases", "managing", ()),
    ("opening:new", "cataloguer", ()),
    ("opening:case", "provider", ("@case",)),
    ("opening:case", "managing", ("@open_case",)),
    ("opening:voices", "provider", ()),
    ("products:prd03", "", ()),
    ("assets:devices", "cataloguer", ()),
    ("assets:new_device", "cataloguer", ()),
    ("assets:device", "cataloguer", ("@device",)),
    ("assets:media_list", "cataloguer", ()),
    ("assets:new_media", "cataloguer", ()),
    ("assets:media", "cataloguer", ("@media",)),
    ("assets:cameras", "cataloguer", ()),
    ("assets:camera", "cataloguer", ("@camera",)),
    ("assets:structures", "cataloguer", ()),
    ("assets:structure", "cataloguer", ("@structure",)),
    ("masters:overview", "support", ()),
    ("masters:desk", "support", ()),
    ("masters:pair", "support", ("@likeness",)),
    ("masters:clashes", "support", ()),
    ("masters:proposals", "support", ()),
    ("masters:proposals", "consumer", ()),
    ("masters:records", "support", ("vehicle",)),
    ("masters:record", "support", ("vehicle", "@golden")),
    ("masters:checks", "provider", ()),
    ("masters:check", "support", ("vehicle_load",)),
    ("quality:issue", "provider", ("@ticket",)),
    ("quality:run", "provider", ("@scan",)),
    ("quality:runs", "provider", ()),
    ("quality:rule", "provider", ("@open", "@rule")),
    ("quality:wrong_rows", "provider", ("@scan", "@result")),
    ("quality:rules", "support", ()),
    ("quality:rule_new", "support", ()),
    ("quality:rule_contract", "support", ()),
    ("sharing:apply", "consumer", ()),
    ("sharing:applications", "consumer", ()),
    ("sharing:application", "consumer", ("@request",)),
    ("sharing:case", "support", ("@request",)),
    ("sharing:grants", "provider", ()),
    ("sharing:feedback", "consumer", ()),
    ("sharing:purpose", "consumer", ("@own_grant",)),
    ("sharing:provider", "provider", ()),
    ("sharing:entrust", "provider", ()),
    ("sharing:coordination", "managing", ()),
    ("sharing:flow", "managing", ()),
    ("sharing:bundles", "managing", ()),
    ("sharing:bundle", "consumer", ("ZT-001",)),
    ("sharing:bundle_application", "consumer", ("@package",)),
    ("sharing:needs", "consumer", ()),
    ("sharing:need", "managing", ("@need",)),
    ("sharing:supply", "cataloguer", ("@supply",)),
    ("sharing:duties", "managing", ()),
    ("sharing:duty", "consumer", ("YJS-01",)),
    ("delivery:my_grant", "provider", ("@grant",)),
    ("delivery:my_grants", "consumer", ()),
    ("delivery:my_grant", "consumer", ("@grant",)),
    ("delivery:services", "support", ()),
    ("quality:overview", "provider", ()),
    ("quality:index", "managing", ()),
    ("quality:index_value", "managing", ("@index",)),
    ("quality:weights", "managing", ()),
    ("quality:assessments", "provider", ()),
    ("quality:improvement", "provider", ("@improvement",)),
    ("quality:points", "managing", ()),
    ("quality:gates", "managing", ()),
    ("quality:reality", "support", ()),
    ("quality:standards", "provider", ()),
    ("quality:standard", "provider", ("@quality_standard",)),
    ("quality:reports", "provider", ()),
    ("quality:rate", "consumer", ("@open",)),
    ("quality:issues", "provider", ()),
    ("quality:issue_new", "provider", ()),
    ("quality:checks", "implementer", ()),
    ("quality:check", "implementer", ("@check",)),
    ("quality:check_new", "operator", ()),
    ("quality:objections", "provider", ()),
    ("quality:objection", "provider", ("@objection",)),
    ("quality:own_objections", "", ()),
    ("quality:own_objections", "firm", ()),
    ("quality:own_objection", "firm", ("@objection",)),
    ("quality:register", "support", ()),
    ("quality:hardship", "support", ("@hardship",)),
    ("ingest:tasks", "cataloguer", ()),
    ("ingest:connections", "cataloguer", ()),
    ("ingest:connection_new", "cataloguer", ("database",)),
    ("ingest:connection_new", "cataloguer", ("http",)),
    ("ingest:connection", "cataloguer", ("@connection",)),
    ("ingest:task", "cataloguer", ("@pulled",)),
    ("ingest:run", "cataloguer", ("@run",)),
    ("ingest:migration", "cataloguer", ("@migration",)),
    ("ingest:migrations", "cataloguer", ()),
    ("ingest:migration_new", "cataloguer", ()),
    ("ingest:new", "cataloguer", ()),
    ("ingest:external", "cataloguer", ()),
    ("ingest:external_new", "cataloguer", ()),
    ("ingest:templates", "cataloguer", ()),
    ("ingest:template_new", "cataloguer", ()),
    ("ingest:template", "cataloguer", ("flow",)),
    ("ingest:layers", "cataloguer", ()),
    ("ingest:task", "cataloguer", ("@source",)),
    ("ingest:batch", "cataloguer", ("@batch",)),
    ("ingest:options", "cataloguer", ("@source",)),
    ("lake:upkeep", "support", ()),
    ("lake:models", "support", ()),
    ("lake:model", "support", ("@model",)),
    ("lake:libraries", "support", ()),
    ("lake:topics", "cataloguer", ()),
    ("lake:topic", "cataloguer", ("@topic",)),
    ("lake:service_objects", "support", ()),
    ("lake:business_models", "managing", ()),
    ("lake:business_model", "managing", ("@business_model",)),
    ("lake:business_model", "city", ("@business_model",)),
    ("lake:tables", "support", ()),
    ("lake:table", "support", ("svc_example",)),
    ("lake:lineage", "support", ()),
    ("lake:lineage_of", "support", ("svc_example",)),
    ("lake:chains", "support", ()),
    ("delivery:query", "consumer", ()),
    ("onesource:authorities", "managing", ()),
    ("onesource:pairs", "managing", ()),
    ("onesource:following", "managing", ()),
    ("policy:library", "", ()),
    ("policy:document_new", "managing", ()),
    ("policy:document", "managing", ("mot-2021-sharing",)),
    ("policy:clause", "", ("mot-2021-sharing", "第十二条")),
    ("policy:coverage", "", ()),
    ("policy:holidays", "managing", ()),
    ("policy:holidays_edit", "managing", ("2026",)),
    ("policy:profiles", "managing", ()),
    ("policy:profile_new", "managing", ()),
    ("functions:functions", "cataloguer", ()),
    ("functions:function_new", "cataloguer", ()),
    ("functions:function", "cataloguer", ("@function",)),
    ("functions:matrix", "managing", ()),
    ("functions:progress", "managing", ()),
    ("functions:gaps", "managing", ()),
    ("functions:materials", "cataloguer", ()),
    ("functions:material", "cataloguer", ("@material",)),
    ("functions:move", "managing", ("@move",)),
    ("functions:systems", "cataloguer", ()),
    ("functions:system_new", "cataloguer", ()),
    ("functions:board", "managing", ()),
    ("functions:system", "cataloguer", ("@system",)),
    ("functions:swimlanes", "cataloguer", ()),
    ("functions:swimlane_new", "cataloguer", ()),
    ("functions:swimlane", "cataloguer", ("@chart",)),
    ("functions:swimlane", "managing", ("@chart",)),
    ("identity:organisations", "managing", ()),
    ("identity:organisation", "managing", ("990000-MH",)),
    ("identity:organisation_new", "managing", ()),
    ("identity:organisation_edit", "managing", ("990000-MH",)),
    ("identity:clients", "consumer", ()),
    ("audit:trail", "auditor", ()),
    ("audit:evidence", "auditor", ()),
    ("security:events", "security", ()),
    ("ledger:stock", "support", ()),
    ("ledger:surveys", "managing", ()),
    ("ledger:survey", "managing", ("1",)),
    ("ledger:answer", "cataloguer", ("1",)),
    ("ledger:merges", "managing", ()),
    ("ledger:merge", "managing", ("1",)),
    ("ledger:batches", "managing", ()),
    ("ledger:batch", "managing", ("1",)),
    ("ledger:coverage", "managing", ()),
    ("ledger:crossings", "managing", ()),
    ("ledger:ledger", "support", ()),
    ("ledger:object", "support", ("1",)),
    ("ledger:resources", "managing", ()),
    ("ledger:flow", "managing", ()),
    ("ledger:flow_instance", "cataloguer", ("1",)),
    ("supervision:projects", "managing", ()),
    ("supervision:project", "managing", ("XM-2026-0001",)),
    ("supervision:platform", "managing", ()),
    ("supervision:rectifications", "managing", ()),
    ("identity:pilots", "managing", ()),
)
# Addresses that are no page of their own: files, and steps that answer with another page.
NO_PAGES = {
    "assets:media_file", "assets:preview",
    "functions:functions_export", "functions:systems_export", "functions:bpmn",
    "catalog:revocations",
    "catalog:catalog_jsonld", "catalog:catalog_ttl", "catalog:import_failures",
    "catalog:import_template",
    "catalog:receipt_pdf", "ingest:rejected", "audit:proof", "audit:export",
    "sharing:flow_file",
    "delivery:download_file", "delivery:handle", "delivery:try_it", "delivery:start_download",
    "standards:code_table_file",
    "quality:report", "quality:issue_csv", "quality:issue_xlsx",
    "ledger:batch_file", "ledger:coverage_file", "ledger:ledger_file", "ledger:resource_file",
    "delivery:iceberg_config", "delivery:iceberg_namespaces", "delivery:iceberg_namespace",
    "delivery:iceberg_tables", "delivery:iceberg_table", "delivery:iceberg_credentials",
    "delivery:iceberg_file",
    "delivery:download",  # needs a download under way; its own web tests look at it
}  # fmt: skip
# Every rule looks at the page once. In the dark only colours differ, on a narrow screen only
# sizes (which large type makes no smaller) and the frame, which a test of its own looks at.
NARROW = ("target-size", "scrollable-region-focusable", "aria-hidden-focus", "region")
DRESSES: tuple[tuple[int, str, str, tuple[str, ...]], ...] = (
    (1440, "dark", "", ("color-contrast",)),
    (390, "light", "", NARROW),
    (390, "light", "large", ()),
    (320, "light", "", ()),
)
IDS = [f"{name} as {who or 'public'}" for name, who, _ in PAGES]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is absent: run `npm ci --ignore-scripts`")
@pytest.mark.parametrize(("name", "who", "where"), PAGES, ids=IDS)
def test_a_page_is_clean_in_every_dress(
    look_at: Callable[..., Visit], province: Province, name: str, who: str, where: tuple[str, ...]
) -> None:
    query = "?entry=" + province["open"] if name == "sharing:apply" else ""
    arguments = [province[part[1:]] if part.startswith("@") else part for part in where]
    visit = look_at(reverse(name, args=arguments) + query, who=who)

    found = [f"light 1440: {v}" for v in visit.axe()]
    for width, theme, size, rules in DRESSES:
        visit.show(width=width, theme=theme, size=size)
        dress = f"{theme} {width} {size}".strip()
        found += [f"{dress}: {v}" for v in visit.axe(*rules)] if rules else []
        found += [f"{dress}: wider than the window"] if visit.is_too_wide() else []

    assert found == []
    assert visit.complaints == []
    assert visit.strays == []
    assert visit.page.locator("h1").count() == 1


@pytest.mark.parametrize(
    ("path", "who"),
    [("/", ""), ("/catalog/", ""), ("/desk/", "support"), ("/manage/catalog/", "cataloguer")],
)
def test_the_frame_is_clean_on_a_narrow_screen(
    look_at: Callable[..., Visit], path: str, who: str
) -> None:
    visit = look_at(path, who=who)
    visit.show(width=390)

    assert visit.axe() == []


def test_the_error_pages_are_clean(look_at: Callable[..., Visit]) -> None:
    for path in ("/no-such-page/", "/desk/"):  # 404, and 401 as a problem
        visit = look_at(path)

        assert visit.axe() == []
        assert visit.page.locator("h1").count() == 1


def test_the_list_of_pages_is_complete() -> None:
    """Every address that answers GET with a page of its own is visited above, or excused."""
    known = {name for name, _, _ in PAGES} | NO_PAGES
    names = {resolve(found.filled()).view_name for found in pages() if found.method == "GET"}

    assert {name for name in names if ":" in name} - known == set()


def test_the_first_page_stays_within_its_budget(province: Province) -> None:
    """Compressed: HTML 40 KB, styles 15 KB, scripts 25 KB; nothing from elsewhere."""
    html = _fetch(province.url + "/")
    text = html.decode()
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', text)
    scripts = re.findall(r'<script src="([^"]+)"', text)

    assert len(gzip.compress(html)) < 40 * KB
    assert sum(len(gzip.compress(_fetch(province.url + url))) for url in styles) < 15 * KB
    assert sum(len(gzip.compress(_fetch(province.url + url))) for url in scripts) < 25 * KB


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return bytes(answer.read())
