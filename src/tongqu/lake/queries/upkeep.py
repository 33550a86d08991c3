"""What upkeep did, in words."""

from tongqu.lake.models import UpkeepRun

FIGURE_LABELS = {
    "before": "合并前",
    "after": "合并后",
    "postponed": "留待下次",
    "failed": "未能完成的表",
    "expired": "到期快照",
    "files": "文件",
    "bytes": "大小",
    "tables": "表",
    "adopted": "补登记",
    "found": "新发现",
    "open": "待修复",
    "new_files": "新文件",
    "new_bytes": "新文件大小",
    "rows": "行",
    "backup": "备份",
    "number": "备份",
    "problem": "原因",
}


def upkeep_runs(limit: int = 30) -> list[tuple[UpkeepRun, str]]:
    """Return the newest runs of upkeep, each with its figures in words."""
    return [
        (
            run,
            "，".join(
                f"{FIGURE_LABELS[key]} {_told(key, value)}"
                for key, value in run.figures.items()
                if key in FIGURE_LABELS
            ),
        )
        for run in UpkeepRun.objects.all()[:limit]
    ]


def _told(key: str, value: object) -> str:
    if not isinstance(value, int):
        return str(value)
    return f"{value / 1_000_000:,.1f} MB" if key.endswith("bytes") else f"{value:,}"
