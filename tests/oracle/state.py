"""What is in force: which delivery speaks for which trust, and who belongs to which organisation.

Belongs here: the replacement rule, as-of, existence and completeness of figures. Does not belong here:
reading files (``deliveries.py``) and the meaning of a row (``indicator_*.py``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from tests.oracle.periods import bounds

Row = dict[str, Any]
Reference = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Delivery:
    """The accepted rows of one delivery: dates, Decimals, ints, bools and text, ``None`` when missing."""

    dataset: str
    period: str
    extract_date: dt.date
    sender: str
    rows: list[Row] = field(compare=False, hash=False)

    @property
    def id(self) -> str:
        """Delivery id as published."""
        name = f"{self.dataset}/{self.period}/{self.extract_date.isoformat()}"
        return f"{name}/{self.sender}" if self.sender else name


@dataclass(frozen=True)
class Trust:
    """One trust: its region, the days it is valid on and the datasets it need not deliver."""

    id: str
    region: str
    valid_from: dt.date
    valid_to: dt.date
    exempt: frozenset[str]

    def valid_in(self, start: dt.date, end: dt.date) -> bool:
        """True when the validity overlaps the days from start to end."""
        return self.valid_from <= end and start <= self.valid_to


@dataclass(frozen=True)
class Organisation:
    """An organisation that figures are made for: a trust alone, or a region with its trusts."""

    id: str
    level: str
    region: str
    trusts: tuple[Trust, ...]


def _day(text: str, default: dt.date) -> dt.date:
    return dt.date.fromisoformat(text) if text else default


class State:
    """Everything in force as of a date, with the reference data beside it."""

    def __init__(
        self, deliveries: Iterable[Delivery], reference: Reference, as_of: dt.date = dt.date.max
    ) -> None:
        self.reference = reference
        self.organisations = _organisations(reference["organisations"])
        self.trusts = {trust.id: trust for org in self.organisations for trust in org.trusts}
        self.targets: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
        for row in reference["targets"]:
            self.targets[row["year"], row["region_id"], row["indicator_id"]].append(row)
        self.reported = {
            (row["indicator_id"], row["series"], row["org_id"], row["period"]): Fraction(row["value"])
            for row in reference["reported_baselines"]
        }
        self.accepted = [delivery for delivery in deliveries if delivery.extract_date <= as_of]
        self.in_force: dict[tuple[str, str, str], Delivery] = {}
        self._rows: dict[tuple[Delivery, str], list[Row]] = defaultdict(list)
        for delivery in self.accepted:
            for row in delivery.rows:
                self._rows[delivery, row["foretak_orgnr"]].append(row)
        self.complete_in = cache(self._complete_in)
        # Replacement rule: per dataset and period the newest extract date in which the trust occurs.
        self.on_day: dict[tuple[str, str, dt.date, str], Delivery] = {}
        for delivery, org in self._rows:
            self.on_day[delivery.dataset, delivery.period, delivery.extract_date, org] = delivery
            key = (delivery.dataset, delivery.period, org)
            if key not in self.in_force or self.in_force[key].extract_date < delivery.extract_date:
                self.in_force[key] = delivery

    def rows(self, dataset: str, period: str, org: str) -> list[Row]:
        """The rows in force of one trust (or a region's own rows) for one extract period."""
        delivery = self.in_force.get((dataset, period, org))
        return self._rows[delivery, org] if delivery else []

    def rows_of(self, delivery: Delivery, org: str) -> list[Row]:
        """The rows of a trust in any accepted delivery, in force or replaced since."""
        return self._rows.get((delivery, org), [])

    def extract_date(self, dataset: str, period: str, org: str) -> dt.date | None:
        """Extract date of the delivery in force for the trust, ``None`` without one."""
        delivery = self.in_force.get((dataset, period, org))
        return delivery.extract_date if delivery else None

    def delivered_periods(self, dataset: str) -> list[str]:
        """Extract periods with anything in force."""
        return sorted({period for name, period, _ in self.in_force if name == dataset})

    def years(self, datasets: Iterable[str]) -> list[int]:
        """Years with anything in force for one of the datasets."""
        return sorted({int(p[:4]) for d in datasets for p in self.delivered_periods(d)})

    def exists(self, org: Organisation, datasets: Iterable[str], period: str) -> bool:
        """Rules for all, 2: for each dataset at least one trust has a delivery in force."""
        return all(any((d, period, t.id) in self.in_force for t in org.trusts) for d in datasets)

    def complete(self, org: Organisation, datasets: Iterable[str], periods: Iterable[str]) -> bool:
        """Rules for all, 3: every trust valid in the extract period, unless exempt, for every dataset,
        with an extract date not before the extract period's last day.
        """
        return all(self.complete_in(org, dataset, period) for period in periods for dataset in datasets)

    def _complete_in(self, org: Organisation, dataset: str, period: str) -> bool:
        start, end = bounds(period)
        for trust in org.trusts:
            if trust.valid_in(start, end) and dataset not in trust.exempt:
                extracted = self.extract_date(dataset, period, trust.id)
                if extracted is None or extracted < end:
                    return False
        return True

    def newest_extract(
        self, members: Iterable[str], datasets: Iterable[str], periods: Iterable[str]
    ) -> dt.date | None:
        """Rules for all, 8: the newest extract date among the deliveries in force that a figure needs."""
        members, periods = list(members), list(periods)
        found = [self.extract_date(d, p, m) for d in datasets for p in periods for m in members]
        return max((day for day in found if day is not None), default=None)


def _organisations(rows: list[dict[str, str]]) -> list[Organisation]:
    regions = [row["org_id"] for row in rows if row["org_level"] == "region"]
    trusts = [
        Trust(
            row["org_id"],
            row["parent_id"],
            _day(row["valid_from"], dt.date.min),
            _day(row["valid_to"], dt.date.max),
            frozenset(filter(None, (row["exempt_datasets"] or "").split("|"))),
        )
        for row in rows
        if row["org_level"] == "trust"
    ]
    organisations = [Organisation(t.id, "trust", t.region, (t,)) for t in trusts]
    for region in regions:
        own = tuple(trust for trust in trusts if trust.region == region)
        organisations.append(Organisation(region, "region", region, own))
    return organisations
