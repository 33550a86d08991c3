"""A profile as JSON and back: a scan is kept until somebody drafts from it."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from tongqu.catalog.vocabulary import ColumnProfile, DataType, SourceProfile


def profile_json(profile: SourceProfile) -> dict[str, Any]:
    columns = [
        {
            **asdict(column),
            "null_share": str(column.null_share),
            "shapes": list(column.shapes),
            "sketch": list(column.sketch),
        }
        for column in profile.columns
    ]
    return {
        "source_code": profile.source_code,
        "title": profile.title,
        "rows": profile.rows,
        "columns": columns,
    }


def profile_from(document: Mapping[str, Any]) -> SourceProfile:
    columns = tuple(
        ColumnProfile(
            **{
                **column,
                "data_type": DataType(column["data_type"]),
                "null_share": Decimal(column["null_share"]),
                "shapes": tuple(column["shapes"]),
                "sketch": tuple(column.get("sketch", ())),
            }
        )
        for column in document["columns"]
    )
    return SourceProfile(document["source_code"], document["title"], document["rows"], columns)
