"""Monthly reports of quality as PDF: typst sets the page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tongqu.adapters.documents import fonts

_TEMPLATE = Path(__file__).with_name("report.typ")


class PdfReports:
    """The ``ReportPrinter`` of the platform. What it is given is set as text, never as markup."""

    def print(self, report: Mapping[str, Any]) -> bytes:
        import typst

        inputs = {
            "report": json.dumps(report, ensure_ascii=False),
            "fonts": json.dumps([fonts.family()]),
        }
        return bytes(
            typst.compile(
                str(_TEMPLATE), font_paths=fonts.folders(), sys_inputs=inputs, format="pdf"
            )
        )
