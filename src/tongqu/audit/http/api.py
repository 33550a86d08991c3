"""The API of this room, under ``/api/v1/``."""

from dataclasses import asdict
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Query, Router
from ninja.files import UploadedFile

from tongqu.audit import public
from tongqu.audit.domain.documents import write_head
from tongqu.audit.http import schemas as s
from tongqu.audit.http.uploads import verify_upload
from tongqu.audit.permissions import CHAIN_VERIFY, HEAD_READ, TRAIL_READ
from tongqu.audit.vocabulary import EntryQuery
from tongqu.policy.access import requires
from tongqu.policy.problem_out import PROBLEMS, ProblemOut

router = Router()


@router.get("/audit/entries", response={200: s.EntriesOut, PROBLEMS: ProblemOut})
@requires(TRAIL_READ)
def list_entries(request: HttpRequest, asked: Query[s.EntriesIn]) -> dict[str, object]:
    """Search the trail, newest first. Reading it is recorded, too."""
    limit, before = asked.limit, asked.before
    query = EntryQuery(
        since=asked.since.isoformat() if asked.since else "",
        until=asked.until.isoformat() if asked.until else "",
        actor=asked.actor,
        organisation=asked.organisation,
        subject=asked.subject,
        grant=asked.grant,
        outcome=asked.outcome or "",
        kind=asked.kind or "",
    )
    found = list(public.entries(query, before=before)[: limit + 1])
    items = found[:limit]
    public.annotate(request, subject="audit.trail", rows=len(items))
    return {"items": items, "next_before": items[-1].pk if len(found) > limit else None}


@router.get("/audit/proof/{entry_id}", response={200: s.ProofOut, PROBLEMS: ProblemOut})
@requires(TRAIL_READ)
def proof(
    request: HttpRequest, entry_id: Annotated[int, Path(ge=1, le=s.LARGEST_KEY)]
) -> HttpResponse:
    """Download the proof of one entry: it is checked offline with ``tongqu verify``."""
    body = public.proof_of(entry_id)
    public.annotate(request, subject=f"audit.entry {entry_id}", rows=1)
    # The bytes are the proof: they must not be rendered again.
    return as_proof(body, entry_id)


def as_proof(body: bytes, entry_id: int) -> HttpResponse:
    name = f"tongqu-proof-{entry_id}.json"
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/audit/heads", response={200: s.HeadsOut, PROBLEMS: ProblemOut})
@requires(HEAD_READ)
def list_heads(request: HttpRequest) -> dict[str, object]:
    """Publish the newest signed heads: who keeps a copy can prove a later rewriting."""
    return {"items": [write_head(head) for head in public.heads()]}


@router.post("/audit/verify", response={200: s.VerifiedOut, PROBLEMS: ProblemOut})
@requires(CHAIN_VERIFY)
def verify(
    request: HttpRequest, file: Annotated[UploadedFile | None, File()] = None
) -> dict[str, object]:
    """Check the hub's whole chain; with a file, check that receipt, proof or export instead."""
    if file is not None:
        findings = verify_upload(file)
        return {
            "ok": all(finding.ok for finding in findings),
            "findings": [finding.as_dict() for finding in findings],
        }
    report = public.verify_chain()
    public.annotate(request, subject="audit.chain", details={"ok": report.ok})
    return {"ok": report.ok, "chain": asdict(report)}
