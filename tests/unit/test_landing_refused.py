"""Every fault of a csv file as a container, a text or a header; and the size limits."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest
from landing_kit import PERIOD, TODAY, House, csv, house, many, no_gate, waiting

from orchestration.landing import loading
from orchestration.landing.model import LandingFile
from orchestration.landing.take import take
from orchestration.settings import Settings

__all__ = ["house", "no_gate"]


ROWS = [*many(30), waiting(31, pasient_id="åse ø"), waiting(32, tjenesteomraade="X"), waiting(33)]
TEXT = csv(ROWS)
BAD_LINE = 33


def quoted(rows: list[dict[str, str]]) -> str:
    """Everything in quotes."""
    return csv([{f'"{name}"': f'"{value}"' for name, value in row.items()} for row in rows])


HEADER = TEXT.splitlines()[0]
LINES = len(TEXT.splitlines())
REFUSED: dict[str, tuple[bytes, str, set[tuple[str | None, str, int, int | None]]]] = {
    "empty.csv": (b"", "no_rows", {(None, "no_rows", 1, None)}),
    "bom_only.csv": (b"\xef\xbb\xbf", "no_rows", {(None, "no_rows", 1, None)}),
    "blank.csv": (b"\n \n\n", "no_rows", {(None, "no_rows", 1, None)}),
    "header_only.csv": (HEADER.encode() + b"\n", "no_rows", {(None, "no_rows", 1, None)}),
    "header_quoted_only.csv": (
        quoted(ROWS).splitlines()[0].encode(),
        "no_rows",
        {(None, "no_rows", 1, None)},
    ),
    "utf16.csv": (TEXT.encode("utf-16"), "encoding", {(None, "encoding", 1, 1)}),
    "undefined.csv": (
        TEXT.encode().replace(b"P5;", b"P\x81;"),
        "encoding",
        {(None, "encoding", 1, 6)},
    ),
    "undefined_1252.csv": (
        TEXT.encode("cp1252").replace(b"P5;", b"P\x9d;"),
        "encoding",
        {(None, "encoding", 1, 6)},
    ),
    "nul.csv": (TEXT.encode().replace(b"P7;", b"P\0;"), "nul", {(None, "nul", 1, 8)}),
    "cut.csv.gz": (gzip.compress(TEXT.encode())[:-20], "unreadable", {(None, "unreadable", 1, None)}),
    "crc.csv.gz": (
        gzip.compress(TEXT.encode())[:-8] + b"\0\0\0\0" + gzip.compress(TEXT.encode())[-4:],
        "unreadable",
        {(None, "unreadable", 1, None)},
    ),
    "junk_after.csv.gz": (
        gzip.compress(TEXT.encode()) + b"junk",
        "unreadable",
        {(None, "unreadable", 1, None)},
    ),
    "empty.csv.gz": (gzip.compress(b""), "no_rows", {(None, "no_rows", 1, None)}),
    "zipped.csv": (gzip.compress(TEXT.encode()), "unreadable", {(None, "unreadable", 1, None)}),
    "workbook.csv": (b"PK\x03\x04" + TEXT.encode(), "unreadable", {(None, "unreadable", 1, None)}),
    "open_quote.csv": (
        TEXT.replace("P9;", '"P9;').encode(),
        "unreadable",
        {(None, "unreadable", 1, 10)},
    ),
    "after_quote.csv": (TEXT.replace("P9;", '"P9"x;').encode(), "unreadable", {(None, "unreadable", 1, 10)}),
    "missing.csv": (
        csv([dict(list(row.items())[2:]) for row in ROWS]).encode(),
        "missing_column",
        {
            ("henvisning_id", "missing_column", 1, 1),
            ("pasient_id", "missing_column", 1, 1),
            ("tjenesteomraade", "code", 1, BAD_LINE),
        },
    ),
    "renamed.csv": (
        TEXT.replace("pasient_id", "pasientid").encode(),
        "missing_column",
        {("pasient_id", "missing_column", 1, 1), ("tjenesteomraade", "code", 1, BAD_LINE)},
    ),
    "twice.csv": (
        csv([{**row, " PASIENT_ID": "x"} for row in ROWS]).encode(),
        "duplicate_column",
        {("pasient_id", "duplicate_column", 1, 1), ("tjenesteomraade", "code", 1, BAD_LINE)},
    ),
    "unknown_twice.csv": (
        csv([{**row, "Navn": "x", "navn": "y"} for row in ROWS]).encode(),
        "duplicate_column",
        {(None, "duplicate_column", 1, 1), ("tjenesteomraade", "code", 1, BAD_LINE)},
    ),
    "no_header.csv": (
        "\n".join(TEXT.splitlines()[1:]).encode(),
        "missing_column",
        {*((name, "missing_column", 1, 1) for name in HEADER.split(";")), (None, "duplicate_column", 1, 1)},
    ),
    "commas.csv": (
        TEXT.replace(";", ",").encode(),
        "missing_column",
        {(name, "missing_column", 1, 1) for name in HEADER.split(";")},
    ),
    "injection.csv": (
        TEXT.replace("pasient_id", "'); drop table raw.delivery_file;--").encode(),
        "missing_column",
        {
            ("pasient_id", "missing_column", 1, 1),
            (None, "field_count", 33, 2),
            (None, "too_many_rejected", 33, None),
        },
    ),
    "text_at_the_end.csv": (
        (csv(many(18)) + "Antall rader: 18\n").encode(),
        "too_many_rejected",
        {(None, "field_count", 1, 20), (None, "too_many_rejected", 1, None)},
    ),
}  # fmt: skip


def test_files_that_are_rejected(house: House) -> None:
    for name, (content, _, _) in REFUSED.items():
        house.put(f"{PERIOD}/{name.replace('.', '_')}/{name}", content)
    house.load()
    assert {name: house.one(name) for name in REFUSED} == {
        name: ("rejected", reason) for name, (_, reason, _) in REFUSED.items()
    }
    assert {name: house.faults(name) for name in REFUSED} == {
        name: faults for name, (_, _, faults) in REFUSED.items()
    }
    assert house.rows() == []
    assert not (house.settings.workspace / "kept").is_dir() or not list(
        (house.settings.workspace / "kept").iterdir()
    )


def test_size_limits(tmp_path: Path, no_gate: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "today", lambda: TODAY)
    house = House(tmp_path, max_line_bytes=5000, max_expanded_bytes=200_000, max_expansion=50)
    house.put(f"{PERIOD}/a/line.csv", csv([*many(9), waiting(10, henvisning_id="x" * 5001)]))
    house.put(f"{PERIOD}/b/large.csv", csv(many(4000)))
    house.put(f"{PERIOD}/c/bomb.csv.gz", csv([waiting(1)] * 1000))
    house.put(f"{PERIOD}/d/fits.csv", csv([*many(9), waiting(10, henvisning_id="x" * 4500)]))
    house.load()
    assert {path: house.one(path) for path in ("line.csv", "large.csv", "bomb.csv.gz", "fits.csv")} == {
        "line.csv": ("rejected", "too_large"),
        "large.csv": ("rejected", "too_large"),
        "bomb.csv.gz": ("rejected", "too_large"),
        "fits.csv": ("accepted", None),
    }
    assert house.faults("line.csv") == {(None, "too_large", 1, 11)}
    house.con.close()


def test_a_bomb_is_refused_within_a_second_and_little_disk(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a;b\n" * 50_000_000, 9))
    started = time.process_time()
    (tmp_path / "spool").mkdir()
    taken = take(LandingFile(path, path.name, "csv.gz"), tmp_path / "spool", Settings())
    assert taken.fault is not None
    assert taken.fault.rule == "too_large"
    assert time.process_time() - started < 3
    assert (tmp_path / "spool" / "expanded").stat().st_size <= path.stat().st_size * 201
