"""From a table to a file as each sender writes it.

Belongs here: encodings, date forms, containers and file names, all of them giving the same bytes for the
same rows. Does not belong here: what the rows are (the dataset modules) or which of them are bad
(``flaws.py``).
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.sample.flaws import add_flaws, flawed_column, flawed_text
from orchestration.sample.timetable import FIRST_TRUST, SECOND_TRUST, THIRD_TRUST, Delivery

FILE_NAMES = {
    "waiting_times": "ventetider",
    "planned_contacts": "planlagte_kontakter",
    "outpatient_contacts": "polikliniske_kontakter",
    "inpatient_stays": "opphold",
    "epicrises": "epikriser",
    "cancer_pathways": "pakkeforlop_kreft",
    "treatment_plans": "behandlingsplaner",
    "antibiotics": "antibiotika_innkjop",
    "psychiatric_beds": "dognplasser_psykisk_helsevern",
    "icu_capacity": "intensivplasser",
    "costs": "regnskap",
    "clinical_trials": "kliniske_behandlingsstudier",
    "training_positions": "utdanningsstillinger",
    "apprentices": "laerlinger",
}
PARQUET = ("planned_contacts", "outpatient_contacts")
NO_OPTIONAL_COLUMNS = {
    ("planned_contacts", THIRD_TRUST): {"opprettet_dato", "avlyst_dato"},
    ("inpatient_stays", THIRD_TRUST): {"behandlingssted_orgnr"},
}
IN_TWO_FILES = {
    ("epicrises", FIRST_TRUST): {
        "somatikk": "tjenesteomraade = 'SOM'",
        "psykisk_helsevern_tsb": "tjenesteomraade <> 'SOM'",
    }
}
"""St. Olavs has two record systems: one delivery, two files."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Dialect:
    """How one sender writes text files."""

    encoding: str
    newline: bytes
    date: str
    time: str
    decimal: str
    yes: str
    no: str


DIALECTS = {
    FIRST_TRUST: Dialect("utf-8", b"\n", "%Y-%m-%d", "%Y-%m-%d %H:%M", ".", "true", "false"),
    SECOND_TRUST: Dialect("cp1252", b"\r\n", "%d.%m.%Y", "%Y-%m-%dT%H:%M", ",", "ja", "nei"),
    THIRD_TRUST: Dialect("utf-8-sig", b"\n", "%Y-%m-%d", "%Y-%m-%d %H:%M", ",", "1", "0"),
}


def write_delivery(
    con: duckdb.DuckDBPyConnection, folder: Path, seed: int, delivery: Delivery, source: str
) -> None:
    """Write the files of one delivery; a file without rows is not written.

    Args:
        con: the connection with the sample's tables.
        folder: the landing folder.
        seed: of the sample.
        delivery: which delivery it is.
        source: SQL of its rows, with ``_no`` to order them by; columns that begin with _ are not written.
    """
    target = folder / delivery.folder
    name = f"{FILE_NAMES[delivery.dataset]}_{delivery.period.label}"
    parts = IN_TWO_FILES.get((delivery.dataset, delivery.trust), {"": "true"})
    for part, condition in parts.items():
        rows = f"select * from ({source}) where {condition}"
        count = con.execute(f"select count(*) from ({rows})").fetchall()[0][0]
        if count:
            target.mkdir(parents=True, exist_ok=True)
            _write_file(con, target / "_".join(filter(None, (name, part))), seed, delivery, rows, count)


def _write_file(
    con: duckdb.DuckDBPyConnection, stem: Path, seed: int, delivery: Delivery, rows: str, count: int
) -> None:
    """Write one file in the form that its sender uses for this dataset."""
    omit = delivery.omit | NO_OPTIONAL_COLUMNS.get((delivery.dataset, delivery.trust), set())
    types = {
        name: kind
        for name, kind, *_ in con.execute(f"describe {rows}").fetchall()
        if not name.startswith("_") and name not in omit
    }
    typed_only = delivery.dataset in PARQUET and delivery.trust == FIRST_TRUST
    flawed = add_flaws(delivery, seed, stem.name, rows, count, typed_only)
    columns = {name: flawed_column(delivery, name, typed_only) for name in types}
    if delivery.dataset == "psychiatric_beds":
        _put(stem, ".json", _json_stat(con.execute(rows).fetchall(), delivery.period.year))
    elif delivery.period.cadence == "year" and delivery.trust == THIRD_TRUST:
        query = f"select {_select(columns)} from ({flawed}) order by _no, _flaw"
        _put(stem, ".xlsx", _workbook(list(types), con.execute(query).fetchall()))
    elif typed_only:
        query = f"select {_select(columns)} from ({flawed}) order by _no, _flaw"
        _copy(con, query, stem, ".parquet", "format parquet, compression zstd, row_group_size 122880")
    else:
        dialect = DIALECTS[delivery.trust]
        texts = {
            name: flawed_text(delivery, name, _as_text(columns[name], kind, dialect))
            for name, kind in types.items()
        }
        query = f"select {_select(texts)} from ({flawed}) order by _no, _flaw"
        path = _copy(con, query, stem, ".csv", "format csv, header true, delimiter ';'")
        _recode(path, delivery.encoding or dialect.encoding, dialect.newline)
        if delivery.dataset == "outpatient_contacts" and delivery.trust == THIRD_TRUST:
            _put(stem, ".csv.gz", gzip.compress(path.read_bytes(), compresslevel=6, mtime=0))
            path.unlink()


def _select(columns: dict[str, str]) -> str:
    return ", ".join(f"{expression} as {name}" for name, expression in columns.items())


def _as_text(expression: str, kind: str, dialect: Dialect) -> str:
    """SQL of a value as this sender writes it."""
    if kind == "DATE":
        return f"strftime({expression}, '{dialect.date}')"
    if kind == "TIMESTAMP":
        return f"strftime({expression}, '{dialect.time}')"
    if kind == "BOOLEAN":
        return f"case {expression} when true then '{dialect.yes}' when false then '{dialect.no}' end"
    if kind.startswith("DECIMAL"):
        return f"replace(({expression})::varchar, '.', '{dialect.decimal}')"
    return f"({expression})::varchar"


def _copy(con: duckdb.DuckDBPyConnection, query: str, stem: Path, suffix: str, options: str) -> Path:
    """Let DuckDB write a file under a name that nobody reads, then give it its own."""
    path = stem.with_name(stem.name + suffix)
    part = stem.with_name(stem.name + ".part")
    con.execute(f"copy ({query}) to '{str(part).replace(chr(39), chr(39) * 2)}' ({options})")
    part.replace(path)
    return path


def _put(stem: Path, suffix: str, content: bytes) -> None:
    """Write a small file the same way."""
    part = stem.with_name(stem.name + ".part")
    part.write_bytes(content)
    part.replace(stem.with_name(stem.name + suffix))


def _recode(path: Path, encoding: str, newline: bytes) -> None:
    """Give a UTF-8 file the sender's encoding and line ends."""
    if encoding != "utf-8":
        content = path.read_bytes().decode().encode(encoding)
        path.write_bytes(content if newline == b"\n" else content.replace(b"\n", newline))


def _workbook(header: list[str], rows: list[tuple[Any, ...]]) -> bytes:
    """An Excel file without a time in it: organisation numbers as numbers, as people's sheets have them."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Ark1")
    sheet.append(header)
    for row in rows:
        sheet.append([_cell(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = (
                    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
                    b'metadata/core-properties"/>'
                )
            target.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "ja" if value else "nei"
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _json_stat(rows: list[tuple[Any, ...]], year: int) -> bytes:
    """Beds as Statistics Norway's JSON-stat 2.0; a cell that is not published is null with the status ':'."""
    cells = {(org, str(y), area): beds for org, y, area, beds, *_ in rows}
    regions, years, areas = (list(dict.fromkeys(key[i] for key in cells)) for i in range(3))
    value = [cells[org, y, area] for org in regions for area in areas for y in years]
    dimensions = {
        "Region": regions,
        "Tjenesteomraade": areas,
        "ContentsCode": ["Dognplasser"],
        "Tid": years,
    }
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": f"Døgnplasser i psykisk helsevern {year} (syntetiske data)",
        "id": list(dimensions),
        "size": [len(codes) for codes in dimensions.values()],
        "dimension": {
            name: {"label": name, "category": {"index": {code: i for i, code in enumerate(codes)}}}
            for name, codes in dimensions.items()
        },
        "value": value,
        "status": {str(i): ":" for i, beds in enumerate(value) if beds is None},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
