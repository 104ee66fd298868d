"""The release's own tables, read once and held in memory for all pages.

Belongs here: the rows that pages ask for, and which regions, trusts, series and periods there are. Does not
belong here: words, numbers as text, pictures; nothing is computed but what order things come in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from orchestration.engine import open_locked
from orchestration.report.rows import Figure, Indicator, Limits, Organisation, Overall, Status, Target

Key = tuple[str, str, str, str]
"""indicator, series, organisation, period."""

Row = dict[str, Any]
Reference = Mapping[str, Sequence[Mapping[str, str]]]
"""Reference data: rows as text by the name of their file."""
T = TypeVar("T")

READ = (
    *("indicator", "target", "organisation", "indicator_value", "indicator_status", "indicator_overall"),
    *("spc", "exclusion", "delivery", "rejection", "revision", "comment"),
)
"""Tables that are read whole."""
SOURCES = "select indicator_id, series, org_id, period, delivery_id from value_source order by all"


@dataclass(frozen=True)
class Marts:
    """Everything a release says; rows that pages list as they are stay rows."""

    indicators: tuple[Indicator, ...]
    organisations: Mapping[str, Organisation]
    targets: tuple[Target, ...]
    figures: Mapping[Key, Figure]
    statuses: Mapping[Key, Status]
    overall: Mapping[tuple[str, str, str], Overall]
    limits: Mapping[Key, Limits]
    sources: Mapping[Key, list[str]]
    """Figure -> the deliveries that it was computed from."""
    exclusions: list[Row]
    deliveries: list[Row]
    rejections: list[Row]
    revisions: list[Row]
    comments: Mapping[tuple[str, int, str], str]
    """(region, year, indicator) -> comment field of the yearly report."""
    series_names: Mapping[tuple[str, str], str]
    """(indicator, series) -> Norwegian name, in the order in which series are shown."""
    phase_reasons: Mapping[tuple[str, str, str], list[str]]
    """(indicator, series, organisation) -> why its second, third ... phase began, oldest first."""

    @cached_property
    def trends(self) -> Mapping[Key, list[Figure]]:
        """Figures of (indicator, series, organisation, period type), oldest first."""
        found: dict[Key, list[Figure]] = defaultdict(list)
        for figure in self.figures.values():
            key = (figure.indicator_id, figure.series, figure.org_id, figure.period_type)
            found[key].append(figure)
        return {key: sorted(rows, key=lambda row: row.period_end) for key, rows in found.items()}

    @cached_property
    def regions(self) -> tuple[Organisation, ...]:
        """Regions that have figures: those with targets first, then by name."""
        shown = {figure.org_id for figure in self.figures.values()}
        judged = {target.region_id for target in self.targets}
        found = [org for org in self.organisations.values() if org.org_level == "region"]
        ranked = sorted(found, key=lambda org: (org.org_id not in shown, org.org_id not in judged, org.name))
        return tuple(org for org in ranked if org.org_id in shown) or tuple(ranked[:1])

    def trusts(self, region: Organisation) -> tuple[Organisation, ...]:
        """The region's trusts that have figures, by name."""
        shown = {figure.org_id for figure in self.figures.values()}
        found = [org for org in self.organisations.values() if org.parent_id == region.org_id]
        return tuple(
            sorted((org for org in found if org.org_id in shown), key=lambda org: (org.name, org.org_id))
        )

    def region_of(self, org: Organisation) -> str:
        """Organisation number of the region whose letter judges the organisation."""
        return org.parent_id or org.org_id

    def asked(self, indicator_id: str, region_id: str, year: int) -> list[Target]:
        """Targets of an indicator in a letter, in the order of the series."""
        found = [
            target
            for target in self.targets
            if (target.indicator_id, target.region_id, target.year) == (indicator_id, region_id, year)
        ]
        order = {key: place for place, key in enumerate(self.series_names)}
        return sorted(found, key=lambda row: (order.get((indicator_id, row.series), len(order)), row.series))

    def years(self, region_id: str) -> list[int]:
        """Years with a letter to the region, oldest first."""
        return sorted({target.year for target in self.targets if target.region_id == region_id})

    def series(self, indicator_id: str, org_ids: Iterable[str]) -> list[str]:
        """Series of an indicator that one of the organisations has figures of, in order."""
        wanted = set(org_ids)
        there = {key[1] for key in self.trends if key[0] == indicator_id and key[2] in wanted}
        known = [series for at, series in self.series_names if at == indicator_id and series in there]
        return known + sorted(there - set(known))

    def name(self, indicator_id: str, series: str) -> str:
        """Norwegian name of a series; its code when nobody named it."""
        return self.series_names.get((indicator_id, series), series)


def read(database: Path, reference: Reference) -> Marts:
    """Read a release.

    Args:
        database: ``indicators.duckdb`` of the release (schema marts, as the specification of what is
            published says); only read.
        reference: of the reference data, ``series`` (names and order of the series) and ``spc_phases`` (why
            a process chart has new limits), which no published table holds.
    """
    with closing(open_locked(database)) as con:
        con.execute("set schema = 'marts'")
        tables = {name: _rows(con, f'select * from "{name}" order by all') for name in READ}
        sources: dict[Key, list[str]] = defaultdict(list)
        for *key, delivery_id in con.execute(SOURCES).fetchall():
            sources[key[0], key[1], key[2], key[3]].append(delivery_id)
    indicators = [_indicator(row) for row in tables["indicator"]]
    return Marts(
        indicators=tuple(sorted(indicators, key=lambda row: (row.goal, _by_number(row.indicator_id)))),
        organisations={row["org_id"]: _as(Organisation, row) for row in tables["organisation"]},
        targets=tuple(_as(Target, row) for row in tables["target"]),
        figures=_keyed(Figure, tables["indicator_value"]),
        statuses=_keyed(Status, tables["indicator_status"]),
        overall={
            (row["indicator_id"], row["org_id"], row["period"]): _as(Overall, row)
            for row in tables["indicator_overall"]
        },
        limits=_keyed(Limits, tables["spc"]),
        sources=sources,
        exclusions=tables["exclusion"],
        deliveries=tables["delivery"],
        rejections=tables["rejection"],
        revisions=tables["revision"],
        comments={
            (row["region_id"], row["year"], row["indicator_id"]): row["text_no"] for row in tables["comment"]
        },
        series_names=_series_names(reference["series"]),
        phase_reasons=_phase_reasons(reference["spc_phases"]),
    )


def _series_names(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], str]:
    """Names by (indicator, series), in the order of ``sort_order``."""
    ordered = sorted(rows, key=lambda row: (row["indicator_id"], int(row["sort_order"])))
    return {(row["indicator_id"], row["series"]): row["name_no"] for row in ordered}


def _phase_reasons(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str, str], list[str]]:
    """Reasons by (indicator, series, organisation), in the order in which the phases begin."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["from_month"]):
        found[row["indicator_id"], row["series"], row["org_id"]].append(row["reason_no"])
    return found


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """Rows of a query by column name."""
    cursor = con.execute(sql)
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _as(kind: type[T], row: Mapping[str, Any]) -> T:
    """A row as its class, which names the columns that pages need."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})  # type: ignore[arg-type]


def _keyed(kind: type[T], rows: Iterable[Mapping[str, Any]]) -> dict[Key, T]:
    """Rows by indicator, series, organisation and period."""
    return {
        (row["indicator_id"], row["series"], row["org_id"], row["period"]): _as(kind, row) for row in rows
    }


def _indicator(row: Mapping[str, Any]) -> Indicator:
    """An indicator; what the letter leaves open has a plain stand-in (1.1 has no frequency: the year)."""
    name = row["name_no"] or row["indicator_id"]
    stand_ins = {
        "name_no": name,
        "short_name_no": row["short_name_no"] or name,
        "goal": row["goal"] or 0,
        "goal_no": row["goal_no"] or "",
        "unit": row["unit"] or "count",
        "direction": row["direction"] or "higher",
        "frequency": row["frequency"] or "year",
    }
    return _as(Indicator, {**row, **stand_ins})


def _by_number(indicator_id: str) -> list[tuple[int, str]]:
    """Order of '3.9' before '3.10'."""
    return [(int(part) if part.isdigit() else 0, part) for part in indicator_id.split(".")]
