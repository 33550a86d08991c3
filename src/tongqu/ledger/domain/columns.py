"""Columns as a department types them into a questionnaire: 中文名,英文名,类型, one a line."""

import re
import unicodedata

from tongqu.catalog.vocabulary import DataType

MOST = 2_000
_LABELS = {word.label: word.value for word in DataType} | {
    word.value: word.value for word in DataType
}
_SEPARATOR = re.compile(r"[,，\t;；|]")


def parse(text: str) -> tuple[list[list[str]], list[str]]:
    """Return the columns as [中文名, 英文名, 类型] and what is wrong, line by line."""
    found: list[list[str]] = []
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [unicodedata.normalize("NFKC", part).strip() for part in _SEPARATOR.split(line)]
        parts += [""] * (3 - len(parts))
        if not parts[0]:
            faults.append(f"第 {number} 行缺少中文名")
        elif len(parts) > 3 or max(map(len, parts)) > 120:
            faults.append(f"第 {number} 行应为“中文名,英文名,类型”，每项不超过 120 个字")
        elif parts[2] and parts[2] not in _LABELS:
            faults.append(
                f"第 {number} 行的类型不认识，可写：{'、'.join(w.label for w in DataType)}"
            )
        else:
            found.append([parts[0], parts[1], _LABELS.get(parts[2], DataType.STRING.value)])
    if len(found) > MOST:
        faults.append(f"一张表最多 {MOST} 个字段")
    return found, faults


def written(columns: list[list[str]]) -> str:
    """Return the lines that ``parse`` reads."""
    return "\n".join(f"{zh},{en},{DataType(kind).label}" for zh, en, kind in columns)
