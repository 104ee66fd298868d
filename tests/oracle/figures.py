"""The shape of an indicator in the check: what each ``indicator_*`` module answers for ``rollup.py``.

Belongs here: the base class and what many indicators share. Does not belong here: a rule of one indicator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.periods import CADENCE, FigurePeriod
from tests.oracle.state import Organisation, Row, State

AREA = {
    "SOM": "somatic",
    "PHVV": "mental_health_adult",
    "PHBU": "mental_health_child",
    "TSB": "substance_use",
}
"""Service area code -> series name."""


@dataclass(frozen=True)
class Measure:
    """One exact figure; ``value`` is ``None`` where the denominator is 0 or nothing can be computed."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None


def count(number: Fraction | int) -> Measure:
    """A plain count: numerator = value, no denominator."""
    return Measure(Fraction(number), None, Fraction(number))


def ratio(numerator: Fraction | int, denominator: Fraction | int, factor: int = 1) -> Measure:
    """A share, mean or rate; with denominator 0 the value is missing, never 0 or 1 (rules for all, 5)."""
    value = factor * Fraction(numerator) / Fraction(denominator) if denominator else None
    return Measure(Fraction(numerator), Fraction(denominator), value)


class Indicator:
    """One indicator; ``figure`` computes every series anew for the organisation and period asked for."""

    id: str
    datasets: tuple[str, ...]
    counted_dataset: str | None = None
    """Dataset of the exclusion counts; ``None`` when the indicator has no exclusion rows."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def cadence(self) -> str:
        """How often its datasets are delivered."""
        return CADENCE[self.datasets[0]]

    def members(self, org: Organisation) -> list[str]:
        """Who may deliver for the organisation."""
        return [trust.id for trust in org.trusts]

    def exists(self, org: Organisation, extract: str) -> bool:
        """Does a figure exist for the extract period?"""
        return self.state.exists(org, self.datasets, extract)

    def complete(self, org: Organisation, period: FigurePeriod, series: str) -> bool:
        """Is the figure complete?"""
        return self.state.complete(org, self.datasets, period.extracts)

    def sources(self, period: FigurePeriod) -> tuple[str, ...]:
        """Extract periods whose deliveries date the figure."""
        return period.extracts

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Series -> figure, for the series that have a row."""
        raise NotImplementedError

    def obstacles(self, org: Organisation, period: FigurePeriod) -> dict[str, str]:
        """Series -> a reason of its own why there is no verdict."""
        return {}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Units per exclusion code, and ``included``."""
        return Counter()

    def input(self, dataset: str, org: Organisation, extracts: Iterable[str]) -> Iterator[Row]:
        """The rows in force of the organisation's trusts in these extract periods."""
        for extract in extracts:
            for trust in org.trusts:
                yield from self.state.rows(dataset, extract, trust.id)
