"""Cut an official text into its articles."""

import re
from collections.abc import Iterable

from tongqu.policy.vocabulary import DocumentView

ARTICLE = re.compile(r"^\s*(第[一二三四五六七八九十百]+条)[\s　]*", re.M)
CHAPTER = re.compile(r"^\s*第[一二三四五六七八九十]+章[^\n]*$", re.M)


def squeezed(text: str) -> str:
    """Return a text without white space: printed texts break lines anywhere."""
    return re.sub(r"\s+", "", text)


def recognise(text: str, known: Iterable[DocumentView]) -> DocumentView | None:
    """Return the document whose title stands at the head of the text."""
    head = squeezed(text[:2000])
    return next((r for r in known if squeezed(r.title) in head), None)


def articles(text: str) -> dict[str, str]:
    """Return the articles by place, e.g. ``第十二条``; the first of a number wins."""
    marks = list(ARTICLE.finditer(text))
    found: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True) if marks else ():
        end = following.start() if following else len(text)
        body = CHAPTER.sub("", text[mark.end() : end])
        paragraphs = [line.strip() for line in body.splitlines() if line.strip()]
        found.setdefault(mark[1], "\n".join(paragraphs))
    return found
