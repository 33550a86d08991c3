"""``tongqu pack`` and ``tongqu generate``. Imports wait until a command runs."""

import json
import os
from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer

pack = typer.Typer(help="数据包：目录条目、规则、代码集和数据元", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象，供程序读取")]
NameOrDir = Annotated[str, typer.Argument(help="数据包名，或含 pack.toml 的目录")]


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
    import django

    django.setup()


def _stop(problem: object) -> typer.Exit:
    """Tell a refusal with every place it names."""
    from tongqu.kernel.problems import Problem

    assert isinstance(problem, Problem)  # noqa: S101  (what Rejected holds)
    typer.echo(f"{problem.title}{problem.next_step}", err=True)
    for where, what in problem.fields.items():
        typer.echo(f"  {where}：{what}", err=True)
    return typer.Exit(2 if problem.code == "NO_SUCH_PACK" else 1)


@pack.command("list")
def list_packs(as_json: Json = False) -> None:
    """列出随安装提供的数据包。"""
    _django()
    from tongqu.project.packs.reading import names, read_pack

    packs = [read_pack(name) for name in names()]
    rows = [
        {"name": p.name, "version": p.version, "title": p.title, "entries": len(p.entries)}
        for p in packs
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['name']}\t{row['version']}\t{row['title']}\t{row['entries']} 项")


@pack.command("check")
def check(name: NameOrDir, as_json: Json = False) -> None:
    """离线校验数据包：逐条列出全部错误。有错误时退出码为 1。"""
    _django()
    from tongqu.kernel.problems import Rejected
    from tongqu.project.packs.checking import faults
    from tongqu.project.packs.reading import read_pack

    try:
        found = faults(read_pack(name))
    except Rejected as refused:
        raise _stop(refused.problem) from None
    if as_json:
        rows = [{"where": fault.where, "what": fault.what} for fault in found]
        typer.echo(json.dumps({"ok": not found, "faults": rows}, ensure_ascii=False))
    else:
        for fault in found:
            typer.echo(str(fault))
        typer.echo(f"共 {len(found)} 处错误" if found else "校验通过")
    raise typer.Exit(1 if found else 0)


@pack.command("load")
def load(
    name: NameOrDir,
    provider: Annotated[str, typer.Option(help="提供部门的组织代码")],
    example: Annotated[bool, typer.Option("--example", help="把目录条目标为示例")] = False,
    as_json: Json = False,
) -> None:
    """装载数据包：目录条目成为草稿，发布仍由提供部门办理。重复装载不改变任何内容。"""
    _django()
    from tongqu.identity.public import organisation
    from tongqu.kernel.problems import Rejected
    from tongqu.project.packs.loading import load_pack

    unit = organisation(provider)
    if unit is None:
        typer.echo(f"没有代码为 {provider} 的组织。请核对组织代码。", err=True)
        raise typer.Exit(2)
    try:
        loaded = load_pack(name, provider_id=unit.pk, is_example=example)
    except Rejected as refused:
        raise _stop(refused.problem) from None
    if as_json:
        typer.echo(json.dumps(loaded.as_dict(), ensure_ascii=False))
        return
    facts = loaded.as_dict()
    typer.echo(
        f"{loaded.pack} {loaded.version}：新建 {facts['made']} 项，"
        f"未变 {facts['unchanged']} 项，有差异 {facts['proposed']} 项"
    )
    for one in loaded.proposals:
        typer.echo(f"  {one.kind} {one.name} 与数据包不同：{'、'.join(one.differences)}")
    if loaded.proposals:
        typer.echo("有差异的内容保持现状，请责任部门核定后修改。")


def generate(
    name: Annotated[str, typer.Argument(help="数据包名")],
    *,
    out: Annotated[Path, typer.Option(help="写入的目录")],
    rows: Annotated[int, typer.Option(help="定位表的行数，其余按比例")] = 1_000,
    seed: Annotated[int, typer.Option(help="种子：相同则文件相同")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="只生成这些资源")] = None,
    file_format: Annotated[str, typer.Option("--format", help="parquet 或 csv")] = "parquet",
    day: Annotated[str, typer.Option("--at", help="当作现在的时刻，如 2026-09-24")] = "",
) -> None:
    """生成示例数据：三十五项资源，内含数目已知的错误，真值写在 truth.json。"""
    _django()
    from tongqu.adapters.generator import generate as generator

    if name != generator.PACK:
        typer.echo(f"没有 {name} 的生成器。现有：{generator.PACK}", err=True)
        raise typer.Exit(2)
    try:
        wanted = generator.order(
            rows, seed, out, only=only or (), file_format=file_format, at=_moment(day)
        )
    except ValueError as wrong:
        typer.echo(f"{wrong}。", err=True)
        raise typer.Exit(2) from None

    def report(slug: str, done: int, of: int) -> None:
        typer.echo(f"{slug}\t{done:,} / {of:,} 行", err=True)

    truth = generator.generate(wanted, report)
    typer.echo(f"{generator.LABEL}。已写入 {out}，{len(truth) - 1} 项资源。")


def _moment(text: str) -> datetime | None:
    """Return the moment; a day alone means its ninth hour. Raises: ``ValueError``."""
    from tongqu.kernel import clock

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("时刻应写作 2026-09-24 或 2026-09-24T09:00:00") from None
    if len(text) == len("2026-09-24"):
        moment = datetime.combine(moment.date(), time(9))
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
