"""The overview: every indicator of the letter for one organisation, in one kind of period.

Belongs here: what stands in its rows. Does not belong here: what is said about one figure (``shown.py``), the
layout (``overview.html.j2``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from orchestration.report import norwegian as nb
from orchestration.report import trend, words
from orchestration.report.drawing import sparkline
from orchestration.report.links import NEWEST, VIEWS, Links, short
from orchestration.report.marts import Marts
from orchestration.report.rows import Figure, Indicator, Organisation
from orchestration.report.shown import (
    MANY,
    Shown,
    Verdict,
    later_periods,
    main_series,
    missing_trusts,
    newest_period,
    official_series,
    overall_verdict,
    show,
    verdict_of,
)

MONTHLY = (NEWEST, "maaned")
"""Views that tell what the newest months signal."""


@dataclass(frozen=True)
class Line:
    """One series of a row; ``trusts`` are their verdicts, in the order of the columns."""

    shown: Shown
    spark: Markup
    trusts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Row:
    """One indicator; without lines of its own parts the single line is the row itself."""

    indicator: Indicator
    href: str
    period: str
    wordings: tuple[str, ...]
    marks: tuple[str, ...]
    verdict: Verdict
    lines: tuple[Line, ...]
    single: bool
    trusts: tuple[Verdict, ...]
    reservations: tuple[str, ...]


def context(marts: Marts, links: Links, org: Organisation, view: str) -> dict[str, Any]:
    """Everything that the page of an organisation and a kind of period shows."""
    region = links.region(org)
    trusts = marts.trusts(region)
    columns = trusts if org == region else ()
    rows: list[Row] = []
    absent: list[Indicator] = []
    for indicator in marts.indicators:
        chosen = newest_period(marts, indicator, org, VIEWS[view] or indicator.frequency)
        if chosen is None:
            absent.append(indicator)
        else:
            rows.append(_row(marts, links, indicator, org, columns, chosen))
    return {
        "org": org,
        "region": region,
        "is_region": org == region,
        "view": view,
        "organisations": [(other, links.overview(other, view)) for other in (region, *trusts)],
        "regions": [(other, links.overview(other, view)) for other in marts.regions],
        "views": [(name, _view_name(name), links.overview(org, name)) for name in views(marts, org)],
        "columns": [short(trust.name) for trust in columns],
        "goals": _by_goal(rows),
        "counted": [(code, [row for row in rows if row.verdict.code == code]) for code in words.STATUS],
        "total": len(rows),
        "absent": absent,
        "signals": _signals(marts, links, org) if view in MONTHLY else [],
        "period": rows[0].period if len({row.period for row in rows}) == 1 else "",
    }


def views(marts: Marts, org: Organisation) -> list[str]:
    """The kinds of periods that the organisation has figures of."""
    there = {key[3] for key in marts.trends if key[2] == org.org_id}
    return [view for view, period_type in VIEWS.items() if not period_type or period_type in there]


def _view_name(view: str) -> str:
    return "Siste periode" if view == NEWEST else words.PERIOD_TYPES[VIEWS[view]]


def _by_goal(rows: Sequence[Row]) -> list[tuple[int, str, list[Row]]]:
    """Rows under the letter's main goals."""
    goals = dict.fromkeys((row.indicator.goal, row.indicator.goal_no) for row in rows)
    return [(number, name, [row for row in rows if row.indicator.goal == number]) for number, name in goals]


def _row(
    marts: Marts,
    links: Links,
    indicator: Indicator,
    org: Organisation,
    columns: Sequence[Organisation],
    chosen: Figure,
) -> Row:
    """One indicator in the chosen period."""
    period = chosen.period
    official = official_series(marts, indicator, org, period)
    there = marts.series(indicator.indicator_id, [org.org_id])
    parts = official if len(official) <= MANY else [main_series(official, there)]
    asked = marts.asked(indicator.indicator_id, marts.region_of(org), nb.year_of(period))
    lines = tuple(
        _line(marts, indicator, series, org, columns, period, chosen.period_type) for series in parts
    )
    follow_up = chosen.period_type != "year" or bool(org.parent_id)
    marks = dict.fromkeys(mark for line in lines for mark in line.shown.marks)
    return Row(
        indicator=indicator,
        href=links.indicator(indicator, links.region(org)),
        period=period,
        wordings=tuple(dict.fromkeys(target.wording_no for target in asked if target.official)),
        verdict=overall_verdict(marts, indicator, org, period),
        marks=(*(["til oppfølging"] if follow_up else []), *marks),
        lines=lines,
        single=len(parts) == 1,
        trusts=tuple(overall_verdict(marts, indicator, trust, period) for trust in columns),
        reservations=tuple(_reservations(marts, indicator, org, chosen)),
    )


def _line(
    marts: Marts,
    indicator: Indicator,
    series: str,
    org: Organisation,
    columns: Sequence[Organisation],
    period: str,
    period_type: str,
) -> Line:
    """One series in the chosen period."""
    return Line(
        shown=show(marts, indicator, series, org, period),
        spark=sparkline(trend.points(marts, indicator, series, org, period_type), indicator.direction),
        trusts=tuple(
            verdict_of(marts.statuses.get((indicator.indicator_id, series, trust.org_id, period)))
            for trust in columns
        ),
    )


def _reservations(marts: Marts, indicator: Indicator, org: Organisation, chosen: Figure) -> list[str]:
    """Newer periods that do not count yet, and who has not delivered them."""
    found = []
    is_region = org.parent_id is None
    if not chosen.complete and is_region:
        missing = missing_trusts(marts, indicator, org, chosen.period)
        found.append(_incomplete(chosen.period, missing))
    found.extend(
        _incomplete(period, missing_trusts(marts, indicator, org, period) if is_region else [])
        for period in later_periods(marts, indicator, org, chosen)
    )
    return found


def _incomplete(period: str, missing: Sequence[str]) -> str:
    lacking = f" Mangler: {', '.join(missing)}." if missing else ""
    return f"Tallene for {nb.period(period)} er ikke fullstendige.{lacking}"


def _signals(marts: Marts, links: Links, org: Organisation) -> list[dict[str, Any]]:
    """Series whose last month the process chart calls something else than usual, worse before better."""
    found = []
    for indicator in marts.indicators:
        for series in marts.series(indicator.indicator_id, [org.org_id]):
            if (indicator.indicator_id, series, org.org_id, "month") not in marts.trends:
                continue
            chain = trend.points(marts, indicator, series, org, "month")
            if chain[-1].mark != "plain":
                rows = marts.trends[indicator.indicator_id, series, org.org_id, "month"]
                limits = marts.limits[indicator.indicator_id, series, org.org_id, rows[-1].period]
                found.append(
                    {
                        "indicator": indicator,
                        "href": links.indicator(indicator, links.region(org)),
                        "name": marts.name(indicator.indicator_id, series),
                        "point": chain[-1],
                        "rule": words.SIGNAL[limits.signal or ""][0],
                        "word": trend.variation(chain[-1]),
                        "spark": sparkline(chain, indicator.direction, width=340, height=64),
                    }
                )
    return sorted(found, key=lambda signal: signal["point"].mark == "better")
