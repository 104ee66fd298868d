"""What a contract promises, as plain values: the shape that landing, gate and checks share.

Belongs here: the dataclasses. Does not belong here: reading YAML (``load.py``), Great Expectations
(``suite.py``), SQL or files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from orchestration.periods import Cadence

ColumnType = Literal["string", "integer", "decimal", "boolean", "date", "timestamp", "month"]
Reference = Literal["trust", "trust_or_region", "cancer_form", "apprentice_trade"]

DUCKDB_TYPE: Mapping[ColumnType, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(20,6)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "month": "VARCHAR",
}

METRICS = (
    *("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "rejected_percent", "files", "orgs"),
    *("rows_before", "volume_ratio", "days_after_period", "hospitals_unknown"),
)
"""Metrics that the profile of every delivery has; ``rejected_percent`` is the highest of its files."""


@dataclass(frozen=True)
class Column:
    """One listed column of an extract; the name is the source's Norwegian one."""

    name: str
    type: ColumnType
    description: str
    description_no: str
    required: bool = False
    optional_column: bool = False
    """The whole column may be missing from a file."""
    codes: tuple[str, ...] | None = None
    """Allowed values, as text; for an integer column the digits (rule ``code``)."""
    minimum: int | None = None
    """Lowest allowed number (rule ``range``)."""
    min_length: int | None = None
    max_length: int | None = None
    identity_scan: bool = False
    """Free text or a pseudonym: a national identity number here rejects the file."""
    may_be_future: bool = False
    """The value may lie after the extract date."""
    reference: Reference | None = None
    """Values must occur in this list (``trust``: rules invalid_orgnr, unknown_trust; others: code)."""

    @property
    def duckdb_type(self) -> str:
        """Type of the column in ``raw.<dataset>``."""
        return DUCKDB_TYPE[self.type]


@dataclass(frozen=True)
class Expectation:
    """One line of the contract's quality section: a Great Expectations expectation over the profile."""

    name: str
    type: str
    """Great Expectations name, for example ``expect_column_values_to_be_between``."""
    arguments: Mapping[str, Any]
    severity: Literal["critical", "warning"]
    description: str


@dataclass(frozen=True)
class Contract:
    """One extract: what is promised about its files, rows and deliveries."""

    dataset: str
    version: str
    cadence: Cadence
    description: str
    description_no: str
    owner: str
    personal: bool
    """True when rows are about single persons."""
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    summed: bool
    """Rows with the same key are summed, identical ones too; no key rule."""
    period_columns: tuple[str, ...]
    """Columns whose first present value must lie in the delivery's period; empty: no period date."""
    not_before: tuple[tuple[str, str], ...]
    """Pairs (start, end): an end before its start is rule ``end_before_start``, reported on the end."""
    formats: tuple[str, ...]
    """Allowed extensions: csv, csv.gz, parquet, xlsx, json."""
    tolerance_percent: int
    """A file with more than this share of rejected rows is rejected."""
    expectations: tuple[Expectation, ...]
    path: Path
    fingerprint: str
    """SHA-256 of the contract file."""
    index: Mapping[str, Column] = field(repr=False, compare=False, default_factory=dict)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return self.index[name]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics in the profile of a delivery: what an expectation may be about."""
        return (
            *METRICS,
            *(f"missing_percent__{column.name}" for column in self.columns),
            *(f"distinct__{column.name}" for column in self.columns),
            *(f"mean_days__{end}" for _, end in self.not_before),
        )
