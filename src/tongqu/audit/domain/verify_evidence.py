"""Checking a full export line by line, in flat memory, and naming the place of a change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes

from tongqu.audit.domain.digest import FIRST, is_digest, link, sm3
from tongqu.audit.domain.documents import Document, Malformed, expect, parse, read_head, read_key
from tongqu.audit.domain.merkle import Tree, leaf
from tongqu.audit.domain.signatures import head_holds, is_key_sound
from tongqu.audit.domain.verify_proof import trust_finding
from tongqu.audit.vocabulary import Finding, PublicKey
from tongqu.kernel.canonical import canonical

HEADER_KEYS = frozenset({"t", "version", "exported_at", "sm3"})
ENTRY_KEYS = frozenset({"t", "position", "entry", "digest", "chain"})
END_KEYS = frozenset({"t", "entries", "heads", "chain", "sm3"})
MOST_FINDINGS = 20


def is_evidence(head: bytes) -> bool:
    return head.startswith(b"{") and b'"t":"evidence"' in head.split(b"\n", 1)[0]


def header_digest(document: Document) -> str:
    return sm3(canonical({k: v for k, v in document.items() if k != "sm3"})).hex()


def verify_evidence(lines: Iterable[bytes], trusted: Iterable[PublicKey] = ()) -> list[Finding]:
    """Check an export: every entry, link, head, the header and the end line.

    ``lines`` end with their line feed. At most ``MOST_FINDINGS`` broken places are named,
    the first ones.
    """
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        for what, field_name in reading.take(line):
            where = f"第 {number} 行"
            if reading.place:
                where += f"，位置 {reading.place}"
            reading.broken.append(Finding(False, what, f"{where}，字段 {field_name}"))
        if len(reading.broken) >= MOST_FINDINGS:
            return reading.broken[:MOST_FINDINGS]
    return reading.result(tuple(trusted))


@dataclass(slots=True)
class _Reading:
    """How far the reading has come."""

    chain: str = FIRST
    tree: Tree = field(default_factory=Tree)
    keys: dict[str, PublicKey] = field(default_factory=dict)
    broken: list[Finding] = field(default_factory=list)
    heads: int = 0
    expected: int = 1  # position of the next entry
    place: int = 0  # position of the entry on this line, 0 on other lines
    lines: int = 0
    ended: bool = False
    running: hashes.Hash = field(default_factory=lambda: hashes.Hash(hashes.SM3()))

    def take(self, line: bytes) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the next line, with the field it is wrong in."""
        self.place = 0
        self.lines += 1
        before = self.running.copy()
        self.running.update(line)
        try:
            if self.ended:
                raise Malformed("结束行之后还有内容")
            if not line.endswith(b"\n"):
                raise Malformed("行末不完整，文件可能被截断")
            document = parse(line[:-1])
            if (document.get("t") == "evidence") != (self.lines == 1):
                raise Malformed("文件头不在首行")
            yield from self._line(document, before)
        except Malformed as error:
            # An unreadable entry still takes a place: the next line tells how the chain went.
            yield error.args[0], "整行"

    def _line(self, document: Document, before: hashes.Hash) -> Iterator[tuple[str, str]]:
        match document.get("t"):
            case "evidence":
                expect(document, HEADER_KEYS, "文件头")
                if document["version"] != 1 or header_digest(document) != document["sm3"]:
                    yield "文件头与其摘要不一致", "文件头"
            case "key":
                key = read_key({k: v for k, v in document.items() if k != "t"})
                self.keys[key.key_id] = key
                if not is_key_sound(key):
                    yield "公钥与其指纹不一致", "key"
            case "entry":
                yield from self._entry(document)
            case "head":
                yield from self._head(document)
            case "end":
                yield from self._end(document, before)
            case _:
                raise Malformed("不认识的行")

    def _entry(self, document: Document) -> Iterator[tuple[str, str]]:
        expect(document, ENTRY_KEYS, "事项")
        position, digest, chain = (document[k] for k in ("position", "digest", "chain"))
        expected = self.place = self.expected
        found = sm3(canonical(document["entry"])).hex()
        if position != expected:
            if type(position) is int and position > expected:
                yield f"位置 {expected} 起的事项缺失", "position"
            else:
                yield "位置不连续", "position"
        linked = link(self.chain, found)
        if found != digest:
            # The link tells who is right: it was made from the digest at sealing.
            yield (("摘要被改动", "digest") if linked == chain else ("事项内容被改动", "entry"))
        if linked != chain and not (is_digest(digest) and link(self.chain, digest) == chain):
            yield "链值与前后不衔接", "chain"
        self.tree.add(leaf(found))
        # Go on with what is most likely right, so that one change is named once.
        is_computed_better = (position == expected and found == digest) or not is_digest(chain)
        self.chain = linked if is_computed_better else chain
        self.expected = position + 1 if type(position) is int and position > 0 else expected + 1

    def _head(self, document: Document) -> Iterator[tuple[str, str]]:
        head = read_head({k: v for k, v in document.items() if k != "t"})
        self.heads += 1
        key = self.keys.get(head.signature.key_id)
        if key is None or not head_holds(head, key):
            yield "树根的签名不成立", "head"
        elif not self.broken and (
            (head.size, head.root, head.chain)
            != (self.tree.size, self.tree.root().hex(), self.chain)
        ):
            yield "签名的树根与事项不一致，事项曾被整体改写", "head"

    def _end(self, document: Document, before: hashes.Hash) -> Iterator[tuple[str, str]]:
        expect(document, END_KEYS, "结束行")
        self.ended = True
        counts = (document["entries"], document["heads"], document["chain"])
        if counts != (self.tree.size, self.heads, self.chain) and not self.broken:
            yield "结束行的条数或链值不一致", "entries、heads 或 chain"
        if before.finalize().hex() != document["sm3"] and not self.broken:
            yield "全文摘要不一致", "sm3"

    def result(self, trusted: tuple[PublicKey, ...]) -> list[Finding]:
        if not self.ended and not self.broken:
            self.broken.append(Finding(False, "没有结束行，文件被截断", f"第 {self.lines} 行之后"))
        if self.broken:
            return self.broken
        return [
            Finding(True, f"{self.tree.size} 件事项的内容、次序与链值一致"),
            Finding(True, f"{self.heads} 个签名树根成立"),
            *(trust_finding(key, trusted) for key in self.keys.values()),
        ]
