"""The command line: ``tongqu --help``.

Exit codes: 0 done; 1 the thing asked for did not hold (a step failed, a proof is broken);
2 the command was not understood.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tongqu.project import lake_commands, model_commands
from tongqu.project.packs import commands

app = typer.Typer(
    name="tongqu",
    help="通衢：综合交通运输公共数据枢纽",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
law = typer.Typer(help="制度：条款与代码、测试的对应", no_args_is_help=True)
app.add_typer(law, name="law")
app.add_typer(commands.pack, name="pack")
app.add_typer(lake_commands.app, name="lake")
app.add_typer(model_commands.app, name="models")
app.command("generate")(commands.generate)

Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象，供程序读取")]


def _django() -> None:
    """Start Django once, as late as possible: ``--help`` does not pay for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
    import django

    django.setup()


start_django = _django


@app.command()
def run(bind: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1:8000") -> None:
    """一步到位：建库、走一遍主流程（仅首次）、启动门户，随后备好各专题的示例。"""
    _as_example(bind)
    _django()
    from tongqu.project import installation
    from tongqu.project.demo import play

    installation.prepare()
    if not play.has_been_played() and not play.play(report=play.to_terminal).ok:
        raise typer.Exit(1)
    typer.echo(f"\n门户地址 http://{bind}/ ，登录页可选示例账号。按 Ctrl+C 停止。")
    # A process of its own: engines that ran the demonstration do not survive the fork of a server.
    serving = [sys.executable, "-m", "tongqu.project.cli", "serve", "--bind", bind, "--showcase"]
    os.execv(sys.executable, serving)  # noqa: S606  (our own interpreter and module)


def _as_example(bind: str) -> None:
    """Say where the example's own sources lie and its backups go, unless somebody said so."""
    home = Path(os.environ.get("TONGQU_HOME", "var")).resolve()
    os.environ["TONGQU_DEMO"] = "1"
    os.environ.setdefault("TONGQU_BASE_URL", f"http://{bind}")
    os.environ.setdefault("TONGQU_SCAN_ALLOWED", f"{home / 'example-sources'},{bind}")
    os.environ.setdefault("TONGQU_BACKUP", str(home / "example-backup"))


@app.command()
def stream(source: Annotated[str, typer.Argument(help="来源代码")]) -> None:
    """持续接入一个消息流来源（MQTT、Kafka），直到收到停止信号。"""
    _django()
    from tongqu.kernel.problems import Rejected
    from tongqu.project import streaming

    try:
        is_done = streaming.run(source, told=typer.echo)
    except Rejected as error:
        typer.echo(f"{error.problem.title}{error.problem.next_step}", err=True)
        raise typer.Exit(1) from None
    if not is_done:
        raise typer.Exit(1)


@app.command()
def demo(
    directory: Annotated[
        Path | None, typer.Option("--dir", help="数据存放目录，默认用 TONGQU_HOME")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="用此目录中的文件和 manifest.toml 走同一流程")
    ] = None,
    as_json: Json = False,
) -> None:
    """走一遍主流程：从来源文件到受控交付，不启动门户。"""
    os.environ["TONGQU_DEMO"] = "1"
    if directory is not None:
        os.environ["TONGQU_HOME"] = str(directory.resolve())
    _django()
    from tongqu.project import installation
    from tongqu.project.demo import play

    installation.prepare()
    account = play.play(data=data, report=play.silently if as_json else play.to_terminal)
    if as_json:
        typer.echo(json.dumps(account.as_dict(), ensure_ascii=False))
        for step in account.steps:
            if not step.ok:
                typer.echo(f"{step.name}：{step.told}", err=True)
    raise typer.Exit(0 if account.ok else 1)


@app.command()
def serve(
    bind: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1:8000",
    workers: Annotated[int, typer.Option(help="网页进程数", min=1)] = 1,
    jobs: Annotated[bool, typer.Option(help="同时启动作业进程")] = True,
    showcase: Annotated[bool, typer.Option("--showcase", hidden=True)] = False,
) -> None:
    """启动门户（以及作业进程）。"""
    _django()
    from tongqu.project import installation

    installation.prepare()
    first = "--showcase" if showcase else ""
    installation.serve(bind, workers=workers, with_jobs=jobs, first=first)


@app.command()
def work(
    showcase: Annotated[bool, typer.Option("--showcase", hidden=True)] = False,
) -> None:
    """只启动作业进程。"""
    _django()
    if showcase:  # what is missing is told, and made by the next run
        from tongqu.project.demo import play
        from tongqu.project.demo import showcase as examples

        if not examples.has_been_shown():
            examples.play(report=play.to_terminal)
        working = [sys.executable, "-m", "tongqu.project.cli", "work"]
        os.execv(sys.executable, working)  # noqa: S606  (as in run)
    from tongqu.project import installation

    installation.work()


@app.command()
def doctor(as_json: Json = False) -> None:
    """检查本机与本枢纽：版本、数据库、湖仓、密钥、字体、存证链。"""
    _django()
    from tongqu.project import doctor as checks

    findings = checks.examine()
    if as_json:
        typer.echo(json.dumps([f.as_dict() for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{'正常' if finding.ok else '异常'}  {finding.what}：{finding.found}")
            if not finding.ok:
                typer.echo(f"      请{finding.next_step}")
    raise typer.Exit(0 if all(f.ok for f in findings) else 1)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="编目回执 PDF、存证导出或存在性证明")],
    revocations: Annotated[
        Path | None,
        typer.Option(help="回执作废清单（JSON，由平台公开下载），一并核对回执是否仍有效"),
    ] = None,
    as_json: Json = False,
) -> None:
    """离线核验一份回执或存证文件，不需要信任本平台。"""
    for path in filter(None, (file, revocations)):
        if not path.is_file():
            typer.echo(f"找不到文件 {path}。请核对路径。", err=True)
            raise typer.Exit(2)
    _django()
    from tongqu.audit.public import verify_file

    findings = verify_file(file)
    if revocations is not None:
        from tongqu.catalog.public import check_revocations

        findings += check_revocations(file, revocations)
    ok = bool(findings) and all(finding.ok for finding in findings)
    if as_json:
        rows = [{"ok": f.ok, "what": f.what, "where": f.where} for f in findings]
        typer.echo(json.dumps({"ok": ok, "findings": rows}, ensure_ascii=False))
    else:
        for finding in findings:
            place = f"（{finding.where}）" if finding.where else ""
            typer.echo(f"{'通过' if finding.ok else '不符'}  {finding.what}{place}")
        typer.echo("核验通过" if ok else "核验未通过")
    raise typer.Exit(0 if ok else 1)


@law.command("coverage")
def coverage(as_json: Json = False) -> None:
    """逐条列出办法的落实方式：强制、留痕、人工、超出范围。"""
    _django()
    from tongqu.policy.public import coverage as covered

    rows = covered(with_counts=False)  # live figures need a hub: they stand on the page
    if as_json:
        typer.echo(json.dumps([row.as_dict() for row in rows], ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row.article}\t{row.state}\t代码 {len(row.code)}\t测试 {len(row.tests)}")


@law.command("import")
def import_law(file: Annotated[Path, typer.Argument(help="官方文本（UTF-8 文本文件）")]) -> None:
    """导入官方文本，供条款页展示原文。文本由使用单位取得，本项目不附带。"""
    if not file.is_file():
        typer.echo(f"找不到文件 {file}。请核对路径。", err=True)
        raise typer.Exit(2)
    _django()
    from tongqu.policy.public import import_text

    typer.echo(f"已导入 {import_text(file)} 条")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="基准名，如 demo")],
    as_json: Json = False,
) -> None:
    """运行一项基准：与所列对照在同一次运行中比较，给出比值。"""
    root = Path.cwd() / "bench"
    module = name.replace("-", "_")
    if not (root / f"{module}.py").is_file():
        stems = sorted(p.stem for p in root.glob("*.py") if p.stem[0] != "_")
        known = ", ".join(stem.replace("_", "-") for stem in stems)
        typer.echo(f"没有名为 {name} 的基准。现有：{known or '无（请在仓库根目录运行）'}", err=True)
        raise typer.Exit(2)
    sys.path.insert(0, str(Path.cwd()))
    from importlib import import_module

    result = import_module(f"bench.{module}").measure()
    if as_json:
        typer.echo(json.dumps(result.as_dict(), ensure_ascii=False))
    else:
        typer.echo(result.as_text())


def main() -> None:
    app()


if __name__ == "__main__":
    main()
