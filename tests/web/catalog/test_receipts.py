"""Pre-catalogues inside a project in 立项, their receipts, and receipts that no longer stand."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.factories_catalog import draft_entry, project_in_approval, published_entry
from tongqu.catalog import public
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.kernel import clock
from tongqu.project import cli


def _changed(world, code: str) -> None:
    """Give the entry a new version 1.1."""
    by = world.actor("cataloguer")
    public.register_change(code, reason=ChangeReason.OTHER, explanation="示例",
                           effective_on=clock.today(), by=by)  # fmt: skip
    public.submit_for_check(code, by=by)
    public.publish(code, by=world.actor("provider"))


def _formal_receipt(world) -> tuple[str, str]:
    entry = published_entry(world)
    by = world.actor("cataloguer")
    public.mark_connected(entry.code, rows=12, at=clock.now(), by=by)
    return entry.code, public.issue_receipt(entry.code, by=by).number


@pytest.mark.req("CAT-12")
def test_a_pre_entry_without_a_source_table_passes_the_pre_check_of_a_project_in_approval(
    world, at, browser_of
):
    browser = browser_of("cataloguer")
    project = browser.post(
        "/api/v1/supervision/projects",
        {"code": "XM-2026-001", "name": "示例一期工程", "organisation": "990000-MH",
         "system_name": "示例拟建系统"},
        content_type="application/json",
    ).json()  # fmt: skip
    entry = {
        "name": "示例拟建系统运行信息", "kind": "pre", "domain": "CA", "category": "综合交通/民航",
        "formats": ["table"], "update_cycle": "daily", "manners": ["query"], "level": 2,
        "source_system": "示例拟建系统", "project": "XM-2026-001",
        "legal_basis": ["示例：职责规定"], "standards": ["示例标准 1"], "tools": ["示例工具"],
        "items": [{"name_zh": "航班号", "name_en": "flight", "is_key": True, "nullable": False}],
    }  # fmt: skip

    made = browser.post("/api/v1/catalog/entries", entry, content_type="application/json").json()
    url = f"/api/v1/catalog/entries/{made['code']}"
    report = browser.post(f"{url}/check").json()
    state = browser.get(url).json()["state"]
    receipt = browser.post(f"{url}/receipts").json()

    assert project["stage"] == "approval"
    assert report["passed"]
    assert report["findings"] == [], "rules of data connection were not asked"
    assert state == "pre_passed"
    assert receipt["kind"] == "pre"


@pytest.mark.req("CAT-12")
@pytest.mark.parametrize("project", ["", "XM-2026-404"])
def test_a_pre_entry_outside_a_project_in_approval_is_sent_back(project, *, world, at, browser_of):
    entry = draft_entry(world, kind="pre", project=project)

    report = browser_of("cataloguer").post(f"/api/v1/catalog/entries/{entry.code}/check").json()

    assert not report["passed"]
    assert [(f["rule"], f["field"]) for f in report["findings"]] == [("CAT-R14", "project")]


def test_a_pre_entry_becomes_a_formal_draft_and_keeps_its_pre_receipt(world, at, browser_of):
    entry = draft_entry(world, kind="pre", project=project_in_approval(world))
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")
    too_soon = browser.post(f"{url}/formal")
    browser.post(f"{url}/check")
    number = browser.post(f"{url}/receipts").json()["number"]

    page = browser.post(f"/manage/catalog/{entry.code}/check/", {"step": "formal"}, follow=True)
    draft = browser.get(url).json()
    report = browser.post(f"{url}/check").json()

    assert too_soon.status_code == 409
    assert page.status_code == 200
    assert (draft["kind"], draft["state"], draft["version"]) == ("formal", "draft", "1.1")
    assert report["passed"]
    assert browser.get(url).json()["state"] == "in_review"
    assert browser.get(f"/api/v1/receipts/{number}").json()["state"] == "valid"


@pytest.mark.req("CAT-15")
def test_a_receipt_of_a_changed_entry_shows_updated_with_the_newer_version(world, at, client):
    code, number = _formal_receipt(world)

    valid = client.get("/receipts/", {"number": number}, follow=True).content.decode()
    _changed(world, code)
    page = client.get(f"/receipts/{number}/").content.decode()
    answer = client.get(f"/api/v1/receipts/{number}").json()
    unknown = client.get("/receipts/", {"number": "HZ-2026-999999"})

    assert "条目版本与签发时一致" in valid
    assert "已更新" in page
    assert "1.1 版" in page
    assert f"/catalog/{code}/versions/1.0..1.1/" in page
    assert (answer["state"], answer["version"], answer["newer_version"]) == (
        "updated",
        "1.0",
        "1.1",
    )
    assert unknown.status_code == 404


@pytest.mark.req("CAT-15")
def test_offline_the_signed_revocation_list_tells_updated_and_void_receipts_apart(
    world, at, client, tmp_path: Path
):
    code, updated = _formal_receipt(world)
    other = published_entry(world, name="示例另一目录")
    by = world.actor("cataloguer")
    public.mark_connected(other.code, rows=3, at=clock.now(), by=by)
    void = public.issue_receipt(other.code, by=by).number
    good = tmp_path / "before.json"
    good.write_bytes(client.get("/receipts/revoked.json").content)
    _changed(world, code)
    public.void_receipt(void, reason="示例：签发有误", by=world.actor("managing"))
    revoked = tmp_path / "revoked.json"
    revoked.write_bytes(client.get("/receipts/revoked.json").content)
    forged = tmp_path / "forged.json"
    document = json.loads(revoked.read_text())
    document["list"]["receipts"] = []
    forged.write_text(json.dumps(document))
    pdf = tmp_path / "receipt.pdf"
    pdf.write_bytes(client.get(f"/receipts/{updated}.pdf").content)

    def verify(revocations: Path):
        return CliRunner().invoke(cli.app, ["verify", str(pdf), "--revocations", str(revocations)])

    before, after, fooled = verify(good), verify(revoked), verify(forged)

    rows = {
        row["number"]: row["state"] for row in json.loads(revoked.read_text())["list"]["receipts"]
    }
    assert rows == {updated: "updated", void: "void"}
    assert json.loads(good.read_text())["list"]["receipts"] == []
    assert before.exit_code == 0, before.output
    assert "不在作废清单中" in before.output
    assert after.exit_code == 1
    assert f"回执 {updated} 已更新" in after.output
    assert fooled.exit_code == 1
    assert "签名不成立" in fooled.output


def test_the_receipts_of_a_stopped_entry_are_void(world, at, client):
    code, number = _formal_receipt(world)
    public.request_stop(code, reason="示例", effective_on=clock.today(), by=world.actor("provider"))
    public.approve_stop(code, by=world.actor("managing"))

    assert client.get(f"/api/v1/receipts/{number}").json()["state"] == "void"
    assert "目录已停用" in client.get(f"/receipts/{number}/").content.decode()
