"""How an indicator goes over time: the main chart, a chart per trust, tables of periods.

Belongs here: what these parts of an indicator's page show. Does not belong here: drawing, the rest of the
page (``indicator_page.py``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from markupsafe import Markup

from orchestration.report import norwegian as nb
from orchestration.report import trend, words
from orchestration.report.drawing import small_trend
from orchestration.report.main_chart import main_chart
from orchestration.report.marts import Key
from orchestration.report.rows import Figure, Organisation
from orchestration.report.shown import Shown
from orchestration.report.subject import Subject

MOST_GRIDS = 9
"""With more series than this only the main one gets a chart per trust (3.1 has 25)."""
YEARS = 3
"""How many years the tables of periods go back."""


def chart(subject: Subject) -> dict[str, Any]:
    """The main chart of the region, its key, its sentence and its table."""
    chain = subject.points(subject.main, subject.region)
    rows = subject.figures(subject.main, subject.region)
    unit = subject.unit(subject.main)
    label = trend.sentence(chain, _what(subject, subject.main, subject.region), subject.target(subject.main))
    axis, direction = nb.unit_of(unit).axis, subject.indicator.direction
    charted = any(_key(figure) in subject.marts.limits for figure in rows)
    drawable = any(point.value is not None for point in chain)
    scale = trend.span([chain], unit)
    return {
        "name": subject.name(subject.main),
        "svg": main_chart(chain, scale, axis, direction, label) if drawable else Markup(""),
        "label": label,
        "target": subject.target(subject.main),
        "asked": any(point.need is not None for point in chain),
        "steady": trend.steady(chain),
        "hidden": sum(figure.suppressed for figure in rows),
        "last_hidden": bool(rows) and rows[-1].suppressed,
        "process": any(point.mean is not None for point in chain),
        "new_limits": trend.new_limits(chain),
        "early_limits": trend.early_limits(chain) if charted else "",
        "marked": any(point.mark != "plain" for point in chain),
        "interval": any(point.low is not None for point in chain),
        "hollow": any(point.preliminary and point.mean is None for point in chain),
        "rows": [_chart_row(subject, figure, point) for figure, point in zip(rows, chain, strict=True)],
    }


def _what(subject: Subject, series: str, org: Organisation) -> str:
    """What a chart is about."""
    return f"{subject.indicator.short_name_no} ({subject.name(series)}), {org.name}"


def _key(figure: Figure) -> Key:
    return figure.indicator_id, figure.series, figure.org_id, figure.period


def _chart_row(subject: Subject, figure: Figure, point: trend.Point) -> dict[str, Any]:
    """A row of the table behind the main chart."""
    limits = subject.marts.limits.get(_key(figure))
    between = [limits.lower, limits.upper] if limits else []
    return {
        "period": nb.period(figure.period),
        "shown": subject.show(figure.series, subject.region, figure.period),
        "interval": interval(figure),
        "mean": nb.quantity(limits.mean if limits else None, figure.unit, bare=True),
        "limits": _between([None if end is None else max(end, 0) for end in between], figure.unit),
        "signal": words.SIGNAL.get((limits.signal if limits else None) or "", ("", ""))[0],
        "new_limits": point.begins is not None,
    }


def interval(figure: Figure | None) -> str:
    """The 95 % interval of a share."""
    return _between([figure.ci_low, figure.ci_high], figure.unit) if figure else nb.NOTHING


def _between(ends: list[float | None], unit: str) -> str:
    """An interval without its unit."""
    if not ends or None in ends:
        return nb.NOTHING
    return "–".join(nb.quantity(end, unit, bare=True) for end in ends)


def grids(subject: Subject) -> list[dict[str, Any]]:
    """Per series: the region and its trusts over time, on one scale, and the table behind."""
    judged = subject.judged
    wanted = judged if len(judged) <= MOST_GRIDS else [subject.main]
    return [_grid(subject, series) for series in wanted]


def _grid(subject: Subject, series: str) -> dict[str, Any]:
    """The small charts of one series."""
    chains = {org: subject.points(series, org) for org in subject.organisations}
    figures = [figure for org in chains for figure in subject.figures(series, org)]
    periods = {figure.period: figure for figure in figures}
    ordered = sorted(periods, key=lambda period: periods[period].period_end)
    scales = trend.scales(chains, subject.unit(series))
    return {
        "series": series,
        "name": subject.name(series),
        "target": subject.target(series),
        "charts": [_small(subject, series, org, chains, scales[org]) for org in chains],
        "rows": [
            (nb.period(period), [subject.show(series, org, period) for org in chains]) for period in ordered
        ],
    }


def _small(
    subject: Subject,
    series: str,
    org: Organisation,
    chains: dict[Organisation, list[trend.Point]],
    scale: trend.Span,
) -> dict[str, Any]:
    """The chart of one organisation, beside those of the others; none when it has nothing to draw."""
    chain = chains[org]
    rows = subject.figures(series, org)
    svg: Markup | None = None
    if any(point.value is not None for point in chain):
        drawn = [other for other in chains.values() if other]
        dates = (
            dt.date(min(other[0].start for other in drawn).year, 1, 1),
            dt.date(max(other[-1].end for other in drawn).year, 12, 31),
        )
        label = trend.sentence(chain, _what(subject, series, org), subject.target(series))
        svg = small_trend(chain, scale, dates, subject.indicator.direction, label)
    return {
        "org": org,
        "svg": svg,
        "hidden": any(figure.suppressed for figure in rows),
        "shown": subject.show(series, org, rows[-1].period) if rows else None,
    }


def parts(subject: Subject) -> dict[str, Any]:
    """Official series over time in the region, when they are too many for charts of their own."""
    if len(subject.official) <= MOST_GRIDS:
        return {"periods": [], "rows": []}
    figures = [figure for one in subject.official for figure in subject.figures(one, subject.region)]
    ordered = sorted({(figure.period_end, figure.period) for figure in figures})
    first = ordered[-1][0].year - YEARS + 1 if ordered else 0
    labels = [label for end, label in ordered if end.year >= first]
    return {
        "periods": [f"{nb.short_period(label)}{nb.NBSP}{nb.year_of(label)}" for label in labels],
        "rows": [
            (subject.name(one), [subject.show(one, subject.region, label) for label in labels])
            for one in subject.official
        ],
    }


def periods(subject: Subject) -> dict[str, Any]:
    """Tertials and years of the main series, a row per organisation."""
    there = {
        figure.period: figure.period_type == "year"
        for org in subject.organisations
        for kind in ("tertial", "year")
        for figure in subject.figures(subject.main, org, kind)
    }
    years = sorted({nb.year_of(period) for period in there})[-YEARS:]
    columns = [
        (
            year,
            sorted(
                (period for period in there if nb.year_of(period) == year), key=lambda one: (there[one], one)
            ),
        )
        for year in years
    ]
    ordered = [period for _, of_year in columns for period in of_year]
    return {
        "name": subject.name(subject.main),
        "columns": columns,
        "rows": [
            (org, [subject.show(subject.main, org, period) for period in ordered])
            for org in subject.organisations
        ],
    }


def others(subject: Subject) -> dict[str, Any]:
    """Series without a target: the region's last years."""
    judged = subject.judged
    series = [one for one in subject.series if one not in judged]
    found = {figure.period for one in series for figure in subject.figures(one, subject.region, "year")}
    last = sorted(found)[-YEARS:]
    rows: list[tuple[str, list[Shown]]] = [
        (subject.name(one), [subject.show(one, subject.region, period) for period in last]) for one in series
    ]
    return {"periods": last, "rows": rows if last else []}
