"""Import an official text, so that pages can show its wording beside our gist."""

from pathlib import Path

from django.db import transaction

from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.domain.texts import articles, recognise
from tongqu.policy.models import OfficialText
from tongqu.policy.queries import documents

LIMIT = 5_000_000  # bytes: no regulation is longer


def import_text(path: Path, *, by: Actor = PLATFORM) -> int:
    """Import the articles of a text file and return how many; again replaces the wording.

    Raises: ``Rejected`` TEXT_UNREADABLE, DOCUMENT_UNKNOWN, NO_ARTICLES.
    """
    if path.stat().st_size > LIMIT:
        raise _rejected("TEXT_UNREADABLE", "文件过大，不是法规文本。")
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return import_articles(raw.decode(encoding), by=by)
        except UnicodeDecodeError:
            continue
    raise _rejected("TEXT_UNREADABLE", "文件不是 UTF-8 或 GB 18030 文本。")


@transaction.atomic
def import_articles(text: str, *, by: Actor) -> int:
    regulation = recognise(text, documents())
    if regulation is None:
        raise _rejected("DOCUMENT_UNKNOWN", "文首没有找到已收录文件的名称。")
    found = articles(text)
    if not found:
        raise _rejected("NO_ARTICLES", "没有找到“第…条”。")
    for place, wording in found.items():
        OfficialText.objects.update_or_create(
            regulation=regulation.key,
            place=place,
            defaults={"text": wording, "imported_by": by.key, "imported_at": clock.now()},
        )
    return len(found)


def _rejected(code: str, says: str) -> Rejected:
    return Rejected(
        Problem(
            code=code,
            title=f"官方文本没有导入：{says}",
            next_step="请取得正式发布的文本，存为文本文件，保留文件名称和条号后重试。",
        )
    )
