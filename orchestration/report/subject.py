"""One indicator in one region: what every part of its page needs to know.

Belongs here: which series, organisations and periods the page is about. Does not belong here: what stands on
it (``indicator_page.py``, ``development.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.report import trend
from orchestration.report.marts import Marts
from orchestration.report.rows import Figure, Indicator, Organisation
from orchestration.report.shown import Shown, main_series, newest_period, official_series, show


@dataclass(frozen=True)
class Subject:
    """An indicator in a region.

    ``head`` is a figure of the newest complete year, or of what there is; ``main`` the series of the chart.
    """

    marts: Marts
    indicator: Indicator
    region: Organisation
    trusts: tuple[Organisation, ...]
    newest: Figure
    head: Figure
    official: tuple[str, ...]
    series: tuple[str, ...]
    main: str

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The region, then its trusts."""
        return (self.region, *self.trusts)

    @property
    def judged(self) -> list[str]:
        """Series that a letter to the region asks something of, or all of them without a letter."""
        asked = {
            target.series
            for target in self.marts.targets
            if (target.indicator_id, target.region_id) == (self.indicator.indicator_id, self.region.org_id)
        }
        return [series for series in self.series if series in asked or not asked]

    def name(self, series: str) -> str:
        """Norwegian name of a series."""
        return self.marts.name(self.indicator.indicator_id, series)

    def figures(self, series: str, org: Organisation, period_type: str | None = None) -> list[Figure]:
        """Figures of a series, oldest first, in the indicator's own frequency when no other is asked for."""
        key = (self.indicator.indicator_id, series, org.org_id, period_type or self.indicator.frequency)
        return self.marts.trends.get(key, [])

    def points(self, series: str, org: Organisation) -> list[trend.Point]:
        """The same as points of a chart."""
        return trend.points(self.marts, self.indicator, series, org, self.indicator.frequency)

    def show(self, series: str, org: Organisation, period: str) -> Shown:
        """One figure in words."""
        return show(self.marts, self.indicator, series, org, period)

    def unit(self, series: str) -> str:
        """Unit of a series."""
        units = (row.unit for org in self.organisations for row in self.figures(series, org)[:1])
        return next(units, self.indicator.unit)

    def target(self, series: str) -> str:
        """The target of a series in few words."""
        return self.show(series, self.region, self.head.period).target


def subject(marts: Marts, indicator: Indicator, region: Organisation) -> Subject | None:
    """The indicator in the region; None when the release has no figure of it."""
    newest = newest_period(marts, indicator, region, indicator.frequency)
    if newest is None:
        return None
    trusts = marts.trusts(region)
    official = tuple(official_series(marts, indicator, region, newest.period))
    series = tuple(marts.series(indicator.indicator_id, ids((region, *trusts))))
    return Subject(
        marts=marts,
        indicator=indicator,
        region=region,
        trusts=trusts,
        newest=newest,
        head=newest_period(marts, indicator, region, "year") or newest,
        official=official,
        series=series,
        main=main_series(official, marts.series(indicator.indicator_id, [region.org_id])),
    )


def ids(organisations: Iterable[Organisation]) -> list[str]:
    """Organisation numbers."""
    return [org.org_id for org in organisations]
