"""From a landing folder to accepted deliveries: the row rules and the atomic delivery, in plain Python.

Belongs here: which rows and files are accepted. Does not belong here: formats (``files.py``) and which
delivery is in force for a trust (``state.py``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.oracle.columns import COLUMNS, ENDS, KEYS, MAY_BE_LATER, PERIOD_FIELDS, Column
from tests.oracle.files import FileError, Record, parse, read
from tests.oracle.periods import CADENCE, bounds, label_of
from tests.oracle.state import Delivery, Reference, Row

EARLIEST = dt.date(1900, 1, 1)


@dataclass
class File:
    """One file while its delivery is judged."""

    path: Path
    rows: list[Row] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    fault: str | None = None

    @property
    def read(self) -> int:
        """Data rows in the file."""
        return len(self.rows) + self.rejected.total() + self.duplicates


@dataclass
class Judged:
    """One delivery: its files, and what it holds when it is accepted."""

    delivery: Delivery
    files: list[File]

    @property
    def accepted(self) -> bool:
        """A delivery comes into force as a whole or not at all."""
        return all(file.fault is None for file in self.files)


def deliveries_of(landing: Path, reference: Reference) -> list[Judged]:
    """Every delivery in the landing folder, judged by the row and file rules, in order of its id."""
    judged = []
    for dataset, period, day, sender, paths in _folders(landing):
        files = [_read_file(path, dataset, period, day, reference) for path in paths]
        _compare_keys(dataset, files)
        for file in files:
            if file.fault is None and file.rejected.total() * 20 > file.read:
                file.fault = "too_many_rejected"
        rows = [row for file in files for row in file.rows]
        judged.append(Judged(Delivery(dataset, period, day, sender, rows), files))
    _same_trust_twice(judged)
    return judged


def _visible(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith((".", "~$", "_")) and not path.name.endswith((".tmp", ".part"))
    )


def _folders(landing: Path) -> Iterator[tuple[str, str, dt.date, str, list[Path]]]:
    """(dataset, period, extract date, sender, files); files with equal content are one."""
    for dataset in _visible(landing):
        for period in _visible(dataset) if dataset.name in COLUMNS else []:
            for day in _visible(period):
                for sender, folder in [("", day), *((p.name, p) for p in _visible(day) if p.is_dir())]:
                    files: dict[str, Path] = {}
                    for path in filter(Path.is_file, _visible(folder)):
                        files.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
                    if files:
                        extracted = dt.date.fromisoformat(day.name)
                        yield dataset.name, period.name, extracted, sender, list(files.values())


def _read_file(path: Path, dataset: str, period: str, day: dt.date, reference: Reference) -> File:
    file = File(path)
    orgs = [row["org_id"] for row in reference["organisations"]]
    codes = {row["code"]: row["org_id"] for row in reference["region_codes"]}
    try:
        header, records = read(path, period[:4], codes, orgs)
    except FileError as fault:
        file.fault = str(fault)
        return file
    listed = [name for name in header if name in {column.name for column in COLUMNS[dataset]}]
    if len(set(header)) < len(header):
        file.fault = "duplicate_column"
    elif any(c.name not in listed and not c.optional_column for c in COLUMNS[dataset]):
        file.fault = "missing_column"
    elif not records:
        file.fault = "no_rows"
    if file.fault is None:
        allowed = allowed_values(dataset, reference)
        for record in records:
            row, rule = judge(dataset, header, record, period, day, allowed)
            if rule is None:
                file.rows.append(row)
            else:
                file.rejected[rule] += 1
            if any(is_identity_number(row.get(name)) for name in identity_columns(dataset)):
                file.fault = "identity_number"
    return file


def identity_columns(dataset: str) -> list[str]:
    """The listed columns of ids and free text, not codes."""
    return [c.name for c in COLUMNS[dataset] if c.type == "pseudonym" or c.name.endswith("_id")]


def allowed_values(dataset: str, reference: Reference) -> dict[str, set[str]]:
    """Column type or name -> values that the reference data allows."""
    levels = {"trust", "region"} if dataset == "psychiatric_beds" else {"trust"}
    return {
        "foretak_orgnr": {r["org_id"] for r in reference["organisations"] if r["org_level"] in levels},
        "form": {row["cancer_form"] for row in reference["cancer_forms"]},
        "trade": {row["trade"] for row in reference["apprentice_trades"]},
    }


def judge(
    dataset: str, header: list[str], record: Record, period: str, day: dt.date, allowed: dict[str, set[str]]
) -> tuple[Row, str | None]:
    """(row, rule that rejects it or ``None``): the first rule found, one record at a time."""
    row: Row = {column.name: None for column in COLUMNS[dataset]}
    if len(record) != len(header):
        return row, "field_count"
    given = dict(zip(header, record, strict=True))
    for column in COLUMNS[dataset]:
        try:
            row[column.name] = parse(column.type, given.get(column.name))
        except (ValueError, ArithmeticError):
            return row, "type"
        rule = _value_rule(column, row[column.name], day, allowed)
        if rule:
            return row, rule
    if dataset in ENDS:
        start, end = (row[name] for name in ENDS[dataset])
        if end is not None and end < start:
            return row, "end_before_start"
    return row, None if _lies_in(dataset, row, period) else "period"


def _value_rule(column: Column, value: Any, day: dt.date, allowed: dict[str, set[str]]) -> str | None:
    """The rule that one value breaks."""
    if value is None:
        return "required" if column.required else None
    if column.codes and str(value) not in column.codes:
        return "code"
    if column.type in ("form", "trade") and value not in allowed[column.type]:
        return "code"
    lengths = {"pseudonym": (1, 64), "place": (0, 20), "atc": (7, 7)}.get(column.type)
    if lengths and not lengths[0] <= len(value) <= lengths[1]:
        return "length"
    if column.type in ("amount", "number") and value < 0:
        return "range"
    if isinstance(value, dt.date):
        date = value.date() if isinstance(value, dt.datetime) else value
        if date < EARLIEST:
            return "before_1900"
        if date > day and column.name not in MAY_BE_LATER:
            return "after_extract_date"
    if column.name == "foretak_orgnr":
        if not is_organisation_number(value):
            return "invalid_orgnr"
        return None if value in allowed[column.name] else "unknown_trust"
    return None


def _lies_in(dataset: str, row: Row, period: str) -> bool:
    for name in PERIOD_FIELDS.get(dataset, ()):
        value = row[name]
        if isinstance(value, int):
            return str(value) == period
        if isinstance(value, str):
            value = dt.date.fromisoformat(f"{value}-01")
        if value is not None:
            return label_of(value, CADENCE[dataset]) == period
    return bounds(period) is not None


def _compare_keys(dataset: str, files: list[File]) -> None:
    """Copies of a row are dropped; rows with the same key and different content are all rejected."""
    if dataset not in KEYS:
        return
    found: dict[tuple[Any, ...], list[tuple[File, Row]]] = defaultdict(list)
    for file in files:
        for row in file.rows:
            found[tuple(row[name] for name in KEYS[dataset])].append((file, row))
        file.rows = []
    for same in found.values():
        clash = any(row != same[0][1] for _, row in same)
        if not clash:
            same[0][0].rows.append(same[0][1])
        for number, (file, _) in enumerate(same):
            if clash:
                file.rejected["key_clash"] += 1
            else:
                file.duplicates += number > 0


def _same_trust_twice(judged: list[Judged]) -> None:
    """Of accepted deliveries of one dataset, period and date the first by sender name holds a trust."""
    held: set[tuple[str, str, dt.date, str]] = set()
    for found in judged:
        d = found.delivery
        trusts = {(d.dataset, d.period, d.extract_date, row["foretak_orgnr"]) for row in d.rows}
        if found.accepted and trusts & held:
            for file in found.files:
                file.fault = "same_trust_twice"
        elif found.accepted:
            held |= trusts


def is_organisation_number(text: str) -> bool:
    """9 digits with a valid MOD11 control digit."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    rest = sum(int(d) * w for d, w in zip(text, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
    return rest % 11 == 0


def is_identity_number(value: Any) -> bool:
    """Exactly 11 digits with a valid date part and valid control digits: F, D, H or synthetic number."""
    if not isinstance(value, str) or len(value) != 11 or not (value.isascii() and value.isdigit()):
        return False
    digits = [int(d) for d in value]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)):
        if sum(d * w for d, w in zip(digits, weights, strict=False)) % 11:
            return False
    day, month, year = int(value[:2]), int(value[2:4]), int(value[4:6])
    day -= 40 if day > 40 else 0
    month -= next((shift for shift in (80, 65, 40) if month > shift), 0)
    return any(_is_date(century + year, month, day) for century in (1800, 1900, 2000))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
