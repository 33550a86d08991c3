"""``tongqu lake``: upkeep of the tables, backup, restore and drill from the command line.

Exit codes: 0 done; 1 something is wrong with the data or the backup; 2 not understood, or
refused.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="湖仓维护：合并、到期、清理、巡检、标签、备份、恢复、演练", no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象，供程序读取")]
Tables = Annotated[list[str] | None, typer.Argument(help="表名；不写则为全部")]


def _start() -> None:
    from tongqu.project.cli import start_django

    start_django()


def _progress(text: str) -> None:
    typer.echo(text, err=True)


@contextmanager
def _worded(as_json: bool = False) -> Iterator[None]:
    """Say refusals in words, and end with an honest code."""
    from tongqu.kernel.problems import Rejected, Unavailable
    from tongqu.lake.vocabulary import BackupAltered

    try:
        yield
    except Rejected as error:
        typer.echo(f"{error.problem.title}{error.problem.next_step}", err=True)
        raise typer.Exit(1 if error.problem.code == "BACKUP_ALTERED" else 2) from None
    except BackupAltered as error:
        if as_json:
            typer.echo(json.dumps({"altered": error.what}))
        typer.echo(f"备份内容被改动，已拒绝：{error.what}", err=True)
        raise typer.Exit(1) from None
    except Unavailable as error:
        typer.echo(f"存储或数据库暂不可用：{type(error).__name__}", err=True)
        raise typer.Exit(1) from None


def _refs(names: list[str] | None) -> list[Any]:
    from tongqu.lake.public import ref_of, store

    found = []
    for name in names or ():
        ref = ref_of(name)
        if ref is None or not store().exists(ref):
            typer.echo(f"没有名为 {name} 的表。", err=True)
            raise typer.Exit(2)
        found.append(ref)
    return found


def _run(action: Callable[[], Any], as_json: bool) -> dict[str, Any]:
    with _worded(as_json):
        figures: dict[str, Any] = action().figures
    text = json.dumps(figures, ensure_ascii=False)
    typer.echo(text if as_json else "　".join(f"{k} {v}" for k, v in figures.items()))
    return figures


@app.command()
def compact(tables: Tables = None, as_json: Json = False) -> None:
    """把小文件合并为大文件；行不变。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import upkeep as acts

    done = _run(lambda: acts.compact(_refs(tables), by=PLATFORM, report=_progress), as_json)
    raise typer.Exit(1 if done.get("failed") else 0)


@app.command()
def expire(tables: Tables = None, as_json: Json = False) -> None:
    """让旧快照到期；保留最新、有标签、授权和模型在用的快照。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import upkeep as acts

    done = _run(lambda: acts.expire(_refs(tables), by=PLATFORM, report=_progress), as_json)
    raise typer.Exit(1 if done.get("failed") else 0)


@app.command()
def clean(
    hours: Annotated[float, typer.Option(help="只清理比这更早的文件（小时）")] = 24,
    as_json: Json = False,
) -> None:
    """清理没有快照引用的文件。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import upkeep as acts

    seconds = int(hours * 3600)
    _run(lambda: acts.clean(older_than_seconds=seconds, by=PLATFORM, report=_progress), as_json)


@app.command()
def scrub(as_json: Json = False) -> None:
    """逐个核对文件摘要；有受损文件时退出码为 1。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import scrub as acts

    figures = _run(lambda: acts.scrub(by=PLATFORM, report=_progress), as_json)
    raise typer.Exit(1 if figures["open"] or figures.get("failed") else 0)


@app.command()
def heal(as_json: Json = False) -> None:
    """从备份恢复巡检发现的受损文件。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import scrub as acts

    with _worded(as_json):
        healed = acts.heal_all(by=PLATFORM, report=_progress)
    typer.echo(json.dumps({"healed": healed}) if as_json else f"已恢复 {healed} 个文件")


@app.command()
def tags(
    table: Annotated[str, typer.Argument(help="表名")],
    name: Annotated[str, typer.Option("--set", help="给快照加上的版本标签")] = "",
    snapshot: Annotated[int, typer.Option(help="快照编号；不写为当前快照")] = 0,
    remove: Annotated[str, typer.Option(help="要取消的版本标签")] = "",
    as_json: Json = False,
) -> None:
    """列出、加上或取消版本标签；有标签的快照不会到期。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import upkeep as acts
    from tongqu.lake.public import store

    (ref,) = _refs([table])
    with _worded(as_json):
        if name:
            acts.tag(ref, name, snapshot_id=snapshot or None, by=PLATFORM)
        if remove:
            store().untag(ref, remove)
    found = {tag: str(number) for tag, number in store().tags(ref).items()}
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    for tag, number in () if as_json else found.items():
        typer.echo(f"{tag}\t{number}")


@app.command()
def backup(as_json: Json = False) -> None:
    """增量备份控制数据库和各表到 TONGQU_BACKUP。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import backup as acts

    _run(lambda: acts.back_up(by=PLATFORM, report=_progress), as_json)


@app.command()
def restore(
    number: Annotated[str, typer.Argument(help="备份编号；不写为最近一次")] = "",
    key: Annotated[str, typer.Option(help="可信签名密钥的指纹，多个用逗号分隔")] = "",
    as_json: Json = False,
) -> None:
    """在空节点上从备份恢复，并逐表核对。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import restore as acts

    trusted = tuple(part.strip() for part in key.split(",") if part.strip())
    with _worded(as_json):
        done = acts.restore(number, trusted=trusted, by=PLATFORM, report=_progress)
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        typer.echo(f"{done.number}：{done.tables} 张表，{done.rows} 行")
        for name in done.unequal:
            typer.echo(f"不一致：{name}")
    raise typer.Exit(1 if done.unequal else 0)


@app.command()
def drill(
    number: Annotated[str, typer.Argument(help="备份编号；不写为最近一次")] = "",
    as_json: Json = False,
) -> None:
    """恢复演练：在空节点上恢复一次，记录 RPO 和 RTO。"""
    _start()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.lake.actions import restore as acts

    figures = _run(lambda: acts.drill(number, by=PLATFORM, report=_progress), as_json)
    is_met = figures["is_equal"] and all(row["is_met"] for row in figures["classes"])
    raise typer.Exit(0 if is_met else 1)
