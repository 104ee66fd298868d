"""From a file that was taken in to rows that DuckDB can judge: header matched, and rewritten where needed.

Belongs here: which way each format and each oddity goes (plain text and Parquet straight to DuckDB, all else
rewritten). Does not belong here: bytes and encodings (``take.py``), rules over rows, SQL.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Literal

from orchestration.contracts.model import Contract
from orchestration.landing import jsonstat
from orchestration.landing.header import Header, match
from orchestration.landing.model import DeliveryKey, Fault, Refused
from orchestration.landing.parse import TEXT
from orchestration.landing.rewrite import Row, csv_records, placed, write_rows
from orchestration.landing.take import Taken
from orchestration.landing.text import CHUNK
from orchestration.landing.workbook import Cells, cell_text, sheet_rows
from orchestration.reference import Reference
from orchestration.settings import Settings

MOST_PLAIN_COLUMNS = 300
"""A text file with more columns is rewritten, with the listed ones only."""


@dataclass
class Prepared:
    """One file on its way: what DuckDB is to read, and what is already known to be wrong.

    ``columns`` is listed column -> where it stands: a position from 0 (text), its own name (rows, parquet).
    ``types`` are those of a Parquet file's columns: files are read together only when they agree, or the first one's
    types would hold for all.
    ``lines`` is the number of rows that a plain text must give, or it is not as plain as it looked.
    ``folder`` is the file's own, for what is written anew.
    """

    taken: Taken
    key: DeliveryKey
    folder: Path
    source: Literal["text", "rows", "parquet"] | None = None
    path: Path = field(default_factory=Path)
    columns: Mapping[str, int | str] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    width: int = 0
    lines: int = 0
    faults: list[Fault] = field(default_factory=list)
    unknown_columns: int = 0
    unknown_regions: int = 0


def prepare(
    taken: Taken, key: DeliveryKey, contract: Contract, reference: Reference, settings: Settings, folder: Path
) -> Prepared:
    """Find out how a file is to be read; a Parquet file is left to ``parquet.py``, which needs DuckDB.

    Args:
        taken: the file as taken in.
        key: its delivery.
        contract: the extract's contract.
        reference: organisations and region codes.
        settings: size limits.
        folder: the file's own folder, for what is written anew.
    """
    prepared = Prepared(taken, key, folder)
    if taken.fault is not None:
        prepared.faults.append(taken.fault)
        return prepared
    try:
        if taken.file.format == "xlsx":
            _workbook(prepared, contract, settings)
        elif taken.file.format == "json":
            _jsonstat(prepared, reference)
        elif taken.text is not None:
            _text(prepared, contract, settings)
    except Refused as refusal:
        prepared.faults.append(refusal.fault)
    return prepared


def rewrite_text(prepared: Prepared, contract: Contract, settings: Settings) -> None:
    """Read a csv file record by record and write it anew: quotes, uneven rows and blank lines are seen to.

    A fault is added to ``prepared``, which then has no source.
    """
    prepared.source = None
    prepared.faults = []
    text = prepared.taken.text
    if text is None:
        raise ValueError("no text")
    try:
        records = csv_records(text.path, settings.max_line_bytes)
        line, names = next(records, (1, []))
        header = _match(prepared, names, contract, line)
        positions = list(header.positions.values())
        _write(prepared, header, placed(records, positions, header.width))
    except Refused as refusal:
        prepared.faults = [refusal.fault]


def _text(prepared: Prepared, contract: Contract, settings: Settings) -> None:
    text = prepared.taken.text
    if text is None or text.lines == 0:
        raise Refused("no_rows")
    names = _names_on_first_line(text.path)
    if text.long_lines or not 0 < len(names) <= MOST_PLAIN_COLUMNS:
        rewrite_text(prepared, contract, settings)
        return
    header = _match(prepared, names, contract, 1)
    prepared.lines = text.lines - 1
    prepared.width = header.width
    prepared.columns = header.positions
    prepared.families = dict.fromkeys(header.positions, TEXT)
    prepared.path = text.path
    if prepared.lines:
        prepared.source = "text"
    else:
        prepared.faults.append(Fault("no_rows"))


def _names_on_first_line(path: Path) -> list[str]:
    """The header as long as it stands on the first line alone; else nothing."""
    with path.open("rb") as file:
        first = file.readline(CHUNK).decode("utf-8-sig", errors="replace").strip()
    try:
        return next(csv.reader([first], delimiter=";", skipinitialspace=True, strict=True), [])
    except csv.Error:
        return []


def _workbook(prepared: Prepared, contract: Contract, settings: Settings) -> None:
    rows = sheet_rows(prepared.taken.copy or Path(), settings)
    line, names = next(rows, (1, ()))
    header = _match(prepared, ["" if name is None else str(name) for name in names], contract, line)
    _write(prepared, header, _cells(rows, header, contract))


def _cells(rows: Iterator[tuple[int, Cells]], header: Header, contract: Contract) -> Iterator[Row]:
    """A row of a workbook always has as many fields as the header: what is empty was not written."""
    wanted = [(position, contract.column(name).type) for name, position in header.positions.items()]
    for line, cells in rows:
        reach = len(cells)
        yield line, True, tuple([cell_text(cells[p], kind) if p < reach else None for p, kind in wanted])


def _jsonstat(prepared: Prepared, reference: Reference) -> None:
    left_out: list[str] = []
    organisations = reference.trusts | reference.regions
    path = prepared.taken.text.path if prepared.taken.text else Path()
    rows = jsonstat.rows(path, prepared.key.period, organisations, reference.region_codes, left_out)
    header = Header(
        {name: place for place, name in enumerate(jsonstat.COLUMNS)}, len(jsonstat.COLUMNS), 0, ()
    )
    _write(prepared, header, rows)
    prepared.unknown_regions = len(left_out)


def _match(prepared: Prepared, names: list[str], contract: Contract, line: int) -> Header:
    """Match the header; of a file with nothing in it only that is said."""
    if not any(name.strip() for name in names):
        raise Refused("no_rows")
    header = match(names, contract, line)
    prepared.faults.extend(header.faults)
    prepared.unknown_columns = header.unknown
    return header


def _write(prepared: Prepared, header: Header, rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is None:
        prepared.faults.append(Fault("no_rows"))
        return
    prepared.path = prepared.folder / "rows"
    prepared.columns = {name: name for name in header.positions}
    prepared.families = dict.fromkeys(header.positions, TEXT)
    write_rows(prepared.path, list(header.positions), chain([first], rows))
    prepared.source = "rows"
