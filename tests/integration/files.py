"""Rows as files in every form that a sender may choose.

Belongs here: csv dialects, Parquet, workbooks. Does not belong here: what the rows say (``world.py``).
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle.columns import COLUMNS

Row = dict[str, Any]
PARQUET = {"int": "int64", "number": "int64", "bool": "bool", "date": "date32", "time": "timestamp"}


def names(dataset: str) -> list[str]:
    """The columns of a dataset in their listed order."""
    return [column.name for column in COLUMNS[dataset]]


def text(value: object, norwegian: bool = False) -> str:
    """A value as people write it in csv: ISO and point, or DD.MM.YYYY and comma."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("ja" if value else "nei") if norwegian else str(value).lower()
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" if norwegian else f"{value:%Y-%m-%dT%H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}" if norwegian else value.isoformat()
    return str(value).replace(".", ",") if norwegian and isinstance(value, Decimal) else str(value)


def csv_bytes(
    rows: Sequence[Row],
    columns: Sequence[str],
    header: Sequence[str] | None = None,
    norwegian: bool = False,
    encoding: str = "utf-8",
) -> bytes:
    """Rows as semicolon csv; ``norwegian`` also means CRLF and quotes around everything."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if norwegian else csv.QUOTE_MINIMAL
    end = "\r\n" if norwegian else "\n"
    writer = csv.writer(out, delimiter=";", lineterminator=end, quoting=quoting)
    writer.writerow(header or columns)
    writer.writerows([text(row.get(column), norwegian) for column in columns] for row in rows)
    return out.getvalue().encode(encoding)


def write(path: Path, content: bytes) -> None:
    """A file, with its folders; gzip by its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def write_csv(path: Path, dataset: str, rows: Sequence[Row]) -> None:
    """The plainest form."""
    write(path, csv_bytes(rows, names(dataset)))


def write_parquet(path: Path, dataset: str, rows: Sequence[Row]) -> None:
    """Typed columns."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {"int64": pa.int64(), "bool": pa.bool_(), "date32": pa.date32(), "timestamp": pa.timestamp("us")}
    decimals = {"decimal", "amount"}
    table = pa.table(
        {
            column.name: pa.array(
                [row.get(column.name) for row in rows],
                pa.decimal128(18, 3) if column.type in decimals else types.get(PARQUET.get(column.type, "")),
            )
            for column in COLUMNS[dataset]
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path)


def write_xlsx(path: Path, dataset: str, rows: Sequence[Row]) -> None:
    """A workbook as Excel makes it: numbers and dates as such, organisation numbers and months too."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Uttrekk")
    sheet.append(names(dataset))
    for row in rows:
        sheet.append([_cell(name, row.get(name)) for name in names(dataset)])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _cell(name: str, value: Any) -> Any:
    if name in ("foretak_orgnr", "behandlingssted_orgnr"):
        return int(value)
    return dt.date.fromisoformat(f"{value}-01") if name == "maaned" else value
