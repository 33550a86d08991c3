"""Find a Chinese font: a document without its characters is worse than none."""

import os
from functools import lru_cache
from pathlib import Path

from tongqu.kernel.problems import Problem, Rejected

# In order of liking; all are free fonts.
FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Noto Sans S Chinese",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
)
NO_FONT = Problem(
    code="NO_FONT",
    title="服务器没有中文字体，不能生成文件。",
    next_step="请技术支持部门安装中文字体（如 fonts-noto-cjk），或用 TONGQU_FONTS 指明字体目录。",
    who="技术支持部门",
)


# Where `npm ci` puts the locked font package of a source checkout (OFL-1.1).
_LOCKED = Path(__file__).resolve().parents[4] / "node_modules/@embedpdf/fonts-sc/fonts"


def folders() -> list[str]:
    """Return folders to look in beside the system's: ``TONGQU_FONTS``, and the locked one."""
    named = [part for part in os.environ.get("TONGQU_FONTS", "").split(os.pathsep) if part]
    return [folder for folder in (*named, str(_LOCKED)) if Path(folder).is_dir()]


@lru_cache(maxsize=1)
def family() -> str:
    """Return the Chinese family to print with. Raises: ``Rejected`` NO_FONT."""
    import typst

    known = set(typst.Fonts(font_paths=list(folders())).families())
    found = next((name for name in FAMILIES if name in known), None)
    if found is None:
        raise Rejected(NO_FONT)
    return found
