"""Small made-up worlds: regions with trusts, targets and deliveries that crowd around the boundaries.

Belongs here: hypothesis strategies for organisations, targets and the plan of deliveries, and putting facts
into deliveries. Does not belong here: what a row of a dataset looks like (``facts.py``,
``known.py``) and the reference tables (``letters.py``).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st

from tests.oracle.facts import FACTS, Fact
from tests.oracle.known import known
from tests.oracle.letters import reference_of
from tests.oracle.periods import CADENCE, DAY, bounds, extracts_of
from tests.oracle.state import Delivery, Reference, Row

T = TypeVar("T")
REGIONS = 80


def examples(strategy: st.SearchStrategy[T], number: int, seed: int) -> list[T]:
    """That many examples, the same at every call with the same seed."""
    found: list[T] = []

    @with_seed(seed)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    while len(found) < number:
        found += found[: number - len(found)]
    return found[:number]


def organisation_numbers() -> Iterator[str]:
    """Valid organisation numbers (MOD11) from 810 000 000 on."""
    for base in itertools.count(81_000_000):
        digits = zip(str(base), (3, 2, 7, 6, 5, 4, 3, 2), strict=True)
        control = (11 - sum(int(digit) * weight for digit, weight in digits) % 11) % 11
        if control < 10:
            yield f"{base}{control}"


TRUST = st.fixed_dictionaries(
    {
        "valid_from": st.sampled_from([*["2002-01-01"] * 6, "2023-09-01", "2024-05-01", "2024-04-30"]),
        "valid_to": st.sampled_from([*[""] * 6, "2023-12-31", "2024-01-01", "2024-08-31"]),
        "exempt_datasets": st.sampled_from(
            [*[""] * 8, "antibiotics", "waiting_times|epicrises", "psychiatric_beds|icu_capacity|costs"]
        ),
    }
)
REGION = st.fixed_dictionaries(
    {
        "trusts": st.sampled_from([3, 4, 3, 2]).flatmap(lambda n: st.lists(TRUST, min_size=n, max_size=n)),
        "letters": st.sampled_from([("2024",), ("2024",), ("2024", "2025")]),
        "thresholds": st.lists(
            st.sampled_from(["0.5", "0.25", "0.75", "1", "0.7", "0"]), min_size=6, max_size=6
        ),
        "growth": st.sampled_from(["0.055", "0.055", "0.5", "0", "0.1"]),
        "dropped": st.lists(st.integers(0, 96), max_size=8),
        "other_rule": st.lists(st.integers(0, 96), max_size=8),
        "informal": st.lists(st.integers(0, 96), max_size=8),
        "population": st.lists(st.sampled_from(["2022", "2023", "2024", "2025"]), max_size=4),
        "reported": st.lists(
            st.tuples(
                st.integers(0, 96), st.integers(0, 4), st.integers(0, 9), st.sampled_from(["0", "1", "2.5"])
            ),
            max_size=12,
        ),
    }
)


@dataclass(frozen=True)
class World:
    """Everything drawn: reference tables that replace those of seeds/, and deliveries."""

    reference: Reference
    deliveries: list[Delivery]


OFFSETS = {
    "epicrises": [40, 40, 40, 2, 1],
    "planned_contacts": [8, 8, 8, 59, 60],
    "waiting_times": [40, 40, 29],
}
"""Dataset -> days from the period's end to the extract; the others take ``[40, 40, 30, 29, -1]``."""
SENDERS = {"outpatient_contacts": ("", "nord", "sør"), "costs": ("", "nord")}
"""Dataset -> senders; a trust always has the same one. The others deliver without sender folders."""


def plan_of(dataset: str) -> st.SearchStrategy[dict[str, Any]]:
    """When the trusts of one region deliver: base days after the period's end, gaps, and re-deliveries."""
    offsets = OFFSETS.get(dataset, [40, 40, 30, 29, -1])
    where = st.tuples(st.integers(0, 3), st.integers(0, 40))
    return st.fixed_dictionaries(
        {
            "base": st.lists(st.sampled_from(offsets), min_size=8, max_size=8),
            "gaps": st.lists(where, max_size=3),
            "again": st.lists(st.tuples(where, st.sampled_from([*offsets, 75])), max_size=6),
            "own_day": st.lists(st.tuples(where, st.sampled_from(offsets)), max_size=3),
        }
    )


def periods_of(dataset: str, letters: tuple[str, ...]) -> list[str]:
    """The extract periods that a world delivers."""
    years = [2023, 2024]
    if dataset in ("antibiotics", "inpatient_stays"):
        years = [2019, *years]
    found = [label for year in years for label in extracts_of(CADENCE[dataset], year)]
    if CADENCE[dataset] == "year":
        found = ["2022", *found]
    more = {"month": 2, "tertial": 1, "year": 0}[CADENCE[dataset]] if "2025" in letters else 0
    return [*found, *extracts_of(CADENCE[dataset], 2025)[:more]]


def timetable(plan: dict[str, Any], periods: list[str], trusts: int) -> dict[tuple[int, str], list[dt.date]]:
    """(trust, period) -> extract dates, in order."""
    days: dict[tuple[int, str], set[dt.date]] = {}
    for number, period in enumerate(periods):
        for trust in range(trusts):
            days[trust, period] = {bounds(period)[1] + plan["base"][number % 8] * DAY}
    for (trust, number), offset in plan["own_day"]:
        if trust < trusts:
            period = periods[number % len(periods)]
            days[trust, period] = {bounds(period)[1] + offset * DAY}
    for (trust, number), offset in plan["again"]:
        if trust < trusts:
            period = periods[number % len(periods)]
            days[trust, period].add(bounds(period)[1] + offset * DAY)
    for trust, number in plan["gaps"]:
        days.pop((trust, periods[number % len(periods)]), None)
    return {key: sorted(found) for key, found in days.items()}


def _deliver(
    dataset: str, facts: list[Fact], plan: dict[str, Any], orgs: list[str], letters: tuple[str, ...]
) -> dict[tuple[str, str, dt.date, str], list[Row]]:
    """Rows of one region and dataset by (dataset, period, extract date, trust)."""
    trusts = [org for org in orgs if org != orgs[-1]]
    found: dict[tuple[str, str, dt.date, str], list[Row]] = {}
    periods = periods_of(dataset, letters)
    for (trust, period), days in timetable(plan, periods, len(trusts)).items():
        for version, day in enumerate(days):
            rows = known(dataset, facts, trust, len(trusts), period, day, version, len(days))
            found[dataset, period, day, trusts[trust]] = [
                {**row, "foretak_orgnr": trusts[trust]} for row in rows
            ]
    if dataset == "psychiatric_beds":
        for period in periods:
            day = bounds(period)[1] + plan["base"][0] * DAY
            rows = known(dataset, facts, -1, len(trusts), period, day, 0, 1)
            if rows:
                found[dataset, period, day, orgs[-1]] = [{**row, "foretak_orgnr": orgs[-1]} for row in rows]
    return found


def make(seeds: Path, regions: int = REGIONS, seed: int = 1) -> World:
    """Draw the regions and, dataset by dataset, their deliveries; the same world at every call."""
    shapes: list[dict[str, Any]] = examples(REGION, regions, seed)
    numbers = organisation_numbers()
    orgs = [list(itertools.islice(numbers, len(shape["trusts"]) + 1)) for shape in shapes]
    grouped: dict[tuple[str, str, dt.date, str], list[Row]] = defaultdict(list)
    for dataset in CADENCE:
        drawn = examples(st.tuples(FACTS[dataset], plan_of(dataset)), regions, seed)
        for region, (facts, plan) in enumerate(drawn):
            found = _deliver(dataset, facts, plan, orgs[region], shapes[region]["letters"])
            for (_, period, day, org), rows in found.items():
                senders = SENDERS.get(dataset, ("",))
                sender = senders[int(org) % len(senders)]
                for row in rows:
                    for name in ("pasient_id", "opphold_id"):
                        if row.get(name):  # neighbouring regions share patients
                            row[name] = f"{row[name]}-{region // 2 if name == 'pasient_id' else org}"
                grouped[dataset, period, day, sender] += rows
    deliveries = [Delivery(*key, rows) for key, rows in grouped.items() if rows]
    return World(reference_of(seeds, shapes, orgs), deliveries)
