"""The page of one indicator: what it is, how it goes, how it differs, where it comes from.

Belongs here: what stands on the page. Does not belong here: its parts over time (``development.py``), its
exclusions and sources (``origin.py``), the layout (``indikator.html.j2``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.report import development, origin, variation, words
from orchestration.report import norwegian as nb
from orchestration.report.drawing import sparkline
from orchestration.report.links import Links
from orchestration.report.marts import Marts
from orchestration.report.rows import Indicator, Organisation
from orchestration.report.shown import Shown, long_term, newest_period, overall_verdict
from orchestration.report.subject import Subject, subject


def context(marts: Marts, links: Links, indicator: Indicator, region: Organisation) -> dict[str, Any] | None:
    """Everything that the page shows; None when the release has no figure of the indicator."""
    about = subject(marts, indicator, region)
    if about is None:
        return None
    head, main = about.head, about.main
    asked = marts.asked(indicator.indicator_id, region.org_id, nb.year_of(head.period))
    parts = [about.show(part, region, head.period) for part in about.official]
    return {
        "indicator": indicator,
        "region": region,
        "head": head,
        "newest": about.newest,
        "verdict": overall_verdict(marts, indicator, region, head.period),
        "wordings": list(dict.fromkeys(target.wording_no for target in asked if target.official)),
        "parts": parts,
        "shows": _columns(about, parts),
        "sparks": {
            part: sparkline(about.points(part, region), indicator.direction) for part in about.official
        },
        "intervals": {part.series: development.interval(part.figure) for part in parts},
        "lead": about.show(main, region, head.period),
        "now": about.show(main, region, about.newest.period),
        "goals": _long_term(about),
        "unit": nb.unit_of(about.unit(main)).axis,
        "chart": development.chart(about),
        "grids": development.grids(about),
        "matrix": variation.matrix(marts, indicator, about.judged, about.organisations, head.period),
        "table": development.periods(about),
        "over_time": development.parts(about),
        "others": development.others(about),
        "counted": words.counted(indicator.indicator_id),
        "exclusions": origin.exclusions(marts, indicator, region, nb.year_of(head.period)),
        "sources": origin.sources(marts, indicator, region, head.period),
        **_neighbours(marts, links, indicator, region),
    }


def _columns(about: Subject, parts: Sequence[Shown]) -> dict[str, bool]:
    """Which columns of the page's tables say anything."""
    figures = about.figures(about.main, about.region)
    return {
        "target": len({part.target for part in parts}) > 1,
        "baseline": any(part.status is not None and part.status.baseline_period for part in parts),
        "ratio": any(figure.denominator is not None for figure in figures),
        "interval": any(part.figure is not None and part.figure.ci_low is not None for part in parts),
    }


def _long_term(about: Subject) -> dict[str, str]:
    """Goals in the long run, by series."""
    found = {}
    for series in about.official:
        status = about.show(series, about.region, about.head.period).status
        if status is not None and status.long_term_goal is not None:
            found[series] = long_term(status, about.indicator)
    return found


def _neighbours(
    marts: Marts, links: Links, indicator: Indicator, region: Organisation
) -> dict[str, tuple[str, str] | None]:
    """The indicators before and after that have a page, in the letter's order."""
    ordered = [one for one in marts.indicators if newest_period(marts, one, region, one.frequency)]
    place = ordered.index(indicator)

    def link(at: int) -> tuple[str, str] | None:
        if not 0 <= at < len(ordered):
            return None
        other = ordered[at]
        return links.indicator(other, region), f"{other.indicator_id} {other.short_name_no}"

    return {"before": link(place - 1), "after": link(place + 1)}
