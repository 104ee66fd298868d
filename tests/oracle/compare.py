"""The check's tables beside a warehouse's: which rows differ, in a list that fits a screen.

Belongs here: reading the finished ``marts`` tables of a DuckDB file and comparing them with what the check
computed. Does not belong here: any computation of a figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from tests.oracle.rollup import INDICATORS, Value, ValueKey, exclusions, values
from tests.oracle.state import State
from tests.oracle.verdict import Overall, Status, overall, statuses

TABLES = {
    "indicator_value": (
        ("indicator_id", "series", "org_id", "period"),
        (
            *("org_level", "period_type", "period_start", "period_end", "numerator", "denominator", "value"),
            *("unit", "complete", "maturity", "extract_date", "ci_low", "ci_high"),
        ),
    ),
    "indicator_status": (
        ("indicator_id", "series", "org_id", "period"),
        (
            *("official", "value", "baseline_period", "baseline_value", "baseline_source", "comparable"),
            *("status", "reason", "gap", "long_term_status"),
        ),
    ),
    "indicator_overall": (
        ("indicator_id", "org_id", "period"),
        ("status", "official_met", "official_total"),
    ),
    "exclusion": (("indicator_id", "org_id", "period", "code"), ("row_count",)),
}
"""Table -> (key columns, compared columns)."""

Rows = dict[tuple[str, ...], dict[str, Any]]


@dataclass
class Oracle:
    """Everything the check computes from one state."""

    values: dict[ValueKey, Value] = field(default_factory=dict)
    statuses: dict[ValueKey, Status] = field(default_factory=dict)
    overall: dict[tuple[str, str, str], Overall] = field(default_factory=dict)
    exclusions: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, state: State) -> Oracle:
        """Compute the 16 indicators."""
        units = {(row["indicator_id"], row["series"]): row["unit"] for row in state.reference["series"]}
        oracle = cls()
        for kind in INDICATORS:
            indicator = kind(state)
            figures = values(indicator, units)
            oracle.values |= figures
            oracle.statuses |= statuses(indicator, figures)
            oracle.exclusions |= exclusions(indicator)
        oracle.overall = overall(oracle.statuses)
        return oracle

    def tables(self) -> dict[str, Rows]:
        """The same as rows, named as the published columns."""
        return {
            "indicator_value": {key: _value_row(value) for key, value in self.values.items()},
            "indicator_status": {
                key: {**vars(status), "value": self.values[key].measure.value if key in self.values else None}
                for key, status in self.statuses.items()
            },
            "indicator_overall": {key: vars(row) for key, row in self.overall.items()},
            "exclusion": {key: {"row_count": units} for key, units in self.exclusions.items()},
        }


def _value_row(value: Value) -> dict[str, Any]:
    low, high = value.interval or (None, None)
    return {
        "org_level": value.org.level,
        "period_type": value.period.type,
        "period_start": value.period.start,
        "period_end": value.period.end,
        **vars(value.measure),
        "unit": value.unit,
        "complete": value.complete,
        "maturity": value.maturity,
        "extract_date": value.extract_date,
        "ci_low": low,
        "ci_high": high,
    }


def warehouse_tables(path: Path) -> dict[str, Rows]:
    """The published columns of a warehouse, by key; exclusion counts of 0 are the same as none."""
    found: dict[str, Rows] = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        for table, (key, columns) in TABLES.items():
            names = [*key, *columns]
            rows = connection.execute(f"SELECT {', '.join(names)} FROM marts.{table}").fetchall()
            found[table] = {
                row[: len(key)]: dict(zip(columns, row[len(key) :], strict=True))
                for row in rows
                if table != "exclusion" or row[-1] != 0
            }
            if table != "exclusion" and len(found[table]) != len(rows):
                raise AssertionError(f"marts.{table}: a key occurs twice")
    return found


def equal(expected: Any, got: Any) -> bool:
    """Exact for what is not a double; doubles within 1e-6, or 1e-9 of their size."""
    if isinstance(expected, (Fraction, float)) and isinstance(got, (int, float)):
        return math.isclose(float(expected), float(got), rel_tol=1e-9, abs_tol=1e-6)
    return bool(expected == got) and (expected is None) == (got is None)


def differences(expected: Mapping[str, Rows], got: Mapping[str, Rows]) -> list[str]:
    """One line per row that is missing, unexpected or different: table, key, what differs."""
    lines = []
    for table in TABLES:
        for key in sorted(expected[table].keys() | got[table].keys()):
            name = f"{table} {' '.join(key)}"
            ours, theirs = expected[table].get(key), got[table].get(key)
            if ours is None:
                lines.append(f"{name}: unexpected row {_short(theirs)}")
            elif theirs is None:
                lines.append(f"{name}: missing row {_short(ours)}")
            else:
                wrong = [column for column in theirs if not equal(ours[column], theirs[column])]
                if wrong:
                    said = ", ".join(
                        f"{column}: expected {_text(ours[column])}, got {_text(theirs[column])}"
                        for column in wrong
                    )
                    lines.append(f"{name}: {said}")
    return lines


def report(lines: Iterable[str], first: int = 20) -> str:
    """The first differences, and how many there are."""
    lines = list(lines)
    return "\n".join([f"{len(lines)} differences", *lines[:first]])


def _short(row: dict[str, Any] | None) -> str:
    names = ("numerator", "denominator", "value", "complete", "status", "reason", "row_count")
    return ", ".join(f"{name}={_text(row[name])}" for name in names if row and name in row)


def _text(value: Any) -> str:
    return f"{float(value):.6g}" if isinstance(value, Fraction) else str(value)
