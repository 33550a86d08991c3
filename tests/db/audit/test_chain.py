"""The trail is append-only, sealed in one order, and shows where it was touched."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tongqu.audit import append_only
from tongqu.audit.actions import seal as sealing
from tongqu.audit.domain.digest import FIRST, link
from tongqu.audit.models import AuditEntry, Seal
from tongqu.audit.public import (
    anchor,
    export_evidence,
    export_proof,
    public_keys,
    record,
    seal_now,
    sign,
    verify_chain,
    verify_file,
    verify_signature,
)
from tongqu.audit.vocabulary import Break, Finding, Signature
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected

pytestmark = pytest.mark.django_db


def fill(count: int, *, start: int = 0) -> list[AuditEntry]:
    return [
        record(
            "示例.记录",
            by=Actor("person", f"示例-{number % 3}", "示例·岗位", organisation_code="990000-KJ"),
            subject=f"ENTRY-{number}",
            rows=number,
            details={"status": 200, "名": ["甲", number]},
        )
        for number in range(start, start + count)
    ]


@pytest.fixture
def owner() -> Iterator[None]:
    """Somebody who owns the database and took the triggers off."""
    append_only.uninstall(connection)
    yield
    append_only.install(connection)


def raw(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.parametrize("table", append_only.TABLES)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_the_trail(table: str, verb: str, at: object) -> None:
    append_only.install(connection)
    fill(3)
    anchor()
    column = {"audit_auditentry": "rows", "audit_seal": "chain", "audit_head": "root"}[table]
    sql = f"UPDATE {table} SET {column} = '7'" if verb == "UPDATE" else f"DELETE FROM {table}"

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(sql)

    assert verify_chain().ok


def test_postgresql_refuses_to_empty_the_trail() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE exists on PostgreSQL only")
    append_only.install(connection)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw("TRUNCATE audit_head")


def test_a_sealed_and_signed_trail_holds(at: object) -> None:
    fill(7)

    head = anchor()
    fill(2, start=7)
    report = verify_chain()

    assert head is not None
    assert (head.size, report.ok, report.checked, report.heads, report.unsealed) == (
        7,
        True,
        7,
        1,
        2,
    )
    assert seal_now() == 2
    assert verify_chain().checked == 9


def test_signing_again_changes_nothing_and_later_heads_carry_the_tree_on(at: object) -> None:
    fill(5)
    first = anchor()
    again = anchor()
    fill(8, start=5)
    second = anchor()

    assert first is not None
    assert again == first
    assert second is not None
    assert second.size == 13
    assert (verify_chain().ok, verify_chain().heads) == (True, 2)


def test_an_empty_trail_holds_and_has_nothing_to_sign() -> None:
    assert verify_chain().ok
    assert anchor() is None


def in_flight(entry: AuditEntry) -> None:
    """Make an entry as if its transaction had not committed yet; saving it commits it."""
    raw("DELETE FROM audit_auditentry WHERE id = %s", entry.pk)


def test_an_entry_that_commits_late_is_sealed_where_it_arrives(owner: None, at: object) -> None:
    early, *_ = fill(3)
    in_flight(early)
    seal_now()
    early.save(force_insert=True)

    assert seal_now() == 1

    assert Seal.objects.get(position=3).entry_id == early.pk
    assert verify_chain().ok


def test_a_thorough_seal_finds_what_a_usual_one_no_longer_looks_for(
    owner: None, at: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LOOK_BACK", 0)
    early, _ = fill(2)
    in_flight(early)
    seal_now()
    early.save(force_insert=True)

    assert seal_now() == 0
    assert seal_now(thorough=True) == 1
    assert verify_chain().ok


@pytest.mark.parametrize(
    ("column", "value"),
    [("rows", 99), ("subject", "别的"), ("actor_key", "别人"), ("outcome", "refused"),
     ("details", '{"status": 500}'), ("digest", "0" * 64), ("at", "2026-01-01 00:00:00+00:00")],
)  # fmt: skip
def test_one_altered_entry_is_the_first_broken_position(
    owner: None, at: object, column: str, value: object
) -> None:
    entries = fill(6)
    anchor()
    raw(f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s", value, entries[3].pk)

    report = verify_chain()

    assert (report.ok, report.first_bad_position, report.kind) == (False, 4, Break.ENTRY_ALTERED)
    assert report.entry_id == entries[3].pk
    assert report.checked == 3


def test_an_entry_made_to_fit_its_new_digest_is_found_too(owner: None, at: object) -> None:
    entries = fill(4)
    seal_now()
    entries[1].rows = 99
    raw(
        "UPDATE audit_auditentry SET rows = 99, digest = %s WHERE id = %s",
        entries[1].computed_digest(), entries[1].pk,
    )  # fmt: skip

    report = verify_chain()

    assert (report.first_bad_position, report.kind) == (2, Break.ENTRY_ALTERED)


@pytest.mark.parametrize("column", ["chain", "entry_digest"])
def test_an_altered_link_is_named_as_such(owner: None, at: object, column: str) -> None:
    fill(5)
    anchor()
    raw(f"UPDATE audit_seal SET {column} = %s WHERE position = 3", "a" * 64)

    report = verify_chain()

    assert (report.first_bad_position, report.kind) == (3, Break.LINK_ALTERED)


def test_an_entry_taken_out_is_missing_at_its_position(owner: None, at: object) -> None:
    entries = fill(5)
    anchor()
    raw("DELETE FROM audit_seal WHERE position = 2")
    raw("DELETE FROM audit_auditentry WHERE id = %s", entries[1].pk)

    report = verify_chain()

    assert (report.first_bad_position, report.kind) == (2, Break.ENTRY_MISSING)


def test_a_tail_cut_off_behind_a_signed_head_is_missed(owner: None, at: object) -> None:
    entries = fill(5)
    anchor()
    raw("DELETE FROM audit_seal WHERE position = 5")
    raw("DELETE FROM audit_auditentry WHERE id = %s", entries[4].pk)

    report = verify_chain()

    assert (report.first_bad_position, report.kind) == (5, Break.ENTRY_MISSING)


def test_a_trail_rewritten_as_a_whole_does_not_fit_its_signed_head(owner: None, at: object) -> None:
    fill(5)
    anchor()
    chain = FIRST
    for seal in Seal.objects.select_related("entry"):
        entry = seal.entry
        entry.rows = 1000
        entry.digest = entry.computed_digest()
        chain = link(chain, entry.digest)
        AuditEntry.objects.filter(pk=entry.pk).update(rows=1000, digest=entry.digest)
        Seal.objects.filter(pk=seal.pk).update(entry_digest=entry.digest, chain=chain)

    report = verify_chain()

    assert (report.first_bad_position, report.kind) == (5, Break.HEAD_FORGED)


@pytest.mark.parametrize("column", ["root", "chain", "signature", "key_id", "at", "size"])
def test_a_forged_head_is_found(owner: None, at: object, column: str) -> None:
    fill(5)
    anchor()
    value = {"size": "4", "at": "2026-01-01 00:00:00+00:00"}.get(column, "a" * 64)
    raw(f"UPDATE audit_head SET {column} = %s", value)

    assert verify_chain().kind is Break.HEAD_FORGED


def test_an_entry_altered_before_its_seal_is_found(owner: None, at: object) -> None:
    fill(2)
    anchor()
    waiting = fill(1, start=2)[0]
    raw("UPDATE audit_auditentry SET rows = 5 WHERE id = %s", waiting.pk)

    report = verify_chain()

    assert (report.kind, report.first_bad_position, report.entry_id) == (
        Break.ENTRY_ALTERED, None, waiting.pk,
    )  # fmt: skip


def test_the_chain_is_read_in_pieces(at: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongqu.audit.actions.verify_chain.CHUNK", 3)
    monkeypatch.setattr("tongqu.audit.actions.seal.BATCH", 4)
    monkeypatch.setattr("tongqu.audit.queries.CHUNK", 3)
    fill(11)

    anchor()

    assert verify_chain().checked == 11


@pytest.mark.req("AUD-02")
def test_altered_rows_are_placed_and_a_proof_verifies_offline(
    owner: None, at: object, tmp_path: Path
) -> None:
    entries = fill(9)
    anchor()
    export_proof(entries[5].pk, tmp_path / "proof.json")
    raw("UPDATE audit_auditentry SET subject = 'X' WHERE id = %s", entries[2].pk)

    report = verify_chain()
    findings = verify_file(tmp_path / "proof.json")

    assert report.first_bad_position == 3
    assert all(finding.ok for finding in findings)
    assert "已知" in findings[-1].what


def test_a_proof_is_for_sealed_signed_entries_only(at: object) -> None:
    entry = fill(1)[0]

    with pytest.raises(Rejected) as waiting:
        export_proof(entry.pk, Path("/nowhere"))
    with pytest.raises(Rejected) as unknown:
        export_proof(entry.pk + 1, Path("/nowhere"))

    assert waiting.value.problem.code == "NOT_SEALED_YET"
    assert unknown.value.problem.code == "NOT_FOUND"


def test_no_proof_is_given_from_a_broken_chain(owner: None, at: object) -> None:
    entries = fill(4)
    anchor()
    raw("UPDATE audit_seal SET entry_digest = %s WHERE position = 2", "b" * 64)

    with pytest.raises(Rejected) as broken:
        export_proof(entries[0].pk, Path("/nowhere"))

    assert broken.value.problem.code == "CHAIN_BROKEN"


@pytest.fixture
def exported(at: object, tmp_path: Path) -> Path:
    fill(4)
    anchor()
    fill(3, start=4)
    anchor()
    path = tmp_path / "evidence.jsonl"
    assert export_evidence(path) == 1 + len(public_keys()) + 7 + 2 + 1
    return path


def bad(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if not finding.ok]


def test_a_whole_export_holds(exported: Path) -> None:
    findings = verify_file(exported)

    assert bad(findings) == []
    assert "7 件事项" in findings[0].what
    assert "2 个签名树根" in findings[1].what


def test_any_flipped_byte_of_an_export_is_found_and_placed(exported: Path) -> None:
    whole = exported.read_bytes()
    missed, misplaced = [], []
    for position in range(0, len(whole), 3):
        broken = whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]
        exported.write_bytes(broken)
        found = bad(verify_file(exported))
        line = whole[:position].count(b"\n") + 1
        if not found:
            missed.append(position)
        elif found[0].where != "文件头" and f"第 {line} 行" not in found[0].where:
            misplaced.append((position, line, found[0].where))

    assert missed == []
    assert misplaced == []


@pytest.mark.parametrize(
    ("field", "pattern"),
    [("entry", r'"rows":2'), ("digest", r'"digest":"\w'), ("chain", r'"chain":"\w')],
)
def test_the_verifier_names_line_position_and_field(
    exported: Path, field: str, pattern: str
) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines) if '"position":3' in line)
    lines[number] = re.sub(
        pattern, lambda m: m[0][:-1] + ("3" if m[0][-1] != "3" else "4"), lines[number], count=1
    )
    exported.write_text("".join(lines))

    found = bad(verify_file(exported))

    assert len(found) == 1
    assert found[0].where == f"第 {number + 1} 行，位置 3，字段 {field}"


def test_a_line_taken_out_is_missed_at_its_position(exported: Path) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    kept = [line for line in lines if '"position":3' not in line]
    exported.write_text("".join(kept))

    found = bad(verify_file(exported))

    assert "位置 3" in found[0].what


def test_a_cut_export_is_found(exported: Path) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    exported.write_text("".join(lines[:-1]))

    assert "截断" in bad(verify_file(exported))[0].what


def test_a_line_without_end_does_not_fill_the_memory(exported: Path) -> None:
    with exported.open("ab") as file:
        file.write(b"x" * (3 << 20))

    assert bad(verify_file(exported))


def test_other_files_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"\x00\x01")

    assert "无法识别" in verify_file(other)[0].what


def test_the_hub_knows_its_own_signatures() -> None:
    signature = sign(b"payload")

    assert verify_signature(b"payload", signature)
    assert not verify_signature(b"payloae", signature)
    assert not verify_signature(b"payload", Signature("SM2", signature.key_id, signature.value))


def test_texts_that_the_database_cannot_hold_do_not_stop_the_trail(at: object) -> None:
    entry = record(
        "示例",
        by=PLATFORM,
        subject="a\x00b\ud800" + "长" * 300,
        details={"k\x00": ["\x00", {"d": "\udfff"}]},
    )

    entry.refresh_from_db()

    assert entry.subject.startswith("a�b�")
    assert entry.subject.endswith("…")
    assert len(entry.subject) == 200
    assert entry.computed_digest() == entry.digest


def test_binary_fractions_are_no_evidence() -> None:
    with pytest.raises(TypeError, match="binary fractions"):
        record("示例", by=PLATFORM, details={"share": 0.5})
