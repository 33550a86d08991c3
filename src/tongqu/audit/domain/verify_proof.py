"""Checking one inclusion proof with nothing but the file: no database, no trust in us."""

from collections.abc import Iterable

from tongqu.audit.domain.digest import is_digest, sm3
from tongqu.audit.domain.documents import (
    PROOF_KEYS,
    Document,
    Malformed,
    expect,
    parse,
    read_head,
    read_key,
)
from tongqu.audit.domain.merkle import leaf, root_from
from tongqu.audit.domain.signatures import head_holds, is_key_sound
from tongqu.audit.vocabulary import Finding, PublicKey
from tongqu.kernel.canonical import canonical


def is_proof(head: bytes) -> bool:
    return head.startswith(b'{"digest":"')  # the first key of the canonical form


def verify_proof(data: bytes, trusted: Iterable[PublicKey] = ()) -> list[Finding]:
    """Check a proof: canonical form, digest, path, signature, fingerprint.

    ``trusted`` are the keys the reader got from elsewhere; without them the finding says
    which fingerprint has to be compared.
    """
    try:
        if not data.endswith(b"\n"):
            raise Malformed("文件末尾不完整")
        document = parse(data[:-1])
        expect(document, PROOF_KEYS, "proof")
        if (document["format"], document["version"]) != ("tongqu-proof", 1):
            raise Malformed("format 或 version 不认识")
        return _check(document, tuple(trusted))
    except Malformed as error:
        return [Finding(False, f"存在性证明无法读取：{error.args[0]}", "文件")]


def _check(document: Document, trusted: tuple[PublicKey, ...]) -> list[Finding]:
    head, key = read_head(document["head"]), read_key(document["key"])
    signed = head_holds(head, key)
    place = "head" if is_key_sound(key) else "key"
    digest = sm3(canonical(document["entry"])).hex()
    same = digest == document["digest"]
    led = _leads(document, digest, root=head.root)
    # Which part was touched follows from what still agrees with the signed root.
    named = _named(signed=signed, led=led, stated_leads=_leads(
        document, document["digest"], root=head.root))  # fmt: skip
    return [
        Finding(same, "事项内容与摘要一致", "" if same else ("digest" if led else "entry")),
        Finding(led, "摘要经证明路径到达树根", "" if led else named),
        Finding(signed, "树根的签名成立", "" if signed else place),
        trust_finding(key, trusted),
    ]


def _named(*, signed: bool, led: bool, stated_leads: bool) -> str:
    if led:
        return ""
    if stated_leads:
        return "entry"
    return "position 或 path" if signed else "head.root"


def _leads(document: Document, digest: object, *, root: str) -> bool:
    position, size, path = document["position"], document["head"]["size"], document["path"]
    if type(position) is not int or not isinstance(path, list) or not is_digest(digest):
        return False
    if not all(is_digest(each) for each in path):
        return False
    try:
        found = root_from(
            leaf(str(digest)),
            index=position - 1,
            size=size,
            path=[bytes.fromhex(each) for each in path],
        )
    except ValueError:
        return False
    return found.hex() == root


def trust_finding(key: PublicKey, trusted: tuple[PublicKey, ...]) -> Finding:
    """Say whose key it is, as far as the reader's own keys tell."""
    if key in trusted:
        return Finding(True, f"签名密钥 {key.key_id} 属于已知的枢纽")
    return Finding(True, f"签名密钥指纹 {key.key_id}，请与出具单位公布的指纹核对")
