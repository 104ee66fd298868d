"""Workbooks (.xlsx): the first sheet as rows of text, with the sheet's own row numbers.

Belongs here: limits on what a workbook may unfold to, and what each kind of cell counts as. Does not belong
here: the header rules and what a value means for its column.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.contracts.model import ColumnType
from orchestration.landing.model import Refused
from orchestration.settings import Settings

LARGEST = 1 << 30
"""Expanded bytes of a workbook, whose texts are held in memory; the setting holds where it is lower."""

Cells = tuple[Any, ...]


def sheet_rows(path: Path, settings: Settings) -> Iterator[tuple[int, Cells]]:
    """Rows of the first sheet that hold anything: sheet row number and the stored value of each cell.

    Raises:
        Refused: ``unreadable``, or ``too_large`` by the sizes that the archive declares (no more than these
            is ever expanded).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            expanded = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("unreadable") from None
    stored = path.stat().st_size
    if expanded > min(stored * settings.max_expansion, settings.max_expanded_bytes, LARGEST):
        raise Refused("too_large")
    import openpyxl  # half a second, and few deliveries have a workbook

    warnings.filterwarnings("ignore", module="openpyxl")  # some of them quote a cell
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                if any(cell is not None and cell != "" for cell in cells):
                    yield number, cells
        except Exception as error:  # a damaged workbook fails in any way: archive, XML, styles, values
            if isinstance(error, MemoryError | Refused):
                raise
            raise Refused("unreadable") from None


def cell_text(value: Any, kind: ColumnType) -> str | None:
    """A cell as the text that the rules read, by the type of its column.

    A whole number is its digits; a date cell is its month in a month column, a time in a time column, and a
    date elsewhere when it is midnight.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, dt.datetime):
        return _time_text(value + dt.timedelta(milliseconds=500), kind)
    if isinstance(value, dt.date):
        return _time_text(dt.datetime.combine(value, dt.time()), kind)
    return str(value)


def _time_text(value: dt.datetime, kind: ColumnType) -> str:
    if kind == "month":
        return value.strftime("%Y-%m")
    text = value.isoformat(" ", "seconds")
    return text if kind == "timestamp" else text.removesuffix(" 00:00:00")
