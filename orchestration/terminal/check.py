"""The sender's check as a table, as JSON and as an error workbook, with what to do about each fault.

Belongs here: the options, the three forms and the exit code. Does not belong here: finding the faults
(``landing/check.py``) and the words for them (``advice.py``). Nothing here holds a value from a row.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.contracts.load import load_contracts
from orchestration.contracts.model import Contract
from orchestration.failures import DONE, REJECTED
from orchestration.landing.check import CheckedFault, Report, check
from orchestration.landing.discover import extension
from orchestration.landing.model import DeliveryKey, shown
from orchestration.periods import Period, is_open, today
from orchestration.reference import load_reference
from orchestration.settings import Settings, UsageError
from orchestration.terminal.advice import advice
from orchestration.terminal.words import plain, safe

MOST_SHOWN = 200
"""Faults in the table on the screen; JSON holds all of them."""
MOST_WRITTEN = 1_000_000
"""Faults in the workbook: a sheet has 1 048 576 rows."""

STATUS: Mapping[str, str] = {
    "accepted": "godtas",
    "held_back": "holdes tilbake",
    "rejected": "avvises",
    "copy": "lik en annen fil",
}
LEVEL: Mapping[str, str] = {"file": "avviser filen", "row": "avviser raden", "warning": "advarsel"}
STYLE: Mapping[str, str] = {"file": "red", "row": "yellow", "warning": "cyan"}


def run(
    console: Console,
    settings: Settings,
    path: Path,
    dataset: str,
    period: str,
    extract_date: dt.date,
    form: str,
) -> int:
    """Check the files and tell what was found in the wanted form.

    Args:
        console: standard output.
        settings: reference data, contracts and size limits.
        path: a file, or a folder whose files are one delivery.
        dataset: one of the contracts.
        period: label of the delivery's period.
        extract_date: when the sender read its system.
        form: ``table``, ``json`` or ``xlsx``.

    Returns:
        The exit code: 3 when a file would be rejected.

    Raises:
        UsageError: the path, dataset, period or date is none; nothing has been read then.
    """
    contract = _contract(settings, dataset)
    key = DeliveryKey(dataset, period, extract_date, "")
    _check_key(contract, key)
    if not path.exists():
        raise UsageError(f"{safe(path)} does not exist; name a file, or a folder with the files.")
    workbook = Path.cwd() / f"{_stem(path)}_feil.xlsx"
    if form == "xlsx":
        _check_place(workbook, path, settings)
    report = check(path, key, contract, load_reference(settings), settings)
    if form == "json":
        _write_json(console, key, contract, report)
    elif form == "xlsx":
        _write_workbook(workbook, key, contract, report)
        _summary(console, report)
        console.print(f"Feilene står i {safe(workbook)}.", markup=False, highlight=False, soft_wrap=True)
    else:
        _show(console, key, contract, report)
        _summary(console, report)
    return DONE if report.accepted else REJECTED


def _contract(settings: Settings, dataset: str) -> Contract:
    contracts = load_contracts(settings.contracts)
    if dataset not in contracts:
        raise UsageError(f"There is no dataset «{safe(dataset)}»; there are: {', '.join(contracts)}.")
    return contracts[dataset]


def _check_key(contract: Contract, key: DeliveryKey) -> None:
    """The folders that the delivery would lie in must be ones that landing knows."""
    example = {"month": "2024-03", "tertial": "2024-T1", "year": "2024"}[contract.cadence]
    try:
        period = Period.parse(key.period, contract.cadence)
    except ValueError:
        period = None
    if period is None or period.label != key.period:
        raise UsageError(f"«{safe(key.period)}» is no period of {key.dataset}; write one such as {example}.")
    if not is_open(period, today()):
        raise UsageError(f"The period {key.period} is before 2019 or has not begun; correct --period.")
    if key.extract_date > today():
        raise UsageError(f"The extract date {key.extract_date} is in the future; correct --extract-date.")


def _stem(path: Path) -> str:
    """The name of a file without its extension, or of a folder."""
    name = path.resolve().name if path.is_dir() else path.name
    kind = None if path.is_dir() else extension(name)
    return shown(name[: -len(kind) - 1] if kind else name) or "leveranse"


def _check_place(workbook: Path, path: Path, settings: Settings) -> None:
    """The workbook may not end up among what is to be delivered."""
    for folder in (path, settings.landing):
        if folder.is_dir() and workbook.parent.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"The workbook would be written to {safe(folder)}; start the check elsewhere.")


def _times(fault: CheckedFault) -> str:
    return "" if fault.count == 1 else plain(fault.count)


def _show(console: Console, key: DeliveryKey, contract: Contract, report: Report) -> None:
    """The files and the faults as tables."""
    files = Table(title="Filer", title_justify="left")
    for heading in ("Fil", "Utfall", "Rader", "Godtatt", "Avvist", "Like rader"):
        files.add_column(
            heading, justify="left" if heading in ("Fil", "Utfall") else "right", overflow="fold"
        )
    for one in report.files:
        outcome = STATUS[one.status] + (f" ({one.reason})" if one.reason else "")
        counts = (one.rows_read, one.rows_accepted, one.rows_rejected, one.rows_duplicate)
        style = "red" if one.status in ("rejected", "held_back") else "green"
        files.add_row(Text(safe(one.name)), Text(outcome, style), *map(plain, counts))
    console.print(files)
    if not report.faults:
        return
    table = Table(title="Feil og advarsler", title_justify="left")
    for heading in ("Fil", "Linje", "Kolonne", "Regel", "Antall", "Hva som kan gjøres"):
        table.add_column(
            heading, justify="right" if heading in ("Linje", "Antall") else "left", overflow="fold"
        )
    for fault in report.faults[:MOST_SHOWN]:
        line = "" if fault.line is None else str(fault.line)
        rule = Text(f"{fault.rule} ({LEVEL[fault.level]})", STYLE[fault.level])
        cells = (safe(fault.file or "hele leveransen"), line, fault.column or "")
        table.add_row(*map(Text, cells), rule, _times(fault), Text(advice(fault, key, contract)))
    console.print(table)
    if (more := len(report.faults) - MOST_SHOWN) > 0:
        console.print(f"… og {plain(more)} til; alle står med --format json eller xlsx.", highlight=False)


def _summary(console: Console, report: Report) -> None:
    """One sentence: would the delivery come into force?"""
    rows = sum(file.rows_rejected for file in report.files)
    beside = f" {plain(rows)} rader ville bli avvist og ikke regnet med." if rows and report.accepted else ""
    told = (
        "Leveransen kan godtas."
        if report.accepted
        else "Leveransen ville bli avvist, i sin helhet eller delvis."
    )
    console.print(told + beside, highlight=False)


def _write_json(console: Console, key: DeliveryKey, contract: Contract, report: Report) -> None:
    """The whole report as one JSON document on standard output."""
    document: dict[str, Any] = {
        "dataset": key.dataset,
        "period": key.period,
        "extract_date": key.extract_date.isoformat(),
        "accepted": report.accepted,
        "files": [asdict(one) for one in report.files],
        "faults": [{**asdict(one), "advice": advice(one, key, contract)} for one in report.faults],
    }
    console.file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _write_workbook(path: Path, key: DeliveryKey, contract: Contract, report: Report) -> None:
    """The faults and the files on two sheets; every text is text, also one that begins with ``=``.

    Raises:
        UsageError: the folder cannot be written to.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)

    def add(name: str, widths: tuple[int, ...], rows: list[tuple[str | int | None, ...]]) -> None:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for letter, width in zip("ABCDEFG", widths, strict=False):
            sheet.column_dimensions[letter].width = width
        for row in rows:
            cells = [WriteOnlyCell(sheet, value) for value in row]
            for cell, value in zip(cells, row, strict=True):
                if isinstance(value, str):
                    cell.data_type = "s"
            sheet.append(cells)

    faults = [
        (f.file, f.line, f.column, f.rule, LEVEL[f.level], f.count, advice(f, key, contract))
        for f in report.faults[:MOST_WRITTEN]
    ]
    headings = ("Fil", "Linje", "Kolonne", "Regel", "Følge", "Antall", "Hva som kan gjøres")
    add("Feil", (40, 10, 28, 22, 16, 10, 90), [headings, *faults])
    files = [
        (f.name, STATUS[f.status], f.reason, f.rows_read, f.rows_accepted, f.rows_rejected, f.rows_duplicate)
        for f in report.files
    ]
    headings = ("Fil", "Utfall", "Regel", "Rader", "Godtatt", "Avvist", "Like rader")
    add("Filer", (40, 18, 22, 12, 12, 12, 12), [headings, *files])
    try:
        book.save(path)
    except PermissionError:
        raise UsageError(
            f"{safe(path)} cannot be written; start the check in a folder of your own."
        ) from None
