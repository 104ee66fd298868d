"""Faults of workbooks, Parquet files and JSON-stat.

Belongs here: files that are no text. Does not belong here: csv.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.model import Fault, accepted, bad_file, bad_rows
from tests.faults.rows import BAD_LINE, GOOD, Make, data, good_rows

WAITING = "waiting_times"
BEDS = "psychiatric_beds"
DATES = ("ansiennitetsdato", "vurderingsdato", "ventetid_sluttdato")
CODES = ("ventetid_sluttkode", "rett_til_helsehjelp", "utfall_av_vurdering")
Columns = dict[str, Any]
SHEET = "xl/worksheets/sheet1.xml"


def _columns(trust: str) -> Columns:
    rows = good_rows(WAITING, trust)
    columns: Columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns |= {name: [dt.date.fromisoformat(value) for value in columns[name]] for name in DATES}
    return columns | {name: [int(value) for value in columns[name]] for name in CODES}


def _parquet(change: Callable[[Columns], Columns], cut: Callable[[bytes], bytes] = bytes) -> Make:
    def content(trust: str) -> bytes:
        columns = change(_columns(trust))
        target = io.BytesIO()
        arrays = [one if isinstance(one, pa.Array) else pa.array(one) for one in columns.values()]
        pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), target)
        return cut(target.getvalue())

    return data(content)


def _with(name: str, make: Callable[[list[Any]], Any]) -> Make:
    return _parquet(lambda columns: {**columns, name: make(columns[name])})


def _times(zone: str | None) -> Callable[[list[dt.date]], pa.Array]:
    return lambda days: pa.array(
        [dt.datetime.combine(d, dt.time()) for d in days], pa.timestamp("us", tz=zone)
    )


def _one_bad(value: Any) -> Callable[[list[Any]], list[Any]]:
    """A value on the bad line; the first row of a Parquet file is line 2."""
    return lambda values: [*values[: BAD_LINE - 2], value, *values[BAD_LINE - 1 :]]


def _workbook(
    change: Callable[[list[list[Any]]], list[list[Any]]] = list, cut: Callable[[bytes], bytes] = bytes
) -> Make:
    def content(trust: str) -> bytes:
        rows = good_rows(WAITING, trust)
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in change([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.append(row)
        target = io.BytesIO()
        book.save(target)
        return cut(target.getvalue())

    return data(content)


def _cell(column: int, value: Any, line: int = BAD_LINE) -> Make:
    def change(rows: list[list[Any]]) -> list[list[Any]]:
        rows[line - 1][column] = value
        return rows

    return _workbook(change)


def _member(name: str, change: Callable[[bytes], bytes]) -> Make:
    """A workbook with one member of its archive changed, or added."""

    def cut(whole: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(whole)) as old:
            members = {one: old.read(one) for one in old.namelist()}
        members[name] = change(members.get(name, b""))
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for one, content in members.items():
                new.writestr(one, content)
        return target.getvalue()

    return _workbook(cut=cut)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'


def _jsonstat(change: Callable[[dict[str, Any]], Any]) -> Make:
    def content(trust: str) -> str:
        document: dict[str, Any] = {
            "version": "2.0",
            "class": "dataset",
            "id": ["Region", "Tjenesteomraade", "ContentsCode", "Tid"],
            "size": [1, 2, 1, 2],
            "dimension": {
                "Region": {"category": {"index": [trust]}},
                "Tjenesteomraade": {"category": {"index": {"PHVV": 0, "PHBU": 1}}},
                "ContentsCode": {"category": {"index": ["Dognplasser"]}},
                "Tid": {"category": {"index": ["2023", "2024"]}},
            },
            "value": [1, 2, 3, 4],
        }
        changed = change(document)
        return changed if isinstance(changed, str) else json.dumps(changed)

    return data(content)


def _dimension(document: dict[str, Any], name: str, index: list[str]) -> dict[str, Any]:
    return {**document, "dimension": {**document["dimension"], name: {"category": {"index": index}}}}


PARQUET: list[tuple[str, Make, str, str | None]] = [
    ("time-with-zone", _with(DATES[0], _times("UTC")), "unreadable", DATES[0]),
    ("boolean-in-code", _with(CODES[0], lambda values: [True] * len(values)), "unreadable", CODES[0]),
    ("date-in-text", _parquet(lambda c: {**c, "pasient_id": c[DATES[0]]}), "unreadable", "pasient_id"),
    ("number-in-date", _with(DATES[1], lambda values: [1.0] * len(values)), "unreadable", DATES[1]),
    (
        "bytes-in-text",
        _with("pasient_id", lambda values: [one.encode() for one in values]),
        "unreadable",
        "pasient_id",
    ),
    (
        "list-in-text",
        _with("pasient_id", lambda values: [[one] for one in values]),
        "unreadable",
        "pasient_id",
    ),
    ("cut", _parquet(dict, lambda whole: whole[:-100]), "unreadable", None),
    ("no-end", _parquet(dict, lambda whole: whole[:-4] + b"xxxx"), "unreadable", None),
    ("damaged", _parquet(dict, lambda whole: whole[:20] + bytes(200) + whole[220:]), "unreadable", None),
    ("empty", _parquet(dict, lambda _: b""), "unreadable", None),
    ("no-rows", _parquet(lambda c: {name: values[:0] for name, values in c.items()}), "no_rows", None),
    (
        "missing",
        _parquet(lambda c: {n: v for n, v in c.items() if n != "pasient_id"}),
        "missing_column",
        "pasient_id",
    ),
    ("twice", _parquet(lambda c: {**c, "PASIENT_ID": c["pasient_id"]}), "duplicate_column", "pasient_id"),
]
PARQUET_ROWS: list[tuple[str, Make, Fault]] = [
    ("fraction", _with(CODES[0], _one_bad(1.5)), (CODES[0], "type", 1, BAD_LINE)),
    (
        "not-a-number",
        _with(CODES[0], lambda v: _one_bad(float("nan"))([float(one) for one in v])),
        (CODES[0], "type", 1, BAD_LINE),
    ),
    (
        "infinity",
        _with(CODES[0], lambda v: _one_bad(float("inf"))([float(one) for one in v])),
        (CODES[0], "type", 1, BAD_LINE),
    ),
    ("missing-value", _with(CODES[0], _one_bad(None)), (CODES[0], "required", 1, BAD_LINE)),
    (
        "time-in-date",
        _with(
            DATES[1],
            lambda days: pa.array(
                _one_bad(dt.datetime(2024, 1, 12, 0, 0, 1))([dt.datetime(2024, 1, 12)] * len(days)),
                pa.timestamp("us"),
            ),
        ),
        (DATES[1], "type", 1, BAD_LINE),
    ),
]
XLSX: list[tuple[str, Make, str, int | None, str | None]] = [
    ("cut", _workbook(cut=lambda whole: whole[: len(whole) // 2]), "unreadable", None, None),
    ("old-format", data(lambda _: b"\xd0\xcf\x11\xe0" + bytes(600)), "unreadable", None, None),
    ("entities", _member(SHEET, lambda _: LAUGHS), "unreadable", None, None),
    ("entity-of-a-file", _member(SHEET, lambda _: OUTSIDE), "unreadable", None, None),
    ("xml-cut", _member(SHEET, lambda xml: xml[:-40]), "unreadable", None, None),
    ("bomb", _member("xl/media/x.bin", lambda _: bytes(20_000_000)), "too_large", None, None),
    ("header-only", _workbook(lambda rows: rows[:1]), "no_rows", None, None),
    ("nothing", _workbook(lambda rows: []), "no_rows", None, None),
    (
        "missing",
        _workbook(lambda rows: [["x" if one == "pasient_id" else one for one in rows[0]], *rows[1:]]),
        "missing_column",
        1,
        "pasient_id",
    ),
]
XLSX_ROWS: list[tuple[str, Make, Fault]] = [
    ("error-cell", _cell(7, "#N/A"), (CODES[0], "type", 1, BAD_LINE)),
    ("formula-without-value", _cell(7, "=1+0"), (CODES[0], "required", 1, BAD_LINE)),
    ("fraction", _cell(7, 1.5), (CODES[0], "type", 1, BAD_LINE)),
    ("time-in-date", _cell(5, dt.datetime(2024, 1, 12, 1)), (DATES[1], "type", 1, BAD_LINE)),
    ("number-in-date", _cell(5, 45303), (DATES[1], "type", 1, BAD_LINE)),
]
JSON: list[tuple[str, Make, str, str | None]] = [
    ("cut", _jsonstat(lambda d: json.dumps(d)[:-20]), "unreadable", None),
    ("empty", _jsonstat(lambda d: ""), "unreadable", None),
    ("list", _jsonstat(lambda d: [d]), "unreadable", None),
    ("version-1", _jsonstat(lambda d: {**d, "version": "1.2"}), "unreadable", None),
    ("collection", _jsonstat(lambda d: {**d, "class": "collection"}), "unreadable", None),
    ("too-few-cells", _jsonstat(lambda d: {**d, "value": [1]}), "unreadable", None),
    ("cell-beyond", _jsonstat(lambda d: {**d, "value": {"4": 1}}), "unreadable", None),
    ("size-wrong", _jsonstat(lambda d: {**d, "size": [1, 2, 1, 3]}), "unreadable", None),
    ("nan", _jsonstat(lambda d: json.dumps(d).replace("4]", "NaN]")), "unreadable", None),
    ("deep", _jsonstat(lambda d: "[" * 50_000), "unreadable", None),
    ("huge", _jsonstat(lambda d: {**d, "size": [1, 100_000, 1, 100_000]}), "too_large", None),
    ("no-region", _jsonstat(lambda d: {**d, "id": ["A", *d["id"][1:]]}), "missing_column", "foretak_orgnr"),
    ("other-years", _jsonstat(lambda d: _dimension(d, "Tid", ["2022", "2023"])), "no_rows", None),
    ("other-contents", _jsonstat(lambda d: _dimension(d, "ContentsCode", ["Polikliniske"])), "no_rows", None),
    ("unknown-regions", _jsonstat(lambda d: _dimension(d, "Region", ["EAK"])), "no_rows", None),
]


CASES = [
    *(
        bad_file("parquet", f"parquet-{n}", WAITING, make, rule, column=column, file="a.parquet")
        for n, make, rule, column in PARQUET
    ),
    *(
        bad_rows("parquet", f"parquet-{n}", WAITING, make, {fault}, GOOD - 1, "a.parquet")
        for n, make, fault in PARQUET_ROWS
    ),
    accepted("parquet", "parquet-typed", WAITING, _parquet(dict), GOOD, "a.parquet"),
    accepted("parquet", "parquet-midnight", WAITING, _with(DATES[0], _times(None)), GOOD, "a.parquet"),
    *(
        bad_file("xlsx", f"xlsx-{n}", WAITING, make, rule, line=line, column=column, file="a.xlsx")
        for n, make, rule, line, column in XLSX
    ),
    *(
        bad_rows("xlsx", f"xlsx-{n}", WAITING, make, {fault}, GOOD - 1, "a.xlsx")
        for n, make, fault in XLSX_ROWS
    ),
    accepted("xlsx", "xlsx-date-cell", WAITING, _cell(5, dt.datetime(2024, 1, 12)), GOOD, "a.xlsx"),
    *(
        bad_file("json", f"json-{n}", BEDS, make, rule, column=column, file="a.json")
        for n, make, rule, column in JSON
    ),
    bad_file(
        "json",
        "json-negative",
        BEDS,
        _jsonstat(lambda d: {**d, "value": [1, -1, 2, 2]}),
        "too_many_rejected",
        also={("dognplasser", "range", 1, 2)},
        file="a.json",
    ),
    bad_file(
        "json",
        "json-other-area",
        BEDS,
        _jsonstat(lambda d: _dimension(d, "Tjenesteomraade", ["PHVV", "SOM"])),
        "too_many_rejected",
        also={("tjenesteomraade", "code", 1, 4)},
        file="a.json",
    ),
    accepted(
        "json", "json-missing-cell", BEDS, _jsonstat(lambda d: {**d, "status": {"1": ":"}}), 2, "a.json"
    ),
]
