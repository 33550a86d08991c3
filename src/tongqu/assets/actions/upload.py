"""Take a document or media file in: looked at first, stored under its content, found again."""

import hashlib
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from tongqu.assets import ports, queries
from tongqu.assets.domain import problems
from tongqu.assets.models import Media, Withheld
from tongqu.assets.ports import Unfit
from tongqu.assets.vocabulary import Domain, Examined
from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, SharingType
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security import public as security
from tongqu.security.vocabulary import EventKind

HEAD = 1 << 20  # bytes looked through for marks besides what the reader of the kind finds
MOST_WORDS = 4000
MOST_TITLES = 200  # of an entry's files that its search knows
NAME_BYTES = 200


class Upload(Protocol):
    """What the web hands over: a name and chunks."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class About:
    """What whoever uploads says of a file. The provider is that of the entry."""

    title: str
    domain: str
    entry_code: str


def upload(given: Upload, about: About, *, by: Actor) -> Media:
    """Keep a file and return its row; the same file of the same entry is the row that is there.

    The bytes wait in a scratch folder that vanishes; only what passed reaches the store.

    Raises: ``Rejected`` INVALID, NOT_YOUR_MEDIA, SECRECY_MARK (with a security event, and a row
    in the quarantine that holds the digest alone), NOT_WHAT_IT_SAYS, NOT_ACCEPTED, FILE_BROKEN,
    DECOMPRESSION_BOMB, EMPTY_FILE.
    """
    if by.kind != "platform":
        require(by, Permission.ASSETS_MEDIA_EDIT)
    entry = _entry(about, by)
    name = safe_name(given.name)
    with _scratch(given) as path:
        found = _looked_at(path, name, entry, by)
        store = ports.store()
        sha256, size = store.put(path)
        preview = store.put_bytes(found.preview) if found.preview else ""
    return _register(found, about, entry, name=name, sha256=sha256, size=size, preview=preview,
                     by=by)  # fmt: skip


def _entry(about: About, by: Actor) -> EntryView:
    faults = {}
    if not 1 <= len(about.title.strip()) <= 200:
        faults["title"] = "请填写题名，不超过 200 字"
    if about.domain not in set(Domain):
        faults["domain"] = "请选择业务领域"
    entry = catalog.entry(about.entry_code) if about.entry_code else None
    if entry is None:
        faults["entry_code"] = "请填写本单位的目录标识"
    if faults or entry is None:
        raise Rejected(problems.invalid(**faults))
    if not queries.owns(by, entry.provider_id):
        raise Rejected(problems.NOT_YOUR_MEDIA)
    return entry


def safe_name(name: str | None) -> str:
    """Return the last part of a name without anything that a path or a terminal could mean."""
    last = re.split(r"[/\\]", name or "")[-1].strip().lstrip(".")
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable())
    return kept.encode()[-NAME_BYTES:].decode(errors="ignore") or "file"


@contextmanager
def _scratch(given: Upload) -> Iterator[Path]:
    place = Path(settings.LANDING)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="media-", dir=place) as folder:
        path = Path(folder) / "file"
        with path.open("wb") as file:
            for chunk in given.chunks():
                file.write(chunk)
        yield path


def _looked_at(path: Path, name: str, entry: EntryView, by: Actor) -> Examined:
    """Look for marks before and after the reader: a broken file may still be a secret one."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    _refuse_marked([name, Path(name).stem, head], path, entry, by)
    try:
        found = ports.examiner().examine(path, name=name)
    except Unfit as error:
        raise Rejected(
            Problem(
                code=error.code,
                title=error.title,
                next_step=error.next_step,
                basis=law.QUALITY,
                who="提供部门",
                fields={"file": error.title},
            )
        ) from error
    _refuse_marked(found.texts, path, entry, by)
    return found


def _refuse_marked(texts: Iterable[str | bytes], path: Path, entry: EntryView, by: Actor) -> None:
    mark = next((found for text in texts if (found := security.secrecy_mark(text))), None)
    if mark is None:
        return
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        Withheld.objects.create(
            sha256=sha256, size=path.stat().st_size, mark=mark[:2],
            provider_id=entry.provider_id, at=clock.now(), by=by.key,
        )  # fmt: skip
        security.raise_event(
            EventKind.SECRECY_MARK, by=by, subject=entry.code,
            details={"sha256": sha256, "mark": mark[:2]}, organisations=[entry.provider_id],
        )  # fmt: skip
    raise Rejected(problems.SECRECY_MARK)


def _register(found: Examined, about: About, entry: EntryView, *, name: str, sha256: str,
              size: int, preview: str, by: Actor) -> Media:  # fmt: skip
    facts = {
        "title": about.title.strip(), "file_name": name, "size": size, "kind": found.kind.value,
        "mime": found.mime, "domain": about.domain, "summary": found.summary,
        "facts": dict(found.facts), "preview": preview, "uploaded_at": clock.now(),
        "uploaded_by": by.key, "words": _words(found, about, entry, name),
    }  # fmt: skip
    for _ in range(50):
        try:
            with transaction.atomic():
                made, is_new = Media.objects.get_or_create(
                    sha256=sha256, provider_id=entry.provider_id, entry_code=entry.code,
                    defaults={**facts, "number": _number()},
                )  # fmt: skip
                if is_new:
                    record("assets.media.uploaded", by=by, subject=made.number, basis=law.COMPILE,
                           details={"sha256": sha256, "kind": found.kind.value,
                                    "entry": entry.code})  # fmt: skip
                    catalog.tell_search(entry.code)
            return made
        except IntegrityError:  # another upload took the number
            continue
    raise RuntimeError("no number could be taken")


def _number() -> str:
    prefix = f"MT-{clock.today():%Y-%m%d}-"
    last = Media.objects.filter(number__startswith=prefix).order_by("-pk").first()
    return f"{prefix}{int(last.number.rsplit('-', 1)[1]) + 1 if last else 1:03d}"


def media_words(entry_codes: Sequence[str]) -> dict[str, list[str]]:
    """Return the titles of entries' newest files, for the catalogue's search (ING-06).

    Of entries shared without condition alone: a search answers everybody, and the title of any
    other file is told to those who may see it.
    """
    rows = Media.objects.filter(entry_code__in=entry_codes).order_by("-pk")
    titles: dict[str, list[str]] = {}
    for code, title in rows.values_list("entry_code", "title"):
        titles.setdefault(code, []).append(title)
    found = catalog.entries(titles) if titles else []
    free = {e.code for e in found if e.sharing_type is SharingType.UNCONDITIONAL}
    return {code: names[:MOST_TITLES] for code, names in titles.items() if code in free}


def _words(found: Examined, about: About, entry: EntryView, name: str) -> str:
    """Return what a search looks through: titles and what the file itself says of it."""
    said = [about.title, name, entry.name, entry.code, found.kind.label, found.summary,
            Domain(about.domain).label, *found.texts]  # fmt: skip
    return " ".join(" ".join(said).split()).casefold()[:MOST_WORDS].replace("\x00", "")
