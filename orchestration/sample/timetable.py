"""Which deliveries a sample consists of: periods, extract dates, late and repeated ones.

Belongs here: the arguments of a sample (``World``), one delivery as a value (``Delivery``), and the
calendar between them. Does not belong here: rows, files, or the shares of ``parameters``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from orchestration.periods import MONTHS_IN, Cadence, Period
from orchestration.sample import parameters as p
from orchestration.settings import UsageError

Value = TypeVar("Value")

CADENCE: dict[str, Cadence] = {
    "waiting_times": "month",
    "planned_contacts": "tertial",
    "outpatient_contacts": "tertial",
    "inpatient_stays": "tertial",
    "epicrises": "tertial",
    "cancer_pathways": "tertial",
    "treatment_plans": "tertial",
    "antibiotics": "tertial",
    "psychiatric_beds": "year",
    "icu_capacity": "year",
    "costs": "year",
    "clinical_trials": "year",
    "training_positions": "year",
    "apprentices": "year",
}
FROM_2019 = ("inpatient_stays", "antibiotics")
"""Delivered for 2019 too: the baseline of broad-spectrum antibiotics."""
FIRST_TRUST, SECOND_TRUST, THIRD_TRUST = range(3)


@dataclass(frozen=True)
class World:
    """The arguments of one sample; ``first`` and ``last`` are its first and last month."""

    first: Period
    last: Period
    scale: float
    seed: int
    faults: bool

    @classmethod
    def of(cls, first: str, last: str, scale: float, seed: int, faults: bool) -> World:
        """Check the arguments.

        Raises:
            UsageError: no month, a range that runs backwards or starts before 2019, or a scale of 0.
        """
        try:
            world = cls(Period.parse(first, "month"), Period.parse(last, "month"), scale, seed, faults)
        except ValueError:
            raise UsageError(f"«{first}» to «{last}» are no months; write them as 2022-01.") from None
        if world.first > world.last or world.first.year < 2019:
            raise UsageError(f"{first} to {last} is no range of months from 2019 on; correct it.")
        if not 0 < scale <= 100:
            raise UsageError(f"The scale is {scale}; it must be above 0 and at most 100.")
        return world

    @property
    def years(self) -> list[int]:
        """Every year that the range touches."""
        return list(range(self.first.year, self.last.year + 1))

    def periods(self, dataset: str) -> list[Period]:
        """The periods of a dataset that lie wholly in the range, oldest first; with 2019 where it is due."""
        cadence = CADENCE[dataset]
        years = sorted({2019, *self.years} if dataset in FROM_2019 else self.years)
        every = [
            Period(year, number, cadence)
            for year in years
            for number in range(1, 12 // MONTHS_IN[cadence] + 1)
        ]
        return [
            period
            for period in every
            if (self.first.start <= period.start and period.end <= self.last.end)
            or (period.year == 2019 and dataset in FROM_2019)
        ]

    def eras(self, dataset: str) -> list[list[Period]]:
        """The periods in runs without a gap."""
        runs: list[list[Period]] = []
        for period in self.periods(dataset):
            if runs and (period.start - runs[-1][-1].end).days == 1:
                runs[-1].append(period)
            else:
                runs.append([period])
        return runs


@dataclass(frozen=True)
class Delivery:
    """One sender's files of one dataset and period, read on one date."""

    dataset: str
    period: Period
    trust: int
    extract_date: dt.date
    draft: bool = False
    """An earlier version in which 2 % of the rows are different."""
    bad_share: float | None = None
    """Share of bad rows, when it is not the usual one."""
    omit: frozenset[str] = field(default_factory=frozenset)
    encoding: str | None = None
    identity_number: bool = False

    @property
    def sender(self) -> str:
        """Name of the sender folder; Statistics Norway sends the beds."""
        return "ssb" if self.dataset == "psychiatric_beds" else p.SENDERS[self.trust]

    @property
    def folder(self) -> str:
        """Path below the landing folder."""
        return f"{self.dataset}/{self.period.label}/{self.extract_date.isoformat()}/{self.sender}"


def value_of(series: Mapping[int, Value], year: int) -> Value:
    """The year's value, or that of the nearest year that has one."""
    return series[min(series, key=lambda known: (abs(known - year), -known))]


def grown(amount: float, year: int, growth: float = p.GROWTH) -> float:
    """A volume of the base year, in another year."""
    return amount * growth ** (year - p.BASE_YEAR)


def lean(series: Mapping[int, Sequence[float]], year: int, index: int) -> int:
    """Which way a share of few rows is rounded, so that a change keeps its sign: -1 down, 1 up, 0 nearest."""
    here = value_of(series, year)[index]
    ahead, behind = value_of(series, year + 1)[index], value_of(series, year - 1)[index]
    other = ahead if ahead != here else behind
    return (here > other) - (here < other)


def extract_date(dataset: str, period: Period) -> dt.date:
    """The usual date on which a dataset's senders read their systems."""
    if period.cadence == "year":
        month, day = p.EXTRACT_BEDS if dataset == "psychiatric_beds" else p.EXTRACT_YEARLY
        return dt.date(period.year + 1, month, day)
    return period.end + dt.timedelta(days=p.EXTRACT_DAYS.get(dataset, p.EXTRACT_DAYS[period.cadence]))


def deliveries(world: World, dataset: str, period: Period) -> Iterator[Delivery]:
    """Everything that is sent for one dataset and period, with what is late, sent twice or (faults) wrong."""
    usual = extract_date(dataset, period)
    trusts = [FIRST_TRUST] if dataset == "psychiatric_beds" else range(len(p.TRUSTS))
    for trust in trusts:
        ordinary = Delivery(dataset, period, trust, usual + _delay(dataset, period, trust))
        again = _SENT_AGAIN.get((dataset, period.label, trust))
        if again:
            yield replace(ordinary, draft=True)
            ordinary = replace(ordinary, extract_date=dt.date.fromisoformat(again))
        if world.faults:
            wrong, ordinary = _with_faults(world, ordinary)
            yield from wrong
        yield ordinary


_SENT_AGAIN = {
    ("inpatient_stays", "2023-T2", FIRST_TRUST): "2023-11-20",
    ("waiting_times", "2024-03", FIRST_TRUST): "2024-04-24",
}


def _delay(dataset: str, period: Period, trust: int) -> dt.timedelta:
    """Helse Nord-Trøndelag is late once, and reads its planned contacts two days late once."""
    late = {("outpatient_contacts", "2024-T3"): 25, ("planned_contacts", "2024-T2"): 2}
    return dt.timedelta(days=late.get((dataset, period.label), 0) if trust == THIRD_TRUST else 0)


def _with_faults(world: World, ordinary: Delivery) -> tuple[list[Delivery], Delivery]:
    """Rejected deliveries beside an ordinary one, and the ordinary one (perhaps as a later correction)."""
    periods = world.periods(ordinary.dataset)
    where = (ordinary.dataset, ordinary.trust, ordinary.period)
    later = replace(ordinary, extract_date=ordinary.extract_date + dt.timedelta(days=20))
    if where == ("waiting_times", SECOND_TRUST, periods[0]):
        return [replace(ordinary, bad_share=0.08)], later
    if where == ("treatment_plans", SECOND_TRUST, periods[-1]):
        return [replace(later, omit=frozenset({"plan_med_pasient"}))], ordinary
    if where == ("epicrises", THIRD_TRUST, periods[-1]):
        return [replace(later, identity_number=True)], ordinary
    if where == ("apprentices", SECOND_TRUST, periods[-1]):
        return [replace(later, encoding="cp850")], ordinary
    return [], ordinary
