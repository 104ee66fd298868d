"""Made-up worlds as files in a landing folder, in every format and dialect that senders use.

Belongs here: writing rows as csv, parquet and xlsx files. Does not belong here: what is written
(``worlds.py``).
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle.columns import COLUMNS
from tests.oracle.state import Delivery, Row


def write(deliveries: Iterable[Delivery], landing: Path) -> None:
    """One file per delivery; the dialect goes round with the number of the delivery."""
    for number, delivery in enumerate(deliveries):
        folder = landing / delivery.dataset / delivery.period / delivery.extract_date.isoformat()
        folder /= delivery.sender
        folder.mkdir(parents=True, exist_ok=True)
        columns = [column.name for column in COLUMNS[delivery.dataset]]
        if number % 2:
            columns.reverse()
        if number % 10 == 3:
            _write_parquet(folder / "uttrekk.parquet", columns, delivery.rows)
        elif number % 50 == 4:
            _write_xlsx(folder / "uttrekk.xlsx", columns, delivery.rows)
        else:
            text = _csv(
                columns, delivery.rows, norwegian=number % 3 == 0, newline="\r\n" if number % 5 else "\n"
            )
            data = text.encode("cp1252" if number % 7 == 0 else "utf-8-sig" if number % 7 == 1 else "utf-8")
            if number % 4 == 2:
                (folder / "uttrekk.csv.gz").write_bytes(gzip.compress(data, mtime=0))
            else:
                (folder / "uttrekk.csv").write_bytes(data)


def _csv(columns: list[str], rows: list[Row], norwegian: bool, newline: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator=newline)
    writer.writerow([name.upper() if norwegian else name for name in columns])
    writer.writerows([[_text(row[name], norwegian) for name in columns] for row in rows])
    return out.getvalue()


def _text(value: Any, norwegian: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return {True: "ja", False: "NEI"}[value] if norwegian else str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" " if norwegian else "T", timespec="minutes" if norwegian else "seconds")
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}" if norwegian else value.isoformat()
    if isinstance(value, Decimal):
        return str(value).replace(".", "," if norwegian else ".")
    return str(value)


def _write_parquet(path: Path, columns: list[str], rows: list[Row]) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    arrays = {name: arrow.array([row[name] for row in rows]) for name in columns}
    texts = {
        name: array.cast(arrow.string()) for name, array in arrays.items() if arrow.types.is_null(array.type)
    }
    parquet.write_table(arrow.table({**arrays, **texts}), path)


def _write_xlsx(path: Path, columns: list[str], rows: list[Row]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append([row[name] for name in columns])
    book.save(path)
