"""A query sent straight to the engine, past every grant: always refused, always recorded."""

import hashlib
from typing import NoReturn

from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.vocabulary import ref_of
from tongqu.policy.clauses.measures_2021 import ONE_PLATFORM
from tongqu.security.public import raise_event
from tongqu.security.vocabulary import EventKind

OUT_OF_BAND = Problem(
    code="OUT_OF_BAND",
    title="不得绕开共享授权直接查询数据。",
    next_step="请在资源目录中申请共享，获得授权后经联机查询、订阅或下载取数。",
    basis=ONE_PLATFORM,
    who="提供部门、技术支持部门",
)


def refuse_query(sql: str, *, by: Actor) -> NoReturn:
    """Refuse a query, whatever it says; the text reaches no engine.

    The trail keeps the names of the lake's tables and a digest, not the text: its literals
    may be personal data. Raises: ``Rejected`` OUT_OF_BAND, always.
    Source: measures, article 5: sharing goes through the platform only.
    """
    named = sorted(set(_tables(sql)))[:20]
    details = {"tables": named, "sha256": hashlib.sha256(_bytes(sql)).hexdigest()}
    with transaction.atomic():  # commits before the refusal is raised
        record(
            "lake.query.refused",
            by=by,
            subject=", ".join(named),
            outcome=Outcome.REFUSED,
            basis=ONE_PLATFORM,
            code=OUT_OF_BAND.code,
            details=details,
        )
        raise_event(
            EventKind.OUT_OF_BAND, by=by, subject=", ".join(named) or "lake", details=details
        )
    raise Rejected(OUT_OF_BAND)


def _tables(sql: str) -> list[str]:
    """Return the names of the lake's tables that occur in a text, without parsing it."""
    words = "".join(c if c.isascii() and (c.isalnum() or c == "_") else " " for c in sql.lower())
    return [ref.name for word in words.split() if (ref := ref_of(word))]


def _bytes(sql: str) -> bytes:
    return sql.encode("utf-8", "surrogatepass")
