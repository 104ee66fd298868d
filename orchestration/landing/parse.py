"""From what a file says to a typed value: one SQL expression per column type and kind of source.

Belongs here: the strict forms of the specification (dates, times, numbers, booleans, months), and which typed
columns of a Parquet file can hold which field. Does not belong here: what values are allowed (``rules.py``).
An expression is NULL when the value does not parse; none of them can fail on a row.
"""

from __future__ import annotations

from collections.abc import Mapping

from orchestration.contracts.model import DUCKDB_TYPE, ColumnType

TEXT = "text"
BLANKS = " \t\n\r\v\f\u00a0\u2007\u202f"
"""What is trimmed from values."""
_FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("VARCHAR", "UUID"), TEXT),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "whole"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "whole"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "number"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "time"),
    '"NULL"': "nothing",
}
_HOLDS: Mapping[ColumnType, frozenset[str]] = {
    "string": frozenset({"whole", "number"}),
    "integer": frozenset({"whole", "number"}),
    "decimal": frozenset({"whole", "number"}),
    "boolean": frozenset({"whole", "number", "boolean"}),
    "date": frozenset({"date", "time"}),
    "timestamp": frozenset({"time"}),
    "month": frozenset({"date", "time"}),
}


def family(duckdb_type: str, kind: ColumnType) -> str | None:
    """Kind of source of a typed column; None when that type cannot hold a field of this kind.

    A date cannot hold a time, and a time with a time zone holds nothing (all times are local).
    """
    name = _FAMILIES.get(duckdb_type.partition("(")[0])
    return name if name in (TEXT, "nothing") or name in _HOLDS[kind] else None


def parsed(kind: ColumnType, source: str, x: str) -> str:
    """SQL that turns ``x`` into the column's type; ``source`` is a family, ``x`` trimmed when it is text."""
    if source == "nothing":
        return f"null::{DUCKDB_TYPE[kind]}"
    if source == TEXT:
        return _from_text(kind, x)
    if source in ("date", "time"):
        day = f"case when isfinite({x}) then try_cast({x} as date) end"
        if kind == "month":
            return f"left(try_cast({day} as varchar), 7)"
        if kind == "date":
            return f"case when try_cast({x} as timestamp) = {day} then {day} end"
        return f"case when isfinite({x}) then try_cast({x} as timestamp) end"
    if kind in ("string", "integer", "boolean") and source in ("whole", "number"):
        digits = f"try_cast(try_cast({x} as bigint) as varchar)"
        return _from_text(kind, f"case when {x} = floor({x}) and abs({x}) < 1e18 then {digits} end")
    cast = f"try_cast({x} as {DUCKDB_TYPE[kind]})"
    # isfinite: where the file's statistics pass over NaN, DuckDB takes the bare cast for never NULL
    return f"case when isfinite({x}) then {cast} end" if source == "number" else cast


def trimmed(x: str, wide: bool = True) -> str:
    """SQL: a text without the blanks around it, NULL when nothing is left; not ``wide``: plain spaces only.

    Blanks are looked for before anything is cut: a value that neither begins nor ends with anything but a
    visible ASCII character costs two comparisons.
    """
    if not wide:
        return f"case when {x} < '!' or ends_with({x}, ' ') then nullif(trim({x}), '') else {x} end"
    plain = f"{x} between '!' and '~' and right({x}, 1) between '!' and '~'"
    return f"case when {plain} then {x} else nullif(trim({x}, '{BLANKS}'), '') end"


def _is(x: str, form: str) -> str:
    return f"regexp_full_match({x}, '{form}')"


def _from_text(kind: ColumnType, x: str) -> str:
    """Strict forms only; ``try_cast`` alone would take 3.7 for 4 and 24-03-01 for the year 24."""
    if kind == "string":
        return x
    if kind == "integer":
        return f"case when {_is(x, '[+-]?[0-9]+')} then try_cast({x} as bigint) end"
    if kind == "decimal":
        form = "[+-]?([0-9]+([.,][0-9]+)?|[.,][0-9]+)"
        number = f"try_cast(replace({x}, ',', '.') as {DUCKDB_TYPE[kind]})"
        return f"case when {_is(x, form)} then {number} end"
    if kind == "boolean":
        return (
            f"case when lower({x}) = 'true' or {x} = '1' or lower({x}) = 'ja' then true "
            f"when lower({x}) = 'false' or {x} = '0' or lower({x}) = 'nei' then false end"
        )
    if kind == "date":
        iso = f"case when {_is(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}')} then try_cast({x} as date) end"
        turned = f"try_cast(try_strptime({x}, '%d.%m.%Y') as date)"
        return f"coalesce({iso}, case when {_is(x, '[0-9]{2}[.][0-9]{2}[.][0-9]{4}')} then {turned} end)"
    if kind == "timestamp":
        form = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
        return f"case when {_is(x, form)} then try_cast({x} as timestamp) end"
    return f"case when {_is(x, '[0-9]{4}-(0[1-9]|1[0-2])')} then {x} end"
