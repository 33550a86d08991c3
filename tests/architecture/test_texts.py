"""The documents are true: settings, services, words and generated tables match the code."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SETTING = re.compile(r"\b(TONGQU_[A-Z0-9_]+|DATABASE_URL)\b")
SOURCE = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
DOCUMENTS = (
    "README.md",
    "README.zh-CN.md",
    "SECURITY.md",
    "docs/deploying.md",
    "docs/engines.md",
    "docs/query.md",
    "docs/sources.md",
    "docs/upkeep.md",
    "deploy/compose.yaml",
    "deploy/province.env.example",
    "Dockerfile",
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_that_a_document_names_is_read_by_the_code(name: str) -> None:
    named = set(SETTING.findall((ROOT / name).read_text()))

    assert {setting for setting in named if setting not in SOURCE} == set()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/adr/README.md"])
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())

    missing = [to for to in links if "://" not in to and not (page.parent / to).exists()]

    assert missing == []


def test_every_target_that_the_readme_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"^make ([a-z]+)", (ROOT / "README.md").read_text(), re.M))

    assert named <= targets


def test_every_command_that_the_readme_names_exists() -> None:
    from typer.main import get_command

    from tongqu.project.cli import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]  # a click group
    named = set(re.findall(r"uv run tongqu ([a-z]+)", (ROOT / "README.md").read_text()))

    assert named <= known


def test_the_province_set_up_is_whole() -> None:
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    services = compose["services"]

    assert set(services) == {"database", "store", "web", "worker"}
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in compose["volumes"], name
        assert "image" in service or (ROOT / "deploy" / service["build"]["context"]).exists()
        assert not str(service.get("image", "")).endswith(":latest"), name


def test_the_commands_of_the_services_exist() -> None:
    from typer.main import get_command

    from tongqu.project.cli import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]  # a click group
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    commands = [s["command"] for s in compose["services"].values() if "build" in s]

    assert all(command[0] == "tongqu" and command[1] in known for command in commands)


def test_the_dockerfile_copies_what_is_there() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY") and "--from" not in line
              for word in line.split()[1:-1]]  # fmt: skip

    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_glossary_names_what_the_code_says() -> None:
    rows = re.findall(r"^\|[^|]+\|([^|]+)\|", (ROOT / "GLOSSARY.md").read_text(), re.M)[2:]
    words = {word for row in rows for word in re.findall(r"`([a-z_ ]+)`", row)}

    assert len(words) > 30
    assert {
        word for word in words if word.replace(" ", "_") not in SOURCE and word not in SOURCE
    } == set()


def test_generated_documents_are_current() -> None:
    from tests.generated import documents

    stale = [name for name, text in documents() if (ROOT / name).read_text() != text]

    assert stale == [], "run `make docs` and commit the result"
