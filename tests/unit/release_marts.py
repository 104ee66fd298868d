"""A small warehouse with built marts, for the tests of releases: written by hand, no dbt, no landing.

Belongs here: the rows, the folders and a simple suppression, so that these tests say nothing of which numbers
are hidden. Does not belong here: what is expected of a release.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from orchestration.release import Outcome, RunInfo, attack, publish, suppression
from orchestration.release.suppression import SuppressionSummary
from orchestration.release.tables import FIGURE, published_tables, quoted
from orchestration.settings import Settings

REGION, TRUSTS = "983658776", ("883974832", "983974791", "997005562")
DELIVERY = "epicrises/2024-T1/2024-06-10"
OVERALL = """
select indicator_id, org_id, 'tertial' as period_type, period,
    case when bool_and(status = 'met') then 'met' when bool_or(status = 'not_met') then 'not_met'
    else 'not_assessable' end as status,
    cast(sum(case when status = 'met' then 1 else 0 end) as integer) as official_met,
    cast(count(*) as integer) as official_total
from "{database}"."marts"."indicator_status" where official group by indicator_id, org_id, period
-- a last line that is a comment"""
SPC = """
select v.indicator_id, v.series, v.org_id, v.period, v.value,
    avg(v.value) over (partition by v.org_id) as mean,
    cast(null as double) as lower, cast(null as double) as upper, cast(null as varchar) as signal,
    cast(1 + (select count(*) from "{database}"."reference"."spc_phases" as p
        where p.series = v.series) as integer) as phase
from "{database}"."marts"."indicator_value" as v where v.indicator_id = '3.2'"""
COUNTS = {"2024-01": (900, 30), "2024-02": (840, 28), "2024-03": (60, 2)}
"""Days and referrals of 3.2, a month with few of them."""


@pytest.fixture(scope="module", autouse=True)
def primary_rule_only() -> Iterator[None]:
    """Figures with a small number are hidden, nothing else, and nobody attacks them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suppression, "suppress", hide_small_figures)
        patched.setattr(attack, "audit_suppression", lambda *_, **__: [])
        yield


def hide_small_figures(
    con: duckdb.DuckDBPyConnection, limit: int, _before: Path | None = None
) -> SuppressionSummary:
    """Hide what the primary rule names, in figures and statuses."""
    con.execute(
        "update marts.indicator_value set numerator = null, denominator = null, value = null, ci_low = null, "
        "ci_high = null, suppressed = true where least(numerator, denominator) between 1 and ?",
        [limit - 1],
    )
    con.execute(
        "update marts.indicator_status as s set value = null, gap = null, detail = null, "
        "status = 'not_assessable', reason = 'suppressed' from marts.indicator_value as v "
        "where v.suppressed and "
        "(v.indicator_id, v.series, v.org_id, v.period) = (s.indicator_id, s.series, s.org_id, s.period)"
    )
    return SuppressionSummary(limit, ())


@dataclass
class World:
    """Landing, warehouse and releases in one folder; ``share`` is the numerator of 3.6 of the first trust."""

    root: Path
    share: int = 160
    few: int = 3
    extra_deliveries: tuple[tuple[str, str], ...] = ()
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(
            landing=self.root / "landing",
            warehouse=self.root / "work" / "vedlegg2.duckdb",
            published=self.root / "published",
        )
        for folder in (self.settings.landing, self.settings.workspace):
            folder.mkdir(exist_ok=True)

    def build(self, *, shuffled: bool = False) -> World:
        """Write the warehouse and the compiled models anew."""
        settings = self.settings
        settings.warehouse.unlink(missing_ok=True)
        self.rows = self._rows()
        with duckdb.connect(settings.warehouse) as con:
            con.execute("begin; create schema marts; create schema raw; create schema reference")
            con.execute("create table reference.spc_phases (series varchar, from_month varchar)")
            for name, table in published_tables().items():
                self._table(con, name, dict(table.columns), shuffled=shuffled)
            con.execute("create table raw.delivery_file as from marts.delivery; commit")
        compiled = settings.workspace / "dbt" / "target" / "compiled" / "vedlegg2" / "models" / "marts"
        compiled.mkdir(parents=True, exist_ok=True)
        for name, sql in (("indicator_overall", OVERALL), ("spc", SPC)):
            (compiled / f"{name}.sql").write_text(sql.format(database=settings.warehouse.stem))
        return self

    def publish(self, **changes: Any) -> Outcome:
        """Publish, with changes to the settings."""
        run = RunInfo("run-1", dt.datetime(2026, 11, 22, 1, 45, tzinfo=dt.UTC), "code-1")
        reference: Any = SimpleNamespace(fingerprint="reference-1", tables={"series": (), "spc_phases": ()})
        contracts: Any = {"epicrises": SimpleNamespace(fingerprint="contract-1")}
        return publish(replace(self.settings, **changes), run, reference, contracts)

    def change_marts(self, sql: str) -> None:
        """Damage or change the built warehouse."""
        with duckdb.connect(self.settings.warehouse) as con:
            con.execute(sql)

    def current(self) -> str | None:
        """Name of the release that the link names."""
        link = self.settings.published / "current"
        return link.readlink().name if link.is_symlink() else None

    def shown(self, sql: str, release: str = "current") -> list[tuple[Any, ...]]:
        """Ask a release's database."""
        home = self.settings.published / ("current" if release == "current" else f"releases/{release}")
        with duckdb.connect(home / "indicators.duckdb", read_only=True) as con:
            return con.execute(sql).fetchall()

    def folders(self) -> list[str]:
        """What lies beside the complete releases, and they."""
        return sorted(path.name for path in (self.settings.published / "releases").iterdir())

    def _table(
        self, con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], *, shuffled: bool
    ) -> None:
        relation = f"marts.{quoted(name)}"
        written = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        con.execute(f"create table {relation} ({written}); comment on table {relation} is 'Table {name}.'")
        con.execute(
            ";".join(
                f"comment on column {relation}.{quoted(column)} is 'Says {column}.'" for column in columns
            )
        )
        rows = [[row.get(column) for column in columns] for row in self.rows[name]]
        if rows:
            marks = ", ".join("?" for _ in columns)
            con.executemany(f"insert into {relation} values ({marks})", rows[::-1] if shuffled else rows)

    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        figures = [*self._shares(), *self._waits()]
        shares = [row for row in figures if row["indicator_id"] == "3.6"]
        statuses = [self._status(row) for row in shares]
        target = {
            "year": 2024,
            "region_id": REGION,
            "indicator_id": "3.6",
            "series": "somatic",
            "threshold": 0.7,
        }
        trust = {"name": "Trust", "org_level": "trust", "parent_id": REGION}
        exclusion = {"dataset": "epicrises", "indicator_id": "3.6", "period": "2024-T1"}
        return {
            "indicator": [{"indicator_id": "3.6", "slug": "epicrisis", "name_no": "=Epikrise sendt"}],
            "target": [target],
            "organisation": [
                {"org_id": REGION, "name": "Region", "org_level": "region"},
                *({"org_id": org, **trust} for org in TRUSTS),
            ],
            "indicator_value": figures,
            "indicator_status": statuses,
            "indicator_overall": [
                _part(row, "indicator_id", "org_id", "period", "status") | {"period_type": "tertial"}
                for row in statuses
            ],
            "spc": [_part(row, *FIGURE, "value") for row in figures if row["indicator_id"] == "3.2"],
            "exclusion": [
                {**exclusion, "org_id": row["org_id"], "code": code, "row_count": count}
                for row in shares
                for code, count in (
                    ("included", row["denominator"]),
                    ("day_stay", 120 if row["org_id"] == REGION else 40),
                )
            ],
            "delivery": self._deliveries(),
            "rejection": [{"delivery_id": DELIVERY, "file_name": "a.csv", "rule": "date", "row_count": 40}],
            "value_source": [_part(row, *FIGURE) | {"delivery_id": DELIVERY} for row in figures],
            "revision": [],
            "comment": [target | {"text_no": "Bra; «år» = 2024"}],
        }

    def _shares(self) -> list[dict[str, Any]]:
        trusts = self._trusts()
        total = (REGION, sum(row[1] for row in trusts), sum(row[2] for row in trusts))
        return [
            self._figure("3.6", "somatic", org, "tertial", "2024-T1", "share", above, below)
            for org, above, below in (total, *trusts)
        ]

    def _trusts(self) -> list[tuple[str, int, int]]:
        return [(TRUSTS[0], self.share, 200), (TRUSTS[1], 150, 200), (TRUSTS[2], self.few, 7919)]

    def _waits(self) -> list[dict[str, Any]]:
        return [
            self._figure("3.2", "somatic", org, "month", month, "days", *counts)
            for month, counts in COUNTS.items()
            for org in (REGION, TRUSTS[0])
        ]

    def _figure(
        self, indicator: str, series: str, org: str, kind: str, period: str, unit: str, above: int, below: int
    ) -> dict[str, Any]:
        return {
            "indicator_id": indicator,
            "series": series,
            "org_id": org,
            "org_level": "region" if org == REGION else "trust",
            "period_type": kind,
            "period": period,
            "period_start": dt.date(2024, 1, 1),
            "period_end": dt.date(2024, 4, 30),
            "numerator": float(above),
            "denominator": float(below),
            "value": above / below,
            "unit": unit,
            "complete": True,
            "suppressed": False,
            "maturity": "final",
            "extract_date": dt.date(2024, 6, 10),
            "ci_low": above / below / 2 if unit == "share" else None,
            "ci_high": above / below if unit == "share" else None,
        }

    def _status(self, figure: dict[str, Any]) -> dict[str, Any]:
        value = figure["value"]
        return {
            **_part(figure, *FIGURE, "value"),
            "year": 2024,
            "official": True,
            "rule": "at_least",
            "threshold": 0.7,
            "status": "met" if value >= 0.7 else "not_met",
            "gap": value - 0.7,
            "detail": f"{figure['numerator']:.0f} av {figure['denominator']:.0f}",
        }

    def _deliveries(self) -> list[dict[str, Any]]:
        files = (("epicrises/2024-T1/2024-06-10", "a.csv"), *self.extra_deliveries)
        return [
            {
                "delivery_id": delivery,
                "dataset": "epicrises",
                "period": "2024-T1",
                "extract_date": dt.date.fromisoformat(delivery.split("/")[2]),
                "sender": "",
                "file_name": name,
                "sha256": f"{number:064x}",
                "bytes": 100_000,
                "rows_read": 8479,
                "rows_accepted": 8439,
                "rows_rejected": 40,
                "rows_duplicate": 0,
                "status": "accepted",
                "loaded_at": dt.datetime(2024, 6, 11, 8),
                "contract_version": "1.0.0",
            }
            for number, (delivery, name) in enumerate(files, 1)
        ]


def _part(row: dict[str, Any], *columns: str) -> dict[str, Any]:
    """Some columns of a row."""
    return {column: row[column] for column in columns}
