"""A table as CSV for a Norwegian Excel: semicolon, UTF-8 with BOM, decimal comma, CRLF.

Belongs here: how one value is written, and the guard against cells that a spreadsheet would run. Does
not belong here: which rows and columns there are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""Text that a spreadsheet would take for a formula, the full-width signs too (CSV injection)."""


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the table; the same rows give the same bytes."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([cell(value) for value in row] for row in rows)


def cell(value: object) -> str:
    """One value: a number in full precision without exponent, text behind ``'`` when it looks like a formula.

    NULL is an empty cell; a boolean is ``true`` or ``false``; a date is ISO 8601.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        return number(value)
    written = str(value)
    return f"'{written}" if isinstance(value, str) and FORMULA.match(written) else written


def number(value: float | Decimal) -> str:
    """The shortest digits that give the number back, with decimal comma: 0.70 is ``0,7``, 1e-7 0,0000001."""
    digits = format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits).replace(".", ",")
