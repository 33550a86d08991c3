"""The schema of a refused call. Here, below every room with an API, so that each can name it."""

from typing import Any

from ninja import Schema


class ProblemOut(Schema):
    """The RFC 9457 problem document of every refused call, with code, clause and next step."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    next_step: str
    clause: str | None = None  # code of the clause it rests on
    clause_gist: str | None = None
    who: str | None = None  # who can change it
    fields: dict[str, str] | None = None
    facts: dict[str, Any] | None = None


# For ``response={200: X, PROBLEMS: ProblemOut}``.
PROBLEMS = frozenset({400, 401, 403, 404, 409, 422})
