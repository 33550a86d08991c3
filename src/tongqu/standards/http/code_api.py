"""API of code tables and cross-walks."""

from datetime import date

from django.http import HttpRequest
from ninja import Query

from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import clock
from tongqu.standards.actions import codes
from tongqu.standards.domain.code_tables import difference
from tongqu.standards.http import schemas as s
from tongqu.standards.http.router import router
from tongqu.standards.queries import codes as reading

TABLE = "/standards/code-tables/{name}"


@router.get("/standards/code-tables", response={200: list[s.CodeTableOut], PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def list_code_tables(request: HttpRequest) -> list[s.CodeTableOut]:
    """现行代码集（不含代码）。"""
    return [s.CodeTableOut.of(table, ()) for table in reading.code_tables()]


@router.put("/standards/code-tables", response={200: s.CodeTableOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def keep_code_table(request: HttpRequest, body: s.StandardDocumentIn) -> s.CodeTableOut:
    """保存代码集的一个版本；成环、重复、有效期重叠的不予保存。"""
    table = codes.save_code_table(body.document, by=actor_of(request), edition=body.edition)
    return s.CodeTableOut.of(table)


@router.get(TABLE, response={200: s.CodeTableOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def code_table(request: HttpRequest, name: str, version: str = "") -> s.CodeTableOut:
    """代码集的现行版本或指定版本，含全部代码。"""
    return s.CodeTableOut.of(reading.table_of(reading.get_version(name, version)))


@router.get(f"{TABLE}/valid", response={200: s.CodeTableOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def codes_on(request: HttpRequest, name: str, on: date | None = None) -> s.CodeTableOut:
    """某一天有效的代码；默认今天。"""
    day = on or clock.today()
    table = reading.table_of(reading.get_version(name, "", day))
    return s.CodeTableOut.of(table, table.on(day))


@router.get(f"{TABLE}/difference", response={200: s.CodeDifferenceOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_READ)
def compare(request: HttpRequest, name: str, versions: Query[s.VersionsIn]) -> s.CodeDifferenceOut:
    """两个版本之间增加、删除和修改的代码。"""
    before = reading.table_of(reading.get_version(name, versions.old))
    after = reading.table_of(reading.get_version(name, versions.new))
    return s.CodeDifferenceOut.of(difference(before.codes, after.codes))


@router.put("/standards/crosswalks", response={200: s.KeptOut, PROBLEMS: ProblemOut})
@requires(P.STANDARDS_LIBRARY_EDIT)
def keep_crosswalk(request: HttpRequest, body: s.StandardDocumentIn) -> s.KeptOut:
    """保存两个代码集的对照。"""
    count = codes.save_crosswalk(body.document, by=actor_of(request), edition=body.edition)
    return s.KeptOut(code=f"{body.document['source']} {body.document['target']}", count=count)


@router.get("/standards/crosswalks/{source}/{target}",
            response={200: s.CrosswalkOut, PROBLEMS: ProblemOut})  # fmt: skip
@requires(P.STANDARDS_LIBRARY_READ)
def crosswalk(request: HttpRequest, source: str, target: str) -> s.CrosswalkOut:
    """两个代码集的对照；只登记了反方向的，按反方向给出。"""
    pairs = reading.crosswalk(source, target)
    return s.CrosswalkOut(source=source, target=target, pairs=[list(pair) for pair in pairs])
