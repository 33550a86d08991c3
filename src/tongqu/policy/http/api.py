"""The API of this room, under ``/api/v1/``."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from tongqu.kernel.law import Clause
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import UNKNOWN_YEAR
from tongqu.policy.access import actor_of, note, requires
from tongqu.policy.actions.documents import add_article, keep_document
from tongqu.policy.domain.terms import NUMBERS, Terms
from tongqu.policy.problem_out import PROBLEMS, ProblemOut
from tongqu.policy.queries import calendar, documents, search, terms_on

router = Router()
MAY_READ = "policy.text.read"
MAY_EDIT = "policy.profile.edit"
FIRST_DAY, LAST_DAY = date(2004, 1, 1), date(2100, 12, 31)  # what may be asked of the calendar
NO_CALENDAR = Problem(
    code="NO_CALENDAR",
    title="起算日不在工作日历的范围内。",
    next_step="请使用 2004 年至 2100 年之间的日期。",
    basis=UNKNOWN_YEAR,
)


class ClauseOut(Schema):
    """A clause in our words; ``phrase`` finds it in the official text."""

    code: str
    regulation: str
    title: str
    place: str
    gist: str
    phrase: str


class ClausesOut(Schema):
    total: int
    items: list[ClauseOut]


class TermsOut(Schema):
    """The numbers in force on a day; ``freshness_seconds`` by update cycle."""

    on: date
    profile: str
    numbers: dict[str, int]
    freshness_seconds: dict[str, int]


class DeadlineOut(Schema):
    """The last day, inclusive; provisional when a year on the way is not yet announced."""

    start: date
    working_days: int
    on: date
    provisional: bool
    profile: str


@router.get("/policy/clauses", response={200: ClausesOut, PROBLEMS: ProblemOut})
@requires(MAY_READ)
def list_clauses(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> ClausesOut:
    """Return the clauses that hold every word of ``q``, in the order of the documents."""
    found = search(q)
    return ClausesOut(total=len(found), items=[_out(c) for c in found[offset : offset + limit]])


@router.get("/policy/terms", response={200: TermsOut, PROBLEMS: ProblemOut})
@requires(MAY_READ)
def show_terms(request: HttpRequest, on: date) -> TermsOut:
    """Return the terms in force on that day: what a case filed then is judged by."""
    return _terms_out(on, terms_on(on))


@router.get("/policy/deadline", response={200: DeadlineOut, PROBLEMS: ProblemOut})
@requires(MAY_READ)
def show_deadline(
    request: HttpRequest,
    start: date,
    working_days: Annotated[int, Query(ge=0, le=1000)],
) -> DeadlineOut:
    """Return the last day of a term of working days; the day of receipt is not counted."""
    if not FIRST_DAY <= start <= LAST_DAY:
        raise Rejected(NO_CALENDAR)
    found = calendar().after(start, working_days)
    profile = terms_on(start).profile if start >= date(2021, 4, 15) else ""
    return DeadlineOut(
        start=start,
        working_days=working_days,
        on=found.on,
        provisional=found.provisional,
        profile=profile,
    )


class DocumentIn(Schema):
    """What is recorded of a document; of one that we ship, title and day of effect are ours."""

    title: Annotated[str, Field(max_length=120)] = ""
    document_number: Annotated[str, Field(max_length=60)] = ""
    issuer: Annotated[str, Field(max_length=120)] = ""
    issued_on: date | None = None
    effective_from: date | None = None
    repealed_on: date | None = None
    replaced_by: Annotated[str, Field(max_length=120)] = ""
    is_basis: bool = False


class PolicyDocumentOut(Schema):
    """A document of the library; ``repealed_on`` is the first day out of force."""

    key: str
    title: str
    document_number: str
    issuer: str
    issued_on: date | None
    effective_from: date
    repealed_on: date | None
    replaced_by: str
    is_basis: bool
    is_shipped: bool
    state: str


class ArticleIn(Schema):
    place: Annotated[str, Field(min_length=1, max_length=40)]
    gist: Annotated[str, Field(min_length=1, max_length=200)]
    phrase: Annotated[str, Field(max_length=100)] = ""


@router.get("/policy/documents", response={200: list[PolicyDocumentOut], PROBLEMS: ProblemOut})
@requires(MAY_READ)
def list_documents(request: HttpRequest) -> object:
    """Return every document of the library with its number, dates and state today."""
    return list(documents())


@router.put("/policy/documents/{key}", response={200: PolicyDocumentOut, PROBLEMS: ProblemOut})
@requires(MAY_EDIT)
def put_document(request: HttpRequest, key: str, body: DocumentIn) -> object:
    """Record a document, or correct what is recorded of it."""
    keep_document(key=key, **body.dict(), by=actor_of(request))
    note(request, subject=f"policy {key}")
    return next(d for d in documents() if d.key == key)


@router.post("/policy/documents/{key}/articles", response={201: ClauseOut, PROBLEMS: ProblemOut})
@requires(MAY_EDIT)
def post_article(request: HttpRequest, key: str, body: ArticleIn) -> object:
    """Add a clause to a recorded document, so that decisions can cite it."""
    add_article(key, **body.dict(), by=actor_of(request))
    note(request, subject=f"policy {key}", place=body.place)
    found = next(
        c for c in search("") if c.regulation.key == key
        and (c.place, c.gist) == (body.place, body.gist.strip())
    )  # fmt: skip
    return Status(201, _out(found))


def _out(clause: Clause) -> ClauseOut:
    return ClauseOut(
        code=clause.code,
        regulation=clause.regulation.key,
        title=clause.regulation.title,
        place=clause.place,
        gist=clause.gist,
        phrase=clause.phrase,
    )


def _terms_out(on: date, terms: Terms) -> TermsOut:
    return TermsOut(
        on=on,
        profile=terms.profile,
        numbers={name: getattr(terms, name) for name in NUMBERS},
        freshness_seconds={c: int(d.total_seconds()) for c, d in terms.freshness.items()},
    )
