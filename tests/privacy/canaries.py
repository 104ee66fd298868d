"""Made-up patients, and the search for them in everything that a run leaves behind.

Belongs here: their numbers and names, the forms in which they could turn up, opening what is compressed. Does
not belong here: where they are put (``world.py``).
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tests.faults.identity import FIRST, SECOND, SERIES, numbers


def numbers_of_2032(day: int, month: int) -> Iterator[str]:
    """Numbers that only the form announced for 2032 takes: remainder 1 in the first control digit."""
    for individual in range(999, 0, -1):
        digits = [int(digit) for digit in f"{day:02}{month:02}83{individual:03}"]
        digits.append((1 - sum(w * d for w, d in zip(FIRST, digits, strict=True))) % 11)
        digits.append(-sum(w * d for w, d in zip(SECOND, digits, strict=True)) % 11)
        if max(digits) < 10:
            yield "".join(map(str, digits))


NUMBERS = [
    *(number for day, month in SERIES.values() for number in islice(numbers(14 + day, 3 + month), 2)),
    *islice(numbers_of_2032(14, 3), 2),
    *islice(numbers_of_2032(54, 3), 2),
]
"""Two of every series; made from their control digits, of nobody."""
NAMES = ["Kanarius Fugl", "Sissel Kanarifugl"]
PSEUDONYM = "kanari7f3a"
"""Begins every pseudonym."""


def forms_of(text: str) -> Iterator[bytes]:
    """How a text could turn up: as it is, backwards, with a gap after the date, as hex, in UTF-16."""
    spellings = [text, text[::-1]]
    if text.isdecimal():
        spellings.append(f"{text[:6]} {text[6:]}")
    for spelling in spellings:
        yield spelling.encode()
    yield text.encode().hex().encode()
    yield text.encode().hex().upper().encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")


FORMS = {form: text for text in (*NUMBERS, *NAMES, PSEUDONYM) for form in forms_of(text)}


def found_in(content: bytes) -> set[str]:
    """The canaries in some bytes, in any form."""
    return {text for form, text in FORMS.items() if form in content}


def opened(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and what is in it when it is compressed or a database."""
    content = path.read_bytes()
    yield content
    yield str(path).encode()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content.startswith(b"PAR1"):
        yield repr(pq.read_table(path).to_pylist()).encode()
        yield repr(pq.read_metadata(path).metadata).encode()
    elif content[8:12] == b"DUCK":
        with duckdb.connect(path, read_only=True) as con:
            tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield repr(con.execute(f'from "{schema}"."{table}"').fetchall()).encode()


def sweep(folders: Collection[Path], leave_out: Collection[Path] = ()) -> dict[str, set[str]]:
    """Path -> canaries found in it, for every file below the folders but those left out."""
    hits = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if any(path.is_relative_to(one) for one in leave_out):
            continue
        pieces = opened(path) if path.is_file() and not path.is_symlink() else [str(path).encode()]
        if found := set().union(*map(found_in, pieces)):
            hits[str(path)] = found
    return hits
