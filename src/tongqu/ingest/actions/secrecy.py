"""Nothing that carries a mark of state secrecy is taken in (measures, article 2; GEN-05)."""

from pathlib import Path

from tongqu.ingest.models import Source
from tongqu.ingest.ports import SourceConnector
from tongqu.ingest.vocabulary import FileOptions
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security import public as security
from tongqu.security.vocabulary import EventKind

MARKED = Problem(
    code="SECRECY_MARK",
    title="文件带有国家秘密标志，平台不接收涉密数据，未保存任何内容。",
    next_step="请立即停止经本平台传输，按保密规定处置，并报告本单位保密机构。",
    basis=law.NON_SECRET,
    who="提供部门保密机构",
)


def mark_of(connector: SourceConnector, path: Path, options: FileOptions) -> str | None:
    """Return the mark that the file's name, metadata or first page carries."""
    pages = connector.first_pages(path, options)
    return next((mark for page in pages if (mark := security.secrecy_mark(page))), None)


def tell(source: Source, *, mark: str, sha256: str, subject: str, by: Actor) -> None:
    """Raise the security event. Of the content only the digest is kept."""
    security.raise_event(
        EventKind.SECRECY_MARK,
        by=by,
        subject=subject,
        details={"source": source.code, "sha256": sha256, "mark": mark[:2]},
        organisations=[source.provider_id],
    )


def refuse_marked(
    connector: SourceConnector, path: Path, options: FileOptions, source: Source, *, by: Actor
) -> None:
    """Raise ``Rejected`` SECRECY_MARK for a marked file, before anything is copied."""
    mark = mark_of(connector, path, options)
    if mark is not None:
        tell(source, mark=mark, sha256=connector.digest(path), subject=source.code, by=by)
        raise Rejected(MARKED)
