"""Årlig melding: the table that a region sends the ministry by 15 March, in the letter's order.

Belongs here: what stands in its rows, for the page and the workbook alike. Does not belong here: layout, the
workbook's form (``workbook.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.report import words
from orchestration.report.links import Links
from orchestration.report.marts import Marts
from orchestration.report.rows import Indicator, Organisation
from orchestration.report.shown import MANY, Shown, Verdict, overall_verdict, show, verdict_of


@dataclass(frozen=True)
class Result:
    """One line of a result: ``name`` is empty for an indicator with one official series.

    ``baseline`` is what the target compares with, such as ``78,7 dager i 2023``, or empty.
    """

    name: str
    value: str
    baseline: str = ""
    names: str = ""
    """The series that are counted here, when series are counted."""


@dataclass(frozen=True)
class AnnualRow:
    """One indicator of the table."""

    indicator: Indicator
    href: str
    wordings: tuple[str, ...]
    results: tuple[Result, ...]
    notes: tuple[str, ...]
    verdict: Verdict
    comment: str


def context(marts: Marts, links: Links, region: Organisation, year: int) -> dict[str, Any]:
    """The table of a region and a year."""
    rows = [_row(marts, links, indicator, region, year) for indicator in marts.indicators]
    return {
        "region": region,
        "year": year,
        "rows": [row for row in rows if row is not None],
        "workbook": links.annual(region, year, ".xlsx"),
        "plain_table": links.annual(region, year, "-tabell.html"),
        "editions": [
            (other, at, links.annual(other, at))
            for other in marts.regions
            for at in marts.years(other.org_id)
        ],
    }


def _row(
    marts: Marts, links: Links, indicator: Indicator, region: Organisation, year: int
) -> AnnualRow | None:
    """One indicator; None when the letter does not ask for it."""
    asked = [target for target in marts.asked(indicator.indicator_id, region.org_id, year) if target.official]
    if not asked:
        return None
    period = f"{year:04d}"
    shown = [show(marts, indicator, target.series, region, period) for target in asked]
    return AnnualRow(
        indicator=indicator,
        href=links.indicator(indicator, region),
        wordings=tuple(dict.fromkeys(target.wording_no for target in asked)),
        results=tuple(_results(shown)),
        notes=tuple(dict.fromkeys(note for one in shown for note in (*one.marks, *one.reservations))),
        verdict=overall_verdict(marts, indicator, region, period),
        comment=marts.comments.get((region.org_id, year, indicator.indicator_id), ""),
    )


def _results(shown: list[Shown]) -> list[Result]:
    """The value of each official series; of many (3.1) their verdicts, counted and named."""
    if len(shown) > MANY:
        return _counted(shown)
    return [Result(one.name if len(shown) > 1 else "", _value(one), _baseline(one)) for one in shown]


def _value(shown: Shown) -> str:
    """The value, with its unit in words where the value does not have it."""
    return f"{shown.value} {shown.below}".rstrip()


def _baseline(shown: Shown) -> str:
    """What the target compares with, and when that was."""
    status = shown.status
    if status is None or status.baseline_value is None or status.baseline_period is None:
        return ""
    return f"{shown.baseline} i {status.baseline_period[:4]}"


def _counted(shown: list[Shown]) -> list[Result]:
    """How many series have each verdict, and which have not reached the target."""
    found = []
    for code, word in words.STATUS.items():
        names = [one.name for one in shown if verdict_of(one.status).code == code]
        if names:
            found.append(
                Result(word, f"{len(names)} av {len(shown)}", names="" if code == "met" else ", ".join(names))
            )
    return found
