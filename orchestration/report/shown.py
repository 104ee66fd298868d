"""One figure as a page shows it: value, baseline, change, verdict and every reservation.

Belongs here: what is said about a figure wherever it stands, so that no two pages can say it differently, and
which period a page is about. Does not belong here: layout; nothing is judged here, the release has judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.report import norwegian as nb
from orchestration.report import words
from orchestration.report.marts import Marts
from orchestration.report.rows import Figure, Indicator, Organisation, Status, Target

HIDDEN = "skjult"
MANY = 6
"""With more official series than this (3.1 has 24) a page counts them, and shows the sum."""
LEVELS = frozenset({"above", "at_least", "increase_above"})
"""Rules that compare the value with the threshold itself."""


@dataclass(frozen=True)
class Verdict:
    """A verdict in words; ``reason`` says why there is none, ``tally`` how many parts of how many."""

    code: str
    reason: str = ""
    tally: str = ""

    @property
    def word(self) -> str:
        """The word of the code."""
        return words.STATUS[self.code]


@dataclass(frozen=True)
class Shown:
    """A figure in words.

    ``bare`` is the value without its unit, ``below`` the unit where the value needs it. ``marks`` say how far
    the figure is from final, ``reservations`` what else a reader must know, ``detail`` what the release adds.
    """

    series: str
    name: str
    figure: Figure | None
    status: Status | None
    value: str
    bare: str
    below: str
    numerator: str
    denominator: str
    baseline: str
    change: str
    target: str
    verdict: Verdict
    marks: tuple[str, ...]
    reservations: tuple[str, ...]
    detail: str

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything that is said about the figure beside its number."""
        return (*self.marks, *self.reservations, *filter(None, [self.detail]))


def verdict_of(status: Status | None) -> Verdict:
    """The verdict of a series; none without a target."""
    if status is None:
        return Verdict("not_assessable", words.REASON["no_target"])
    return Verdict(status.status, words.REASON.get(status.reason or "", status.reason or ""))


def overall_verdict(marts: Marts, indicator: Indicator, org: Organisation, period: str) -> Verdict:
    """The verdict of an indicator, with its parts counted where there are several."""
    row = marts.overall.get((indicator.indicator_id, org.org_id, period))
    if row is None:
        year = nb.year_of(period)
        asked = year in marts.years(marts.region_of(org))
        return Verdict("not_assessable", words.REASON["no_data" if asked else "no_target"])
    tally = f"{row.official_met} av {row.official_total}" if row.official_total > 1 else ""
    reason = ""
    if row.status == "not_assessable":
        reasons = [
            verdict_of(status).reason
            for status in official_statuses(marts, indicator, org, period)
            if status.status == "not_assessable"
        ]
        reason = "; ".join(dict.fromkeys(filter(None, reasons)))
    return Verdict(row.status, reason, tally)


def official_statuses(marts: Marts, indicator: Indicator, org: Organisation, period: str) -> list[Status]:
    """Status of each official series of a period."""
    found = [
        marts.statuses.get((indicator.indicator_id, series, org.org_id, period))
        for series in official_series(marts, indicator, org, period)
    ]
    return [status for status in found if status is not None]


def official_series(marts: Marts, indicator: Indicator, org: Organisation, period: str) -> list[str]:
    """The series that carry the letter's verdict in the year of the period, or in the newest letter before.

    The first series when no letter mentions the indicator.
    """
    region = marts.region_of(org)
    years = marts.years(region)
    year = max((at for at in years if at <= nb.year_of(period)), default=years[0] if years else 0)
    asked = [target.series for target in marts.asked(indicator.indicator_id, region, year) if target.official]
    return asked or marts.series(indicator.indicator_id, [org.org_id])[:1]


def main_series(official: Sequence[str], there: Sequence[str]) -> str:
    """The series of the main chart: one official one, else the sum, else the first."""
    if len(official) > MANY and "all" in there:
        return "all"
    return next((series for series in official if series in there), there[0] if there else "")


def target_of(marts: Marts, indicator: Indicator, org: Organisation, series: str, year: int) -> Target | None:
    """What the letter of the year asks of a series."""
    asked = marts.asked(indicator.indicator_id, marts.region_of(org), year)
    return next((target for target in asked if target.series == series), None)


def need(status: Status | None) -> float | None:
    """The value that the target asks for (exclusive or inclusive), for pictures and for rounding."""
    if status is None:
        return None
    threshold = float(status.threshold) if status.threshold is not None else None
    if status.rule in LEVELS:
        return threshold
    if status.baseline_value is None:
        return None
    return status.baseline_value * (1 + (threshold or 0) if status.rule == "growth_at_least" else 1)


def show(marts: Marts, indicator: Indicator, series: str, org: Organisation, period: str) -> Shown:
    """Everything that is said about one figure."""
    figure = marts.figures.get((indicator.indicator_id, series, org.org_id, period))
    status = marts.statuses.get((indicator.indicator_id, series, org.org_id, period))
    unit = figure.unit if figure else indicator.unit
    value = figure.value if figure else None
    compared = (status.threshold if status.rule in LEVELS else None, status.baseline_value) if status else ()
    extra = max((nb.extra_decimals(value, other, unit) for other in compared), default=0)
    asked = target_of(marts, indicator, org, series, nb.year_of(period))
    hidden = figure is not None and figure.suppressed
    return Shown(
        series=series,
        name=marts.name(indicator.indicator_id, series),
        figure=figure,
        status=status,
        value=HIDDEN if hidden else nb.quantity(value, unit, extra=extra),
        bare=HIDDEN if hidden else nb.quantity(value, unit, extra=extra, bare=True),
        below=nb.unit_of(unit).below if value is not None else "",
        numerator=_counted(figure, "numerator"),
        denominator=_counted(figure, "denominator"),
        baseline=nb.quantity(status.baseline_value if status else None, unit, extra=extra),
        change=nb.change(value, _year_before(marts, figure, status), unit, extra=extra),
        target=words.target(asked.rule, asked.threshold, asked.baseline_year, unit) if asked else "",
        verdict=verdict_of(status),
        marks=tuple(_marks(figure)),
        reservations=tuple(_reservations(figure, status)),
        detail=re.sub(r"(?<!\w)-(?=\d)", nb.MINUS, (status.detail if status else None) or ""),
    )


def _counted(figure: Figure | None, part: str) -> str:
    """Numerator or denominator of a figure."""
    if figure is None:
        return nb.NOTHING
    return HIDDEN if figure.suppressed else nb.plain(getattr(figure, part), 2, trim=True)


def _year_before(marts: Marts, figure: Figure | None, status: Status | None) -> float | None:
    """What the change is counted from: the same period a year before, as the baseline has it if it does.

    3.3 compares deliveries read on the same date, so there the baseline alone will do (``comparable``).
    """
    if figure is None:
        return None
    before = nb.year_before(figure.period)
    if status is not None and (status.baseline_period == before or status.comparable is not None):
        return status.baseline_value
    old = marts.figures.get((figure.indicator_id, figure.series, figure.org_id, before))
    return old.value if old else None


def _marks(figure: Figure | None) -> list[str]:
    """How far from final a figure is."""
    if figure is None:
        return []
    return [
        *(["ufullstendig"] if not figure.complete else []),
        *(["foreløpig"] if figure.maturity == "preliminary" else []),
    ]


def _reservations(figure: Figure | None, status: Status | None) -> list[str]:
    """What a reader must know about where a figure and its baseline come from."""
    found = []
    if figure is not None and figure.note:
        found.append(f"Ikke offisielt grunnlag: {figure.note[:1].lower()}{figure.note[1:]}")
    if status is not None and status.comparable is False:
        found.append("Året før er ikke lest på samme dato og kan ikke sammenlignes")
    if status is not None and status.baseline_source == "reported":
        found.append("Basis er et rapportert tall")
    return found


def long_term(status: Status, indicator: Indicator) -> str:
    """The goal in the long run, and whether it is reached."""
    form = nb.unit_of(indicator.unit)
    side = "høyere" if indicator.direction == "higher" else "lavere"
    goal = nb.plain(Decimal(status.long_term_goal or 0) * form.scale, form.decimals, trim=True) + form.suffix
    return f"{side} enn {goal}: {words.STATUS.get(status.long_term_status or '', HIDDEN).lower()}"


def newest_period(marts: Marts, indicator: Indicator, org: Organisation, period_type: str) -> Figure | None:
    """A figure of the newest period that is complete for the official series; else of the newest at all."""
    newest: dict[str, list[Figure]] = {}
    for series in marts.series(indicator.indicator_id, [org.org_id]):
        for figure in marts.trends.get((indicator.indicator_id, series, org.org_id, period_type), []):
            newest.setdefault(figure.period, []).append(figure)
    ranked = sorted(newest.values(), key=lambda rows: rows[0].period_end, reverse=True)
    complete = [rows for rows in ranked if _complete(marts, indicator, org, rows)]
    return (complete or ranked)[0][0] if ranked else None


def _complete(marts: Marts, indicator: Indicator, org: Organisation, rows: Sequence[Figure]) -> bool:
    """Whether every official figure of a period is complete."""
    official = official_series(marts, indicator, org, rows[0].period)
    judged = [row for row in rows if row.series in official]
    return bool(judged) and all(row.complete for row in judged)


def later_periods(marts: Marts, indicator: Indicator, org: Organisation, chosen: Figure) -> list[str]:
    """Newer periods of the same type that are not complete yet, oldest first."""
    later = {
        figure.period: figure.period_end
        for (at, _, org_id, period_type), rows in marts.trends.items()
        if (at, org_id, period_type) == (indicator.indicator_id, org.org_id, chosen.period_type)
        for figure in rows
        if figure.period_end > chosen.period_end
    }
    return sorted(later, key=lambda label: later[label])


def missing_trusts(marts: Marts, indicator: Indicator, region: Organisation, period: str) -> list[str]:
    """Names of the region's trusts without a complete figure of their own for the period."""
    there = {
        figure.org_id
        for figure in marts.figures.values()
        if (figure.indicator_id, figure.period) == (indicator.indicator_id, period) and figure.complete
    }
    return [trust.name for trust in marts.trusts(region) if trust.org_id not in there]
