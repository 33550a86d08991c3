"""``tongqu models``: installed models, and running a pack by hand. Imports wait for a command."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="数据模型：检查、安装、运行、回填", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象，供程序读取")]
Name = Annotated[str, typer.Argument(help="数据包名，或放模型文件的目录")]


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
    import django

    django.setup()


def _folder(name: str) -> Path:
    """Return the folder of a pack's models, or a folder that is named itself."""
    from tongqu.project.packs.reading import folder_of

    given = Path(name)
    if given.is_dir() and not (given / "pack.toml").is_file():
        return given
    return folder_of(name) / "models"


def _stop(error: Exception) -> typer.Exit:
    from tongqu.kernel.problems import Rejected

    if not isinstance(error, Rejected):
        raise error
    problem = error.problem
    typer.echo(f"{problem.title}{problem.next_step}", err=True)
    findings = problem.facts.get("findings", [])
    for found in findings if isinstance(findings, list) else []:
        typer.echo(f"  {found['model']} {found['code']}：{found['title']}", err=True)
    return typer.Exit(1)


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """列出已安装的模型和最近一次运行。"""
    _django()
    from tongqu.lake.public import installed_models

    rows = installed_models()
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['name']}\t{row['library']}\t{row['version']}\t{row['state'] or '未运行'}")


@app.command("check")
def check(name: Name) -> None:
    """检查模型：头部、分层方向、语句能否在两种引擎上运行；不读写数据。"""
    _django()
    from tongqu.kernel.problems import Rejected
    from tongqu.lake.public import check_models, model_texts

    try:
        pack = check_models(model_texts(_folder(name)))
    except Rejected as refused:
        raise _stop(refused) from None
    typer.echo(f"{len(pack.models)} 个模型，检查通过")


@app.command("install")
def install(name: Name) -> None:
    """安装模型：此后在所读的表入湖后自动运行。"""
    _django()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.kernel.problems import Rejected
    from tongqu.lake.public import install_models, model_texts

    folder = _folder(name)
    pack = folder.parent.name if folder.name == "models" else folder.name
    try:
        names = install_models(pack, model_texts(folder), by=PLATFORM)
    except Rejected as refused:
        raise _stop(refused) from None
    typer.echo(f"已安装 {len(names)} 个模型")


@app.command("run")
def run(
    name: Name,
    only: Annotated[list[str] | None, typer.Option(help="只运行这些模型")] = None,
    since: Annotated[str, typer.Option(help="分区模型从此值起重算，如 2026-09-01")] = "",
    *,
    backfill: Annotated[bool, typer.Option("--backfill", help="全部重新计算")] = False,
    as_json: Json = False,
) -> None:
    """运行模型。检查未通过的沿用原有数据，退出码为 1。"""
    _django()
    from tongqu.kernel.actor import PLATFORM
    from tongqu.kernel.problems import Rejected
    from tongqu.lake.public import run_models

    chosen = frozenset(only) if only else None
    try:
        done = run_models(
            _folder(name), by=PLATFORM, only=chosen, since=since, is_backfill=backfill
        )
    except Rejected as refused:
        raise _stop(refused) from None
    steps = list(done.steps.all())
    if as_json:
        rows = [
            {"model": s.model, "state": s.state, "rows": s.rows, "changed": s.changed_rows,
             "code": s.code, "message": s.message}
            for s in steps
        ]  # fmt: skip
        typer.echo(json.dumps({"ok": done.ok, "run": done.pk, "steps": rows}, ensure_ascii=False))
    else:
        for s in steps:
            typer.echo(f"{s.model}\t{s.state_label}\t{s.changed_rows or 0} 行\t{s.message}")
    raise typer.Exit(0 if done.ok else 1)
