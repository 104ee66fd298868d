"""Unsuppressed marts for the tests of the suppression: small ones by hand, and a region of realistic size.

Belongs here: rolling cells up into the published tables as the specification says. Does not belong here: any
rule of the suppression. All numbers are invented.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np

REGION = "983658776"
TRUSTS = ("883974832", "983974791", "997005562")
DATASET = {
    "1.2": "outpatient_contacts",
    "1.3": "inpatient_stays",
    "2.4": "antibiotics",
    "3.1": "cancer_pathways",
    "3.2": "waiting_times",
    "3.3": "planned_contacts",
    "3.4": "outpatient_contacts",
    "3.5": "treatment_plans",
    "3.6": "epicrises",
    "3.7": "inpatient_stays",
}
RULE = {
    "1.2": "above_baseline",
    "1.3": "above_baseline",
    "3.1": "at_least",
    "3.2": "below_baseline",
    "3.3": "at_least",
    "3.4": "above_baseline",
    "3.5": "at_least",
    "3.6": "at_least",
    "3.7": "below_baseline",
}
COUNTS = ("1.2", "1.3")

SCHEMA = """
create schema marts;
create table marts.organisation (org_id varchar, name varchar, org_level varchar, parent_id varchar);
create table marts.indicator_value (
    indicator_id varchar, series varchar, org_id varchar, org_level varchar, period_type varchar, period varchar,
    period_start date, period_end date, numerator double, denominator double, value double, unit varchar,
    complete boolean, suppressed boolean, maturity varchar, extract_date date, ci_low double, ci_high double,
    note varchar);
create table marts.indicator_status (
    indicator_id varchar, series varchar, org_id varchar, period varchar, year integer, official boolean,
    rule varchar, threshold decimal(18,6), value double, baseline_period varchar, baseline_value double,
    baseline_source varchar, comparable boolean, status varchar, reason varchar, gap double,
    long_term_goal decimal(18,6), long_term_status varchar, detail varchar);
create table marts.exclusion (
    dataset varchar, indicator_id varchar, org_id varchar, period varchar, code varchar, row_count bigint);
create table marts.delivery (
    delivery_id varchar, dataset varchar, period varchar, extract_date date, sender varchar, file_name varchar,
    sha256 varchar, bytes bigint, rows_read bigint, rows_accepted bigint, rows_rejected bigint,
    rows_duplicate bigint, status varchar, reason varchar, loaded_at timestamp, contract_version varchar);
create table marts.rejection (
    delivery_id varchar, file_name varchar, field varchar, rule varchar, row_count bigint);
create table marts.value_source (
    indicator_id varchar, series varchar, org_id varchar, period varchar, delivery_id varchar);
"""

Figures = Mapping[tuple[str, str, str, str], tuple[float, float | None]]
Units = Mapping[tuple[str, str, str, str], int]


def span(period: str) -> tuple[int, int, int]:
    """Year, first and last month."""
    year, _, part = period.partition("-")
    if part.startswith("YTD"):
        return int(year), 1, int(part[3:])
    if part.startswith("T"):
        return int(year), 4 * int(part[1:]) - 3, 4 * int(part[1:])
    return (int(year), int(part), int(part)) if part else (int(year), 1, 12)


def longer(indicator: str, period: str) -> list[str]:
    """Every period that holds an extract period, itself included."""
    year, first, last = span(period)
    ends = range(last, 13) if indicator == "3.2" else range(last, 13, 4)
    found = [period, f"{year}", *(f"{year}-YTD{end:02d}" for end in ends)]
    return [*found, f"{year}-T{(first - 1) // 4 + 1}"] if indicator == "3.2" else found


def exists(indicator: str, period: str, delivered: set[str]) -> bool:
    """A figure exists with its last extract period, a year with all of them."""
    year, first, last = span(period)
    if indicator == "3.2":
        inside = [f"{year}-{month:02d}" for month in range(first, last + 1)]
    else:
        inside = [f"{year}-T{tertial}" for tertial in range((first - 1) // 4 + 1, last // 4 + 1)]
    return set(inside) <= delivered if "-" not in period else inside[-1] in delivered


@dataclass
class Cells:
    """What trusts delivered: ``figures`` and ``units`` per extract period, ``own`` rows of 3.4 for all."""

    figures: dict[tuple[str, str, str, str], tuple[float, float | None]] = field(default_factory=dict)
    units: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    own: dict[tuple[str, str, str, str], tuple[float, float | None]] = field(default_factory=dict)
    extra_rows: dict[tuple[str, str, str], int] = field(default_factory=dict)
    trusts: Sequence[str] = TRUSTS
    baseline_year: int = 2023

    def rolled_up(self) -> dict[tuple[str, str, str, str], tuple[float, float | None]]:
        """All figures: region, `all`, tertial, year to date and year."""
        delivered: dict[tuple[str, str], set[str]] = defaultdict(set)
        for indicator, _, trust, period in self.figures:
            delivered[indicator, trust].add(period)
            delivered[indicator, REGION].add(period)
        sums: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (indicator, series, trust, period), (numerator, denominator) in self.figures.items():
            for name in (series, "all") if indicator != "3.2" else (series,):
                for org in (trust, REGION):
                    for wide in longer(indicator, period):
                        if not exists(indicator, wide, delivered[indicator, org]):
                            continue
                        if indicator == "3.3" and span(wide)[2] != span(period)[2]:
                            continue
                        total = sums[indicator, name, org, wide]
                        total[0] += numerator
                        total[1] += denominator or 0
                        if indicator == "3.3" and name == "all":
                            passed = sums[indicator, "passed", org, wide]
                            passed[0] += (denominator or 0) - numerator
                            passed[1] += denominator or 0
        found = {key: (a, None if key[0] in COUNTS else b) for key, (a, b) in sums.items()}
        return found | self.own

    def connect(self, shuffle: int | None = None) -> duckdb.DuckDBPyConnection:
        """An in-memory database with the unsuppressed marts, rows in a random order when asked."""
        con = duckdb.connect()
        con.execute(SCHEMA)
        fill(
            con,
            "organisation",
            [(REGION, "R", "region", None), *((t, t, "trust", REGION) for t in self.trusts)],
        )
        figures = self.rolled_up()
        tables = {
            "indicator_value": [_value(key, *numbers) for key, numbers in figures.items()],
            "indicator_status": [
                _status(key, figures, self.baseline_year)
                for key in figures
                if key[0] in RULE and key[1] != "passed"
            ],
            "exclusion": self._exclusion(),
            "delivery": self._delivery(),
            "value_source": self._source(figures),
        }
        for name, rows in tables.items():
            if shuffle is not None:
                np.random.default_rng(shuffle).shuffle(rows)
            fill(con, name, rows)
        return con

    def _exclusion(self) -> list[tuple[object, ...]]:
        counts: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for (indicator, trust, period, code), count in self.units.items():
            for org in (trust, REGION):
                counts[indicator, org, period, code] += count
        return [(DATASET[key[0]], *key, count) for key, count in counts.items() if count]

    def _totals(self) -> dict[tuple[str, str, str], int]:
        """Rows per dataset, trust and period: the most that an indicator counts."""
        totals: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for (indicator, trust, period, _), count in self.units.items():
            totals[DATASET[indicator], trust, period][indicator] += count
        return {key: max(counts.values()) + self.extra_rows.get(key, 0) for key, counts in totals.items()}

    def _delivery(self) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for (dataset, trust, period), total in self._totals().items():
            date = _end(period) + dt.timedelta(days=10 if dataset == "waiting_times" else 40)
            delivery = f"{dataset}/{period}/{date}/{trust}"
            rows.append(
                (
                    delivery,
                    dataset,
                    period,
                    date,
                    trust,
                    "file.csv",
                    f"sha-{delivery}-{total}",
                    100 * total,
                    total + 7,
                )
                + (total, 7, 0, "accepted", None, dt.datetime(2025, 1, 1), "1.0.0")
            )
        return rows

    def _source(self, figures: Iterable[tuple[str, str, str, str]]) -> list[tuple[object, ...]]:
        delivered = defaultdict(list)
        for row in self._delivery():
            delivered[row[1], row[4]].append((str(row[0]), span(str(row[2]))))
        rows = []
        for indicator, series, org, period in figures:
            year, first, last = span(period)
            for trust in (org,) if org != REGION else self.trusts:
                rows += [
                    (indicator, series, org, period, delivery)
                    for delivery, (y, f, l) in delivered[DATASET[indicator], trust]
                    if y == year and first <= f and l <= last
                ]
        return rows


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Insert rows, through Arrow because thousands of parameters are slow."""
    import pyarrow as pa

    if not rows:
        return
    columns = [
        name
        for (name,) in con.execute(
            f"select column_name from duckdb_columns() where table_name = '{table}' order by column_index"
        ).fetchall()
    ]
    data = pa.table(
        {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=False)}
    )
    con.register("rows_to_insert", data)
    con.execute(f"insert into marts.{table} by name select * from rows_to_insert")
    con.unregister("rows_to_insert")


def _end(period: str) -> dt.date:
    year, _, month = span(period)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _value(key: tuple[str, str, str, str], numerator: float, denominator: float | None) -> tuple[object, ...]:
    indicator, series, org, period = key
    year, first, last = span(period)
    kind = (
        "year_to_date"
        if "YTD" in period
        else "tertial"
        if "-T" in period
        else "month"
        if "-" in period
        else "year"
    )
    value = numerator if denominator is None else numerator / denominator if denominator else None
    share = indicator >= "3" and indicator != "3.2"
    ends = (max(0.0, value - 0.1), min(1.0, value + 0.1)) if share and value is not None else (None, None)
    level = "region" if org == REGION else "trust"
    return (
        indicator,
        series,
        org,
        level,
        kind,
        period,
        dt.date(year, first, 1),
        _end(period),
        numerator,
        denominator,
    ) + (value, "count" if denominator is None else "share", True, False, "final", _end(period), *ends, None)


def _status(key: tuple[str, str, str, str], figures: Figures, baseline_year: int) -> tuple[object, ...]:
    indicator, series, org, period = key
    rule = RULE[indicator]
    earlier = f"{baseline_year}{period[4:]}"
    measured = (
        None if period.startswith(str(baseline_year)) else figures.get((indicator, series, org, earlier))
    )

    def value(numbers: tuple[float, float | None] | None) -> float | None:
        if numbers is None:
            return None
        return numbers[0] if numbers[1] is None else numbers[0] / numbers[1] if numbers[1] else None

    now, base = value(figures[key]), value(measured)
    need = 0.7 if rule == "at_least" else base
    if now is None:
        status, reason = "not_assessable", "zero_denominator"
    elif need is None:
        status, reason = "not_assessable", "no_baseline"
    else:
        met = now >= need if rule == "at_least" else now > need if rule == "above_baseline" else now < need
        status, reason = ("met" if met else "not_met"), None
    official = series == "all" or indicator in ("3.1", "3.2")
    return (
        indicator,
        series,
        org,
        period,
        int(period[:4]),
        official,
        rule,
        0.7 if rule == "at_least" else None,
        now,
        earlier,
        base,
        "measured" if base is not None else None,
        None,
        status,
        reason,
        None if now is None or need is None else now - need,
        None,
        None,
        "detail",
    )


def save(con: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """Write the marts to a database file, as a release does."""
    path.unlink(missing_ok=True)
    con.execute(f"attach '{path}' as release")
    con.execute("create schema release.marts")
    for (table,) in con.execute(
        "select table_name from duckdb_tables() where database_name = 'memory' and schema_name = 'marts'"
    ).fetchall():
        con.execute(f"create table release.marts.{table} as from memory.marts.{table}")
    con.execute("detach release")
    return path
