"""The published tables: which they are, what tells two rows apart, and what their contract promises.

Belongs here: the list that decides what may leave the warehouse, and the contract of each table, read
from the YAML beside its dbt model. Does not belong here: values, files, suppression.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import yaml

from orchestration.settings import DBT_PROJECT

CONTRACTS = DBT_PROJECT / "models" / "marts"

FIGURE = ("indicator_id", "series", "org_id", "period")
"""What identifies a figure (the key of indicator_value)."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("indicator_id",),
    "target": ("year", "region_id", "indicator_id", "series"),
    "organisation": ("org_id",),
    "indicator_value": FIGURE,
    "indicator_status": (*FIGURE, "year"),
    "indicator_overall": ("indicator_id", "org_id", "period_type", "period"),
    "exclusion": ("dataset", "indicator_id", "org_id", "period", "code"),
    "delivery": ("delivery_id", "file_name", "sha256"),
    "rejection": ("delivery_id", "file_name", "field", "rule"),
    "value_source": (*FIGURE, "delivery_id"),
    "spc": FIGURE,
    "revision": FIGURE,
    "comment": (),
}
"""Every published table and its key (Tables, in the specification of what is published); a table that is not
named here stays in the warehouse. Empty: rows may be alike."""


@dataclass(frozen=True)
class Table:
    """One published table: ``columns`` maps each name, in order, to its DuckDB type."""

    name: str
    columns: Mapping[str, str]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell two rows apart; empty when rows may be alike."""
        return KEYS[self.name]

    @property
    def doubles(self) -> tuple[str, ...]:
        """Columns that can hold NaN or infinity."""
        return tuple(column for column, kind in self.columns.items() if kind in ("DOUBLE", "FLOAT"))

    def ordered(self, catalog: str = "memory") -> str:
        """SQL for all rows in the one order that every published form has: by key, then by the rest."""
        order = [*self.key, *(column for column in self.columns if column not in self.key)]
        return (
            f'select {", ".join(map(quoted, self.columns))} from {catalog}.marts."{self.name}" '
            f"order by {', '.join(f'{quoted(column)} nulls first' for column in order)}"
        )


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


@functools.cache
def published_tables() -> Mapping[str, Table]:
    """The contract of each published table.

    Raises:
        LookupError: a table of ``KEYS`` has no contract beside its model.
    """
    models = {
        model["name"]: model["columns"]
        for path in sorted(CONTRACTS.rglob("*.yml"))
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", [])
    }
    missing = [name for name in KEYS if name not in models]
    if missing:
        raise LookupError(f"No contract in dbt_project/models/marts for {', '.join(missing)}; write it.")
    with duckdb.connect() as con:
        return {name: Table(name, _types(con, models[name])) for name in KEYS}


def _types(con: duckdb.DuckDBPyConnection, columns: list[dict[str, str]]) -> dict[str, str]:
    """Name and type of each column, the type as DuckDB writes it: ``numeric(18, 6)`` is ``DECIMAL(18,6)``."""
    types = ", ".join(f"typeof(cast(null as {column['data_type']}))" for column in columns)
    (row,) = con.execute(f"select {types}").fetchall()
    return {column["name"]: kind for column, kind in zip(columns, row, strict=True)}
