"""The trusts side by side: how much it matters where one lives.

Belongs here: comparisons of organisations in one period, on one scale. Does not belong here: development over
time (``indicator_page.py``), drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from orchestration.report import norwegian as nb
from orchestration.report.drawing import Dot, comparison
from orchestration.report.links import Links, short
from orchestration.report.marts import Marts
from orchestration.report.rows import Indicator, Organisation
from orchestration.report.shown import (
    MANY,
    Shown,
    main_series,
    need,
    newest_period,
    official_series,
    overall_verdict,
    show,
)
from orchestration.report.trend import COMPARED_AS_CHANGE, Span, padded


@dataclass(frozen=True)
class MatrixRow:
    """A series of one period: what each organisation has, and the picture of it."""

    name: str
    official: bool
    cells: tuple[Shown, ...]
    changes: tuple[str, ...]
    """Change since the baseline in per cent, where that is what the picture shows; else empty."""
    gap: str
    """Difference between the highest and the lowest trust."""
    picture: Markup


@dataclass(frozen=True)
class Matrix:
    """Series by organisations; ``relative`` when the pictures show the change since the baseline."""

    period: str
    organisations: tuple[Organisation, ...]
    rows: tuple[MatrixRow, ...]
    relative: bool

    @property
    def pictured(self) -> bool:
        """Whether there is anything to compare in a picture."""
        return any(row.picture for row in self.rows)

    @property
    def gaps(self) -> bool:
        """Whether any row has a difference to tell."""
        return any(row.gap for row in self.rows)


def matrix(
    marts: Marts,
    indicator: Indicator,
    series: Sequence[str],
    organisations: Sequence[Organisation],
    period: str,
) -> Matrix:
    """All series of an indicator in a period, with pictures on one scale."""
    shown = {one: tuple(show(marts, indicator, one, org, period) for org in organisations) for one in series}
    relative = indicator.unit in COMPARED_AS_CHANGE
    dots = {one: _dots(cells, organisations, relative=relative) for one, cells in shown.items()}
    needs = {one: _need(cells, relative=relative) for one, cells in shown.items()}
    scale = _scale([dot for row in dots.values() for dot in row], list(needs.values()), indicator.unit)
    official = official_series(marts, indicator, organisations[0], period)
    rows = [
        MatrixRow(
            name=marts.name(indicator.indicator_id, one),
            official=one in official,
            cells=cells,
            changes=tuple(_change(cell) for cell in cells) if relative else ("",) * len(cells),
            gap=_gap(dots[one], indicator.unit, relative=relative),
            picture=comparison(dots[one], needs[one], scale, indicator.direction),
        )
        for one, cells in shown.items()
    ]
    return Matrix(period, tuple(organisations), tuple(rows), relative)


def _scale(dots: Sequence[Dot], needs: Sequence[float | None], unit: str) -> Span:
    """One scale for every row."""
    numbers = [dot.value for dot in dots] + [number for number in needs if number is not None]
    return padded(numbers, unit if unit == "share" else "")


def _dots(cells: Sequence[Shown], organisations: Sequence[Organisation], *, relative: bool) -> list[Dot]:
    """The organisations that have a value, in the scale of the reader."""
    found = []
    for cell, org in zip(cells, organisations, strict=True):
        figure, status = cell.figure, cell.status
        if figure is None or figure.value is None:
            continue
        if relative:
            if status is not None and status.baseline_value:
                value = 100 * (figure.value / status.baseline_value - 1)
                found.append(Dot(org.name, _change(cell), value, None, None, org.parent_id is None))
            continue
        scale = float(nb.unit_of(figure.unit).scale)
        low = None if figure.ci_low is None else figure.ci_low * scale
        high = None if figure.ci_high is None else figure.ci_high * scale
        found.append(Dot(org.name, cell.value, figure.value * scale, low, high, org.parent_id is None))
    return found


def _change(cell: Shown) -> str:
    """Change since the baseline in per cent."""
    figure, status = cell.figure, cell.status
    if figure is None or figure.value is None or status is None or not status.baseline_value:
        return ""
    value = 100 * (figure.value / status.baseline_value - 1)
    return f"{'+' if round(value, 1) > 0 else ''}{nb.plain(value, 1)}{nb.NBSP}%"


def _gap(dots: Sequence[Dot], unit: str, *, relative: bool) -> str:
    """How far the trusts lie from one another in the picture."""
    values = [dot.value for dot in dots if not dot.region]
    if len(values) < 2:
        return ""
    form = nb.unit_of("share" if relative else unit)
    step = 1 / float(form.scale)
    return nb.change(max(values) * step, min(values) * step, "share" if relative else unit).removeprefix("+")


def _need(cells: Sequence[Shown], *, relative: bool) -> float | None:
    """What the target asks of the region."""
    status = cells[0].status if cells else None
    asked = need(status)
    if status is None or asked is None:
        return None
    if relative:
        return 100 * (asked / status.baseline_value - 1) if status.baseline_value else None
    figure = cells[0].figure
    return asked * float(nb.unit_of(figure.unit).scale) if figure else None


def context(marts: Marts, links: Links, region: Organisation) -> dict[str, Any]:
    """The page with every indicator: the newest complete year, or what there is."""
    organisations = (region, *marts.trusts(region))
    rows = []
    for indicator in marts.indicators:
        chosen = newest_period(marts, indicator, region, "year") or newest_period(
            marts, indicator, region, indicator.frequency
        )
        if chosen is None:
            continue
        official = official_series(marts, indicator, region, chosen.period)
        there = marts.series(indicator.indicator_id, [region.org_id])
        series = official if len(official) <= MANY else [main_series(official, there)]
        rows.append(
            {
                "indicator": indicator,
                "href": links.indicator(indicator, region),
                "matrix": matrix(marts, indicator, series, organisations, chosen.period),
                "tallies": [overall_verdict(marts, indicator, org, chosen.period) for org in organisations]
                if len(official) > MANY
                else [],
            }
        )
    return {
        "region": region,
        "regions": [(other, links.variation(other)) for other in marts.regions],
        "organisations": [short(org.name) for org in organisations],
        "rows": rows,
    }
