"""Which figures exist, for whom and when: indicator_value and exclusion counts of the check.

Belongs here: existence per organisation and period, completeness, maturity, confidence intervals. Does not
belong here: what is counted (``indicator_*.py``) and verdicts (``verdict.py``).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.figures import Indicator, Measure
from tests.oracle.indicator_beds import InpatientBeds, IntensiveCare
from tests.oracle.indicator_cancer import CancerPathways
from tests.oracle.indicator_contacts import DigitalContact, OutpatientActivity
from tests.oracle.indicator_costs import CostGrowth
from tests.oracle.indicator_counts import Apprentices, ClinicalStudies, TrainingPositions
from tests.oracle.indicator_epicrises import DischargeSummary
from tests.oracle.indicator_nights import Antibiotics, InpatientDays
from tests.oracle.indicator_planned import PlannedTime
from tests.oracle.indicator_plans import TreatmentPlans
from tests.oracle.indicator_readmissions import Readmissions
from tests.oracle.indicator_waiting import WaitingTime
from tests.oracle.periods import FigurePeriod, extracts_of, figure_periods
from tests.oracle.state import Organisation

INDICATORS: tuple[type[Indicator], ...] = (
    *(CostGrowth, OutpatientActivity, InpatientDays, InpatientBeds),
    *(ClinicalStudies, TrainingPositions, Apprentices, Antibiotics, IntensiveCare),
    *(CancerPathways, WaitingTime, PlannedTime, DigitalContact, TreatmentPlans),
    *(DischargeSummary, Readmissions),
)
FINAL_AFTER = dt.timedelta(days=30)
Z = 1.959963984540054

ValueKey = tuple[str, str, str, str]
"""Indicator, series, organisation, period."""


@dataclass(frozen=True)
class Value:
    """One row of indicator_value."""

    org: Organisation
    period: FigurePeriod
    measure: Measure
    unit: str
    complete: bool
    maturity: str
    extract_date: dt.date

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % Wilson interval without continuity correction, for shares."""
        n, k = self.measure.denominator, self.measure.numerator
        if self.unit != "share" or not n or k is None:
            return None
        share, size = float(k / n), float(n)
        centre = (share + Z * Z / (2 * size)) / (1 + Z * Z / size)
        half = Z / (1 + Z * Z / size) * math.sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
        return max(0.0, centre - half), min(1.0, centre + half)


def existing(indicator: Indicator) -> Iterator[tuple[Organisation, FigurePeriod]]:
    """Rules for all, 2: the organisations and periods that figures of the indicator exist for."""
    state = indicator.state
    for year in state.years(indicator.datasets):
        for period in figure_periods(indicator.cadence, year):
            for org in state.organisations:
                if all(indicator.exists(org, extract) for extract in period.needed):
                    yield org, period


def values(indicator: Indicator, units: dict[tuple[str, str], str]) -> dict[ValueKey, Value]:
    """indicator_value of one indicator; ``units`` by indicator and series."""
    found = {}
    for org, period in existing(indicator):
        extracted = indicator.state.newest_extract(
            indicator.members(org), indicator.datasets, indicator.sources(period)
        )
        assert extracted is not None
        for series, measure in indicator.figure(org, period).items():
            complete = indicator.complete(org, period, series)
            early = extracted < period.end + FINAL_AFTER
            maturity = "preliminary" if period.type == "month" or not complete or early else "final"
            unit = units[indicator.id, series]
            key = (indicator.id, series, org.id, period.label)
            found[key] = Value(org, period, measure, unit, complete, maturity, extracted)
    return found


def exclusions(indicator: Indicator) -> dict[tuple[str, str, str, str], int]:
    """(indicator, organisation, extract period, code) -> units, wherever the counted dataset is delivered."""
    found = {}
    dataset = indicator.counted_dataset
    if dataset:
        for year in indicator.state.years([dataset]):
            for extract in extracts_of(indicator.cadence, year):
                for org in indicator.state.organisations:
                    if indicator.state.exists(org, [dataset], extract):
                        for code, units in indicator.exclusions(org, extract).items():
                            found[indicator.id, org.id, extract, code] = units
    return found
