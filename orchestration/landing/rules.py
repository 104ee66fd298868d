"""The row rules of a contract as one SQL statement: every row parsed and judged, every fault of it reported.

Belongs here: the rules that look at one row. Does not belong here: the forms of values (``parse.py``), rules
over several rows and the verdict on a file (``verdict.py``). No join may stand in the statement: the number
of a line is its place in the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestration.contracts.model import Column, Contract
from orchestration.engine import literal
from orchestration.landing.identity import is_identity_number, is_organisation_number
from orchestration.landing.parse import TEXT, parsed
from orchestration.landing.rewrite import LINE
from orchestration.reference import Reference

FAULT_TYPE = "struct(field varchar, rule varchar)[]"
ROW_COLUMNS = {"faults": FAULT_TYPE, "identity": "varchar[]", "row_text": "varchar"}
"""What is known of every row beside its values; all NULL for a row without fault."""


_FIRST_DATE = "date '1900-01-01'"


@dataclass(frozen=True)
class Rule:
    """A rule over one row: the column it is reported on, its code, and the SQL of breaking it."""

    field: str
    name: str
    condition: str


@dataclass(frozen=True)
class Source:
    """Rows to be judged.

    ``sql`` selects file_no, line, whole, extract_date, period_start, period_end, and ``in_<column>`` for each
    column of ``families`` (column -> kind of source, ``parse.py``).
    """

    sql: str
    families: Mapping[str, str]


def codes_of(column: Column, reference: Reference) -> list[str] | None:
    """The reference list that a column's values must occur in; None when there is none."""
    if column.reference == "trust":
        return sorted(reference.trusts)
    if column.reference == "trust_or_region":
        return sorted(reference.trusts | reference.regions)
    return sorted(reference.codes[column.reference]) if column.reference else None


def parameters(contract: Contract, reference: Reference) -> dict[str, list[str]]:
    """Named parameters of the statement: the reference lists."""
    lists = {f"known_{column.name}": codes_of(column, reference) for column in contract.columns}
    return {name: codes for name, codes in lists.items() if codes is not None}


def judged_rows(contract: Contract, source: Source) -> str:
    """SQL: file_no, line, every column of the contract (typed), then ``ROW_COLUMNS``.

    Columns that the source does not have are NULL, and no rule looks at them.
    """
    families = source.families
    present = [column for column in contract.columns if column.name in families]
    parses = [f"{parsed(c.type, families[c.name], _in(c))} as {_out(c)}" for c in present]
    over_rows = list(_row_rules(contract, {column.name: column for column in present}))
    rules = [rule for column in present for rule in _column_rules(column, families[column.name])] + over_rows
    suspicions = [_suspicion(column, families[column.name]) for column in present]
    found = ["not whole", *filter(None, suspicions), *(rule.condition for rule in over_rows)]
    suspicious = " or ".join(f"({one})" for one in found)
    faults = ", ".join(
        f"case when {rule.condition} then {{'field': '{rule.field}', 'rule': '{rule.name}'}} end"
        for rule in rules
    )
    scanned = [column for column in present if column.identity_scan]
    hits = ", ".join(f"case when {is_identity_number(_out(c))} then '{c.name}' end" for c in scanned)
    hit = " or ".join(is_identity_number(_out(column)) for column in scanned) or "false"
    values = ", ".join(
        f"{_out(column) if column in present else f'null::{column.duckdb_type}'} as {quoted(column.name)}"
        for column in contract.columns
    )
    texts = ", ".join(f"coalesce({_in(column)}::varchar, '')" for column in present) or "''"
    return f"""
        select * exclude (row_text), case when faults is not null then row_text end as row_text
        from (select file_no, {LINE}, {values},
                case when not whole then [{{'field': null, 'rule': 'field_count'}}]
                    when suspicious then nullif({_without_nulls(faults)}, []) end::{FAULT_TYPE} as faults,
                case when hit then {_without_nulls(hits)} end::varchar[] as identity,
                case when suspicious then concat_ws(';', {texts}) end as row_text
            from (select *, ({suspicious}) is true as suspicious, {hit} as hit
                from (select {", ".join(["*", *parses])} from ({source.sql}))))"""


def _without_nulls(values: str) -> str:
    return f"list_filter([{values}], lambda one: one is not null)"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _in(column: Column) -> str:
    return quoted(f"in_{column.name}")


def _out(column: Column) -> str:
    return quoted(f"out_{column.name}")


def _column_rules(column: Column, source: str) -> Iterator[Rule]:
    """The rules over one column."""
    given, value = _in(column), _out(column)
    known = f"$known_{column.name}"
    if column.required:
        yield Rule(column.name, "required", f"{given} is null")
    if column.type != "string" or source != TEXT:
        yield Rule(column.name, "type", f"{given} is not null and {value} is null")
    if column.type in ("date", "timestamp"):
        if not column.may_be_future:
            yield Rule(column.name, "after_extract_date", f"{value} >= extract_date + 1")
        yield Rule(column.name, "before_1900", f"{value} < {_FIRST_DATE}")
    if column.minimum is not None:
        yield Rule(column.name, "range", f"{value} < {column.minimum}")
    if column.min_length is not None or column.max_length is not None:
        yield Rule(column.name, "length", f"not {_length(column)}")
    if column.codes is not None:
        yield Rule(column.name, "code", f"{value} is not null and not {_is_one_of(value, _literals(column))}")
    if column.reference in ("trust", "trust_or_region"):
        unknown = f"{value} is not null and not {_is_one_of(value, known)}"
        proven = is_organisation_number(value)
        yield Rule(column.name, "invalid_orgnr", f"{unknown} and not {proven}")
        yield Rule(column.name, "unknown_trust", f"{unknown} and {proven}")
    elif column.reference is not None:
        yield Rule(column.name, "code", f"{value} is not null and not {_is_one_of(value, known)}")


def _suspicion(column: Column, source: str) -> str | None:
    """SQL: true for every row that some rule over the column may find fault with; None when none can.

    Cheaper than the rules: one comparison where they need several.
    """
    given, value = _in(column), _out(column)
    good = []
    if column.type in ("date", "timestamp"):
        last = "date '9999-12-31'" if column.may_be_future else "extract_date"
        good.append(f"{value} >= {_FIRST_DATE} and {value} < {last} + 1")
    if column.minimum is not None:
        good.append(f"{value} >= {column.minimum}")
    if column.min_length is not None or column.max_length is not None:
        good.append(_length(column))
    if column.codes is not None:
        good.append(_is_one_of(value, _literals(column)))
    if column.reference is not None:
        good.append(_is_one_of(value, f"$known_{column.name}"))
    if not good and (column.required or column.type != "string" or source != TEXT):
        good.append(f"{value} is not null")
    if not good:
        return None
    bad = f"({' and '.join(good)}) is not true"
    return bad if column.required else f"{given} is not null and {bad}"


def _length(column: Column) -> str:
    longest = "" if column.max_length is None else f" and length({_out(column)}) <= {column.max_length}"
    return f"(length({_out(column)}) >= {column.min_length or 0}{longest})"


def _literals(column: Column) -> str:
    codes = column.codes or ()
    whole = column.type == "integer"
    return f"[{', '.join(code if whole else literal(code) for code in codes)}]"


def _is_one_of(value: str, codes: str) -> str:
    """Not ``in``: DuckDB makes a join of it, and rows would lose their order."""
    return f"(list_position({codes}, {value}) is not null)"


def _row_rules(contract: Contract, present: Mapping[str, Column]) -> Iterator[Rule]:
    """Rules over several columns of a row: the period date, and ends before starts."""
    earlier = ""
    for name in contract.period_columns:
        if name not in present:
            continue
        given, value = _in(present[name]), _out(present[name])
        outside = {
            "integer": f"{value} <> year(period_start)",
            "month": f"{value} not between strftime(period_start, '%Y-%m') and strftime(period_end, '%Y-%m')",
        }.get(present[name].type, f"({value} < period_start or {value} >= period_end + 1)")
        yield Rule(name, "period", f"{earlier}{outside}")
        earlier += f"{given} is null and "
    for start, end in contract.not_before:
        if start in present and end in present:
            yield Rule(end, "end_before_start", f"{_out(present[end])} < {_out(present[start])}")
