"""Where an indicator's figures come from: what was left out and why, and which files were read.

Belongs here: exclusion counts and deliveries of one indicator. Does not belong here: the state of all
deliveries (``quality.py``).
"""

from __future__ import annotations

from typing import Any

from orchestration.report import codes
from orchestration.report import norwegian as nb
from orchestration.report.marts import Marts
from orchestration.report.rows import Indicator, Organisation
from orchestration.report.shown import HIDDEN

HASH = 12
"""Digits of a SHA-256 that are shown; the download has them all."""


def exclusions(marts: Marts, indicator: Indicator, region: Organisation, year: int) -> dict[str, Any]:
    """Units counted and left out in the year's extract periods, the counted ones first, then by size."""
    rows = [
        row
        for row in marts.exclusions
        if (row["indicator_id"], row["org_id"]) == (indicator.indicator_id, region.org_id)
        and nb.year_of(row["period"]) == year
    ]
    periods = sorted({row["period"] for row in rows})
    counts: dict[str, dict[str, int | None]] = {}
    for row in rows:
        counts.setdefault(row["code"], {})[row["period"]] = row["row_count"]
    ordered = sorted(
        counts,
        key=lambda code: (code != "included", -sum(count or 0 for count in counts[code].values()), code),
    )
    return {
        "year": year,
        "datasets": sorted({codes.DATASET.get(row["dataset"], row["dataset"]) for row in rows}),
        "periods": [nb.short_period(period) for period in periods],
        "rows": [
            (codes.EXCLUSION.get(code, code), code, [_count(counts[code], period) for period in periods])
            for code in ordered
        ],
    }


def _count(counts: dict[str, int | None], period: str) -> str:
    """A count; 0 where the code did not occur, a word where it is hidden."""
    if period not in counts:
        return "0"
    count = counts[period]
    return HIDDEN if count is None else nb.plain(count)


def sources(marts: Marts, indicator: Indicator, region: Organisation, period: str) -> list[dict[str, Any]]:
    """Files of the deliveries behind the region's figures of a period."""
    used = {
        delivery
        for (at, _, org, label), deliveries in marts.sources.items()
        if (at, org, label) == (indicator.indicator_id, region.org_id, period)
        for delivery in deliveries
    }
    files = [row for row in marts.deliveries if row["delivery_id"] in used and row["status"] == "accepted"]
    return [
        {
            "dataset": codes.DATASET.get(row["dataset"], row["dataset"]),
            "period": nb.period(row["period"]),
            "sender": row["sender"] or nb.NOTHING,
            "extract_date": nb.day(row["extract_date"]),
            "file_name": row["file_name"],
            "hash": row["sha256"][:HASH],
        }
        for row in sorted(
            files, key=lambda row: (row["dataset"], row["period"], row["sender"] or "", row["file_name"])
        )
    ]
