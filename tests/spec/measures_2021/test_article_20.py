"""Article 20: receipts prove the check and the data."""

import json
from pathlib import Path

import pytest

from tests.factories_catalog import draft_entry, project_in_approval
from tongqu.audit.public import verify_file
from tongqu.catalog import public
from tongqu.catalog.vocabulary import ChangeReason
from tongqu.kernel import clock


def _checked(world, **given):
    entry = draft_entry(world, **given)
    report = public.submit_for_check(entry.code, by=world.actor("cataloguer"))
    assert report.passed, report.findings
    return entry


def _connected(world):
    entry = _checked(world)
    public.publish(entry.code, by=world.actor("provider"))
    public.mark_connected(entry.code, rows=336_776, at=clock.now(), by=world.actor("cataloguer"))
    return entry


@pytest.mark.req("CAT-14")
def test_the_formal_receipt_waits_for_data_and_then_is_numbered_signed_and_public(
    world, at, browser_of, client
):
    entry = _checked(world)
    url = f"/api/v1/catalog/entries/{entry.code}/receipts"
    browser = browser_of("cataloguer")

    no_data = browser.post(url)
    public.publish(entry.code, by=world.actor("provider"))
    still_none = browser.post(url)
    public.mark_connected(entry.code, rows=0, at=clock.now(), by=world.actor("cataloguer"))
    empty_load = browser.post(url)
    public.mark_connected(entry.code, rows=12, at=clock.now(), by=world.actor("cataloguer"))
    issued = browser.post(url)

    assert {no_data.status_code, still_none.status_code, empty_load.status_code} == {409}
    assert no_data.json()["code"] == "NO_DATA"
    assert issued.status_code == 201, issued.content
    receipt = issued.json()
    assert receipt["number"] == "HZ-2026-000001"
    assert len(receipt["digest"]) == len(receipt["digest_sm3"]) == 64
    page = client.get(f"/receipts/{receipt['number']}/").content.decode()
    assert "有效" in page
    assert receipt["digest"] in page
    pdf = client.get(f"/receipts/{receipt['number']}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(f"/api/v1/receipts/{receipt['number']}").json()["state"] == "valid"


@pytest.mark.req("CAT-14")
def test_the_pre_receipt_comes_only_after_the_pre_check_passed(world, at, browser_of):
    entry = draft_entry(world, kind="pre", source_system="")
    url = f"/api/v1/catalog/entries/{entry.code}"
    browser = browser_of("cataloguer")

    failed = browser.post(f"{url}/check").json()
    too_soon = browser.post(f"{url}/receipts")
    better = {"source_system": "示例拟建系统", "project": project_in_approval(world)}
    browser.patch(url, better, content_type="application/json")
    passed = browser.post(f"{url}/check").json()
    issued = browser.post(f"{url}/receipts")

    assert not failed["passed"]
    assert too_soon.status_code == 409
    assert passed["passed"]
    assert issued.json()["kind"] == "pre"


def test_a_receipt_is_issued_once_and_turns_outdated_with_a_new_version(world, at, client):
    entry = _connected(world)
    by = world.actor("cataloguer")
    first = public.issue_receipt(entry.code, by=by)
    again = public.issue_receipt(entry.code, by=by)
    public.register_change(entry.code, reason=ChangeReason.OTHER, explanation="示例",
                           effective_on=clock.today(), by=by)  # fmt: skip
    public.edit_draft(entry.code, by=by, fields={"summary": "示例：新"})
    public.submit_for_check(entry.code, by=by)
    public.publish(entry.code, by=world.actor("provider"))

    page = client.get(f"/receipts/{first.number}/").content.decode()

    assert again.number == first.number
    assert "已更新" in page
    assert "1.1" in page


def test_the_managing_office_alone_voids_a_receipt_and_the_page_says_why(
    world, at, client, browser_of
):
    entry = _connected(world)
    page = f"/receipts/{public.issue_receipt(entry.code, by=world.actor('cataloguer')).number}/"
    managing, reason = browser_of("managing"), {"reason": "示例：误签发"}

    others = [browser_of(who).post(page, reason).status_code for who in ("cataloguer", "support")]
    silent = managing.post(page, {"reason": " "})
    before = client.get(page).content.decode()
    done = managing.post(page, reason)

    after = client.get(page).content.decode()
    assert others == [403, 403]
    assert client.post(page, reason).status_code in {302, 401, 403}
    assert silent.status_code == 422
    assert "请写明作废原因" in silent.content.decode()
    assert "作废原因" not in before
    assert done.status_code == 302
    assert "已作废" in after
    assert "误签发" in after
    assert "作废本回执" not in managing.get(page).content.decode()


def test_a_receipt_is_voided_once_through_the_api(world, at, browser_of):
    entry = _connected(world)
    number = public.issue_receipt(entry.code, by=world.actor("cataloguer")).number

    def void(who, reason="示例：误签发"):
        address = f"/api/v1/receipts/{number}/void"
        return browser_of(who).post(address, {"reason": reason}, content_type="application/json")

    assert void("provider").status_code == 403
    assert void("managing", "").status_code == 422
    assert void("managing").json()["state"] == "void"
    assert void("managing").status_code == 409


def test_the_file_verifies_offline_and_any_changed_byte_is_named(world, at, tmp_path: Path):
    entry = _connected(world)
    receipt = public.issue_receipt(entry.code, by=world.actor("cataloguer"))
    document = public.receipt_document(receipt.number)
    path = tmp_path / "receipt.pdf"
    path.write_bytes(document)

    whole = verify_file(path)
    unseen = []
    for place in range(0, len(document), len(document) // 150):
        flipped = bytearray(document)
        flipped[place] ^= 1
        path.write_bytes(bytes(flipped))
        faults = [finding for finding in verify_file(path) if not finding.ok]
        if not faults or not all(fault.where for fault in faults):
            unseen.append(place)

    assert all(finding.ok for finding in whole), whole
    assert len(whole) == 5
    assert unseen == []


def test_facts_changed_inside_a_newly_signed_file_are_named(world, at, tmp_path: Path):
    from tongqu.catalog import ports

    entry = _connected(world)
    receipt = public.issue_receipt(entry.code, by=world.actor("cataloguer"))
    attached = ports.printer().inspect(public.receipt_document(receipt.number)).facts
    forged = json.loads(attached)
    forged["facts"]["rows"] = 1
    document = ports.printer().print(
        {"title": "正式编目回执", "seal": "", "回执编号": receipt.number},
        url="http://127.0.0.1/", evidence=json.dumps(forged).encode(),
    )  # fmt: skip
    path = tmp_path / "forged.pdf"
    path.write_bytes(document)

    places = {finding.where for finding in verify_file(path) if not finding.ok}

    assert places == {"附件 facts.json 的 facts", "附件 facts.json 的 signature"}
