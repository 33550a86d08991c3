"""API of data elements and message formats."""

from django.http import HttpRequest

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.standards.actions.elements import save_elements
from tongqu.standards.actions.messages import save_message_format
from tongqu.standards.http import schemas as s
from tongqu.standards.http.router import router
from tongqu.standards.queries import elements as reading
from tongqu.standards.queries import messages
from tongqu.standards.vocabulary import Effect

ELEMENT = "/standards/elements/{code}"
MESSAGE = "/standards/messages/{code}"


@router.get("/standards/elements", response={200: list[s.ElementOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def list_elements(request: HttpRequest) -> list[s.ElementOut]:
    """数据元。"""
    return [s.ElementOut.of(element) for element in reading.elements()]


@router.put("/standards/elements", response={200: list[s.ElementOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def keep_elements(request: HttpRequest, body: s.ElementsIn) -> list[s.ElementOut]:
    """保存数据元，全部成功或全部不保存。"""
    edition = body.edition if len(body.documents) == 1 else None
    found = save_elements(body.documents, by=actor_of(request), edition=edition)
    return [s.ElementOut.of(element) for element in found]


@router.get(ELEMENT, response={200: s.ElementDetailOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def element(request: HttpRequest, code: str) -> s.ElementDetailOut:
    """数据元及其可执行校验。"""
    found = reading.get_element(code)
    checks = [s.ElementCheckOut.of(check, sql) for check, sql in reading.with_sql(found)]
    return s.ElementDetailOut(**s.ElementOut.of(found).model_dump(), checks=checks)


@router.post(f"{ELEMENT}/try", response={200: list[s.TriedOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def try_value(request: HttpRequest, code: str, body: s.ValueIn) -> list[s.TriedOut]:
    """用一个值试校验，逐条给出结果；值不保存。"""
    tried = messages.try_value(reading.get_element(code), body.value)
    return [
        s.TriedOut(code=check.code, title=check.title, effect=check.effect, is_right=is_right,
                   remedy=check.remedy)
        for check, is_right in tried
    ]  # fmt: skip


@router.get("/standards/messages", response={200: list[s.MessageFormatOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def list_messages(request: HttpRequest) -> list[s.MessageFormatOut]:
    """电子单据格式及样例。"""
    return [s.MessageFormatOut.of(form) for form in messages.formats()]


@router.put("/standards/messages", response={200: s.KeptOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def keep_message(request: HttpRequest, body: s.StandardDocumentIn) -> s.KeptOut:
    """保存电子单据格式；样例不符合自身格式的不予保存。"""
    code = save_message_format(body.document, by=actor_of(request), edition=body.edition)
    return s.KeptOut(code=code)


@router.get(MESSAGE, response={200: s.MessageFormatOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def message(request: HttpRequest, code: str) -> s.MessageFormatOut:
    """一种电子单据格式。"""
    return s.MessageFormatOut.of(messages.message_format(code))


@router.post(f"{MESSAGE}/validate", response={200: s.MessageResultOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def validate(request: HttpRequest, code: str, body: s.MessageIn) -> s.MessageResultOut:
    """校验一份单据，指出缺少或不符的要素；单据不保存。"""
    found = messages.validate_message(code, body.message)
    return s.MessageResultOut(
        is_valid=not any(finding.effect is Effect.REJECT for finding in found),
        findings=[s.MessageFindingOut.of(finding) for finding in found],
    )
