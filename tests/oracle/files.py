"""Delivered files as records of source values: csv, gzip, parquet, xlsx and JSON-stat, read without DuckDB.

Belongs here: dialects and formats, and parsing a value by its column's type. Does not belong here: which
records are accepted (``deliveries.py``).
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

Record = list[Any]


class FileError(Exception):
    """The file as a whole cannot be used; the argument is the rule code."""


def read(path: Path, year: str, codes: dict[str, str], orgs: Iterable[str]) -> tuple[list[str], list[Record]]:
    """(header in lower case, records) of a file; a record may have too few or too many values.

    Args:
        path: the file.
        year: the delivery's year, for the cells of a JSON-stat file.
        codes: JSON-stat region code -> organisation number.
        orgs: every organisation number.
    """
    name = path.name.lower()
    if name.endswith(".json"):
        return _json_stat(json.loads(path.read_text(encoding="utf-8")), year, codes, set(orgs))
    if name.endswith(".parquet"):
        table = _table_of(path)
    elif name.endswith(".xlsx"):
        table = _sheet_of(path)
    else:
        data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        table = _lines_of(data)
    header = [str(name).strip().lower() for name in next(table, [])]
    return header, list(table)


def _lines_of(data: bytes) -> Iterator[Record]:
    """UTF-8 first, then Windows-1252; blank lines are no records."""
    if b"\0" in data:
        raise FileError("nul")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise FileError("encoding") from None
    records = csv.reader(io.StringIO(text, newline=""), delimiter=";", quotechar='"')
    return (record for record in records if record and not (len(record) == 1 and not record[0].strip()))


def _table_of(path: Path) -> Iterator[Record]:
    import pyarrow.parquet as parquet

    with path.open("rb") as file:
        table = parquet.read_table(file)
    yield list(table.column_names)
    yield from (list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True))


def _sheet_of(path: Path) -> Iterator[Record]:
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    width = max(
        (number for row in rows[:1] for number, cell in enumerate(row, 1) if cell is not None), default=0
    )
    for row in rows:
        if any(cell is not None and str(cell).strip() for cell in row):
            yield row[:width]


def _json_stat(
    found: dict[str, Any], year: str, codes: dict[str, str], orgs: set[str]
) -> tuple[list[str], list[Record]]:
    """JSON-stat 2.0: one cell = one row; null or a status symbol is a missing value, never 0."""
    names = found["id"]
    categories = []
    for name in names:
        index = found["dimension"][name]["category"]["index"]
        categories.append(index if isinstance(index, list) else sorted(index, key=lambda code: index[code]))
    values, status = found["value"], found.get("status", {})
    records: list[Record] = []
    for number, place in enumerate(itertools.product(*categories)):
        cell = dict(zip(names, place, strict=True))
        org = codes.get(cell["Region"], cell["Region"])
        if cell["Tid"] != year or cell["ContentsCode"] != "Dognplasser" or org not in orgs:
            continue
        value = values.get(str(number)) if isinstance(values, dict) else values[number]
        symbol = status.get(str(number)) if isinstance(status, dict) else status[number]
        missing = value is None or symbol in (":", ".", "..")
        records.append([org, year, cell["Tjenesteomraade"], None if missing else str(value)])
    return ["foretak_orgnr", "aar", "tjenesteomraade", "dognplasser"], records


def parse(kind: str, value: Any) -> Any:
    """The value of a column of that type, ``None`` when missing.

    Raises:
        ValueError: the value does not parse.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    return PARSERS.get(kind, _text)(value)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError("no text")
    return str(value)


def _whole(value: Any) -> int:
    if isinstance(value, (float, Decimal)) and value == int(value):
        return int(value)
    if isinstance(value, bool) or not re.fullmatch(r"[+-]?[0-9]+", str(value)):
        raise ValueError("no whole number")
    return int(value)


def _decimal(value: Any) -> Decimal:
    text = repr(value) if isinstance(value, float) else str(value).replace(",", ".")
    if isinstance(value, bool) or (
        isinstance(value, str) and not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text)
    ):
        raise ValueError("no number")
    return Decimal(text)


def _bool(value: Any) -> bool:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    words = {"true": True, "1": True, "ja": True, "false": False, "0": False, "nei": False}
    if str(value).lower() not in words:
        raise ValueError("no boolean")
    return words[str(value).lower()]


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            raise ValueError("a date holds no time")
        return value.date()
    if isinstance(value, dt.date):
        return value
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(value)):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", str(value)):
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    raise ValueError("no date")


def _time(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", str(value)):
        raise ValueError("no time")
    return dt.datetime.fromisoformat(str(value))


def _month(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", str(value)):
        raise ValueError("no month")
    return str(value)


PARSERS: dict[str, Callable[[Any], Any]] = {
    "int": _whole,
    "number": _whole,
    "decimal": _decimal,
    "amount": _decimal,
    "bool": _bool,
    "date": _date,
    "time": _time,
    "month": _month,
}
"""Column type -> parser; the other types are text."""
