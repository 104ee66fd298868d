"""The yearly lists that are amounts: accounts, clinical trials, intensive care beds, psychiatric beds.

Belongs here: the tables ``costs``, ``clinical_trials``, ``icu_capacity`` and ``psychiatric_beds`` of one
year, full size at every scale. Does not belong here: files, or lists of persons (``staff.py``). Sums are
whole øre, so that a growth just over the limit stays just over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, numbered
from orchestration.sample.timetable import World, value_of

Row = tuple[object, ...]


def make_costs(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``costs``: every amount as ``COST_LINES`` lines of the ledger."""
    draw = Draw(world.seed, "costs", year)
    rows: list[Row] = []
    for t in range(3):
        for area, kind, amount in _amounts(year, t):
            weights = [draw.number(f"{t}/{area}/{kind}/{j}", 50, 150) for j in range(p.COST_LINES)]
            lines = _parts(amount, weights)
            if (t, area, kind, year) == (1, "PHVV", "PENSJON", 2023):
                lines.append(-1_500_000_000)
            rows += [(t, area, kind, line) for line in lines]
    con.execute(f"""
        create or replace table costs as
        select orgnr(t) as foretak_orgnr, {year} as regnskapsaar, area as tjenesteomraade,
            kind as kostnadsart, (ore::decimal(20, 2) / 100)::decimal(18, 2) as belop_nok,
            no as _no, t as _t, '{year}' as _period
        from {numbered("t, area, kind, ore", rows)} order by _no
    """)


def _parts(amount: int, weights: list[int]) -> list[int]:
    """A whole amount in parts by weight that add up to it."""
    upto = (amount * sum(weights[:j]) // sum(weights) for j in range(len(weights) + 1))
    return [after - before for before, after in pairwise(upto)]


def _amounts(year: int, trust: int) -> Iterator[tuple[str, str, int]]:
    """(area, kind, øre) of a trust's accounts."""
    mental = 0
    for a in (1, 2, 3):
        base = _base(year, trust, a)
        mental += base
        yield from _kinds(p.AREAS[a], base)
    for area, share in (("SOM", 0.75), ("ANNET", 0.10)):
        yield from _kinds(area, int(mental * share / p.MENTAL_SHARE_OF_ALL))


def _kinds(area: str, base: int) -> Iterator[tuple[str, str, int]]:
    """A base amount on its kinds; pension and depreciation come on top."""
    *others, last = p.COST_KINDS
    parts = {kind: int(base * p.COST_KINDS[kind]) for kind in others}
    parts[last] = base - sum(parts.values())
    yield from ((area, kind, amount) for kind, amount in parts.items())
    total = base / (1 - p.PENSION - p.DEPRECIATION)
    yield area, "PENSJON", int(total * p.PENSION)
    yield area, "AVSKRIVNING", int(total * p.DEPRECIATION)


def _base(year: int, trust: int, area: int) -> int:
    """Base of a trust and area in øre: given for two years, then by the trust's growth."""
    first, last = min(p.COST_BASE), max(p.COST_BASE)
    start = min(max(year, first), last)
    ore = Decimal(round(p.COST_BASE[start][area - 1] * p.SPLIT[area][trust])) * 100
    if year > last:
        ore *= 1 + Decimal(p.COST_GROWTH_2024[trust])
    ore *= (1 + Decimal(p.COST_LATER_GROWTH)) ** (year - first if year < first else max(0, year - last - 1))
    return int(ore.to_integral_value())


def make_clinical_trials(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``clinical_trials``; studies of two trusts have the same id in both."""
    draw = Draw(world.seed, "clinical_trials", year)
    recruiting, shared = value_of(p.TRIALS, year)
    first_numbers = list(range(recruiting[0]))
    rows: list[Row] = []
    for t, count in enumerate(recruiting):
        own = range(1000 * (t + 1), 1000 * (t + 1) + count)
        here = [*first_numbers[sum(shared[: t - 1]) :][: shared[t - 1]]] if t else first_numbers
        numbers = [*here, *own][:count]
        weights = [draw.number(f"{t}/{number}", 1, 20) for number in numbers]
        new = _parts(p.TRIAL_PATIENTS[t] - count, weights)
        rows += [
            (t, number, True, 1 + patients) for number, patients in sorted(zip(numbers, new, strict=True))
        ]
        next_number = 1000 * (t + 1) + 500
        for kind, counts in p.TRIALS_OTHER.items():
            for _ in range(counts[t]):
                patients = {"no_patients": 0, "not_reported": None}.get(
                    kind, draw.number(f"{t}/{next_number}", 0, 40)
                )
                rows.append((t, next_number, kind != "not_treatment", patients))
                next_number += 1
    con.execute(f"""
        create or replace table clinical_trials as
        select 'FORSØK-{year}-' || lpad(number::varchar, 4, '0') as studie_id, orgnr(t) as foretak_orgnr,
            {year} as aar, treatment as behandlingsstudie, patients::int as nye_pasienter,
            no as _no, t as _t, '{year}' as _period
        from {numbered("t, number, treatment, patients", rows)} order by _no
    """)


def make_icu_capacity(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``icu_capacity``: counted on 1 November; one hospital was counted in May too."""
    rows: list[Row] = []
    for mode, beds in (("ordinaer", p.ICU_ORDINARY), ("beredskap", p.ICU_SURGE)):
        for t, of_trust in enumerate(value_of(beds, year)):
            for category, number in (
                (0, 2 * of_trust[1]),
                (1, of_trust[0]),
                *zip((2, 3), of_trust, strict=True),
            ):
                upto = [round(number * sum(p.ICU_SHARES[t][: j + 1])) for j in range(len(p.ICU_SHARES[t]))]
                hospitals = zip(p.HOSPITALS[t], [0, *upto], upto, strict=False)
                for hospital, before, after in hospitals:
                    rows.append((t, hospital, category, mode, after - before, f"{year}-11-01"))
                    if hospital == "974754118":
                        rows.append((t, hospital, category, mode, after - before + 1, f"{year}-05-15"))
    con.execute(f"""
        create or replace table icu_capacity as
        select orgnr(t) as foretak_orgnr, hospital as behandlingssted_orgnr, category as kategori,
            mode as driftstype, beds::decimal(10, 1) as antall_senger, counted::date as telledato,
            no as _no, t as _t, '{year}' as _period
        from {numbered("t, hospital, category, mode, beds, counted", rows)} order by _no
    """)


def make_psychiatric_beds(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``psychiatric_beds``: the region's own row and its trusts', this year and the year before."""
    rows: list[Row] = []
    for y in (year - 1, year):
        for a, beds in enumerate(value_of(p.REGION_BEDS, y), start=1):
            rows.append((p.REGION, y, p.AREAS[a], beds))
            of_trusts = value_of(p.BEDS, y)[a - 1]
            rows += [(trust, y, p.AREAS[a], of_trusts[t]) for t, trust in enumerate(p.TRUSTS)]
    con.execute(f"""
        create or replace table psychiatric_beds as
        select org as foretak_orgnr, y as aar, area as tjenesteomraade, beds::int as dognplasser,
            no as _no, 0 as _t, '{year}' as _period
        from {numbered("org, y, area, beds", rows)} order by _no
    """)
