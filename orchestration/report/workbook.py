"""The yearly report as .xlsx: the same bytes for the same table.

Belongs here: the form of the workbook. Does not belong here: what stands in it (``annual.py``).
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from orchestration.report.annual import AnnualRow, Result

HEADINGS = ("Nr.", "Indikator", "Mål {year}", "Resultat {year}", "Måloppnåelse", "Kommentar")
WIDTHS = (6, 40, 48, 56, 30, 48)
LONG_AGO = (1980, 1, 1, 0, 0, 0)
CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def write(path: Path, rows: list[AnnualRow], title: str, year: int) -> None:
    """Write the table.

    Args:
        path: file to write.
        rows: the indicators, in order.
        title: what stands above the table.
        year: year of the letter.
    """
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("A new workbook has no sheet.")
    sheet.title = f"Årlig melding {year}"
    lines = [(title,), (), tuple(heading.format(year=year) for heading in HEADINGS), *map(_cells, rows)]
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(number, column, text)
            cell.data_type = "s"  # text, also when it begins with =
            cell.alignment = Alignment(vertical="top", wrap_text=number > 2)
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
        cell.border = Border(bottom=Side(style="medium"))
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"
    _save(book, path)


def _cells(row: AnnualRow) -> tuple[str, ...]:
    """One indicator, a line per official series."""
    verdict = row.verdict.word + (f" ({row.verdict.tally})" if row.verdict.tally else "")
    return (
        row.indicator.indicator_id,
        row.indicator.short_name_no,
        "\n".join(row.wordings),
        "\n".join([*map(_line, row.results), *(f"({note})" for note in row.notes)]),
        verdict + (f": {row.verdict.reason}" if row.verdict.reason else ""),
        row.comment,
    )


def _line(result: Result) -> str:
    """A series, its value, and what it is compared with."""
    behind = f" (mot {result.baseline})" if result.baseline else f" ({result.names})" if result.names else ""
    return (f"{result.name}: " if result.name else "") + result.value + behind


def _save(book: Workbook, path: Path) -> None:
    """Save without the clock: every date in the archive is the same one."""
    draft = io.BytesIO()
    book.save(draft)
    with zipfile.ZipFile(draft) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in made.infolist():
            content = CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", made.read(entry))
            info = zipfile.ZipInfo(entry.filename, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, content)
