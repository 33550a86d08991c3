"""Check a file that claims to prove something, whatever kind it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tongqu.audit.domain.verify_evidence import is_evidence, verify_evidence
from tongqu.audit.domain.verify_proof import is_proof, verify_proof
from tongqu.audit.ports import signer
from tongqu.audit.vocabulary import Finding, PublicKey
from tongqu.kernel.problems import Unavailable

SNIFFED = 4096
LONGEST_LINE = 1 << 20  # an entry is a few kilobytes; a longer line is no entry of ours
LARGEST_PROOF = 1 << 20


@dataclass(frozen=True, slots=True)
class Verifier:
    kind: str
    sniff: Callable[[bytes], bool]
    verify: Callable[[Path], list[Finding]]


_verifiers: dict[str, Verifier] = {}


def register_verifier(
    kind: str, sniff: Callable[[bytes], bool], verify: Callable[[Path], list[Finding]]
) -> None:
    """Teach ``verify_file`` another kind of file: ``sniff`` sees its first 4,096 bytes."""
    _verifiers[kind] = Verifier(kind, sniff, verify)


def verify_file(path: Path) -> list[Finding]:
    """Return what was checked and what is wrong, for a receipt, a proof or an export."""
    with path.open("rb") as file:
        head = file.read(SNIFFED)
    for verifier in _verifiers.values():
        if verifier.sniff(head):
            return verifier.verify(path)
    return [
        Finding(
            False,
            "无法识别的文件：既不是编目回执，也不是存证导出或存在性证明，或文件头已损坏",
            "文件头",
        )
    ]


def _trusted() -> tuple[PublicKey, ...]:
    """Return this hub's own keys; none where the file is checked away from any hub."""
    try:
        return signer().public_keys()
    except (Unavailable, OSError):
        return ()


def _proof(path: Path) -> list[Finding]:
    if path.stat().st_size > LARGEST_PROOF:
        return [Finding(False, "存在性证明无法读取：文件过大", "文件")]
    return verify_proof(path.read_bytes(), _trusted())


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            yield line


def _evidence(path: Path) -> list[Finding]:
    return verify_evidence(_lines(path), _trusted())


register_verifier("proof", is_proof, _proof)
register_verifier("evidence", is_evidence, _evidence)
