"""Faults of the file as a thing on disk: cut, damaged, of another kind, no file at all, oddly named.

Belongs here: what goes wrong before a text has lines. Does not belong here: encodings, headers and values.
"""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

from tests.faults.model import Case, accepted, bad_file, bad_rows, place, stray
from tests.faults.rows import BAD_LINE, GOOD, Make, csv, data, good_rows, text

WAITING = "waiting_times"


def _gzip(change: slice | None = None) -> Make:
    return data(lambda trust: gzip.compress(csv(good_rows(WAITING, trust)).encode())[change or slice(None)])


def _wrong_crc(trust: str) -> bytes:
    whole = gzip.compress(csv(good_rows(WAITING, trust)).encode())
    return whole[:-8] + bytes(byte ^ 0xFF for byte in whole[-8:-4]) + whole[-4:]


def _two_members(trust: str) -> bytes:
    lines = csv(good_rows(WAITING, trust)).splitlines(keepends=True)
    return b"".join(gzip.compress("".join(part).encode()) for part in (lines[:10], lines[10:]))


def _header_again(trust: str) -> bytes:
    lines = csv(good_rows(WAITING, trust)).splitlines(keepends=True)
    return gzip.compress("".join([*lines[: BAD_LINE - 1], lines[0], *lines[BAD_LINE - 1 :]]).encode())


def _bomb(trust: str) -> bytes:
    return gzip.compress(b"a;b\n" * 5_000_000, 1)


def _cut_row(whole: str) -> str:
    """The last row ends in the middle of its fields."""
    return ";".join(whole.rstrip().split(";")[:-3])


def _outside(path: Path, trust: str) -> None:
    path.symlink_to("/etc/hostname")


def _inside(path: Path, trust: str) -> None:
    (path.parent / "_real.csv").write_text(csv(good_rows(WAITING, trust)))
    path.symlink_to("_real.csv")


def _pipe(path: Path, trust: str) -> None:
    os.mkfifo(path)


def _folder(path: Path, trust: str) -> None:
    path.mkdir()
    (path / "part-0.csv").write_text(csv(good_rows(WAITING, trust)))


def _device(path: Path, trust: str) -> None:
    path.symlink_to("/dev/zero")


GROUP = "containers"
REFUSED = [
    ("empty", text(WAITING, lambda _: ""), "no_rows", "a.csv"),
    ("blank-lines-only", text(WAITING, lambda _: "\n \n\n"), "no_rows", "a.csv"),
    ("header-only", text(WAITING, lambda t: t.splitlines()[0] + "\n"), "no_rows", "a.csv"),
    ("empty-gzip", data(lambda _: gzip.compress(b"")), "no_rows", "a.csv.gz"),
    ("gzip-cut", _gzip(slice(0, -30)), "unreadable", "a.csv.gz"),
    ("gzip-halved", _gzip(slice(0, 200)), "unreadable", "a.csv.gz"),
    ("gzip-crc", data(_wrong_crc), "unreadable", "a.csv.gz"),
    (
        "gzip-and-more",
        data(lambda t: gzip.compress(csv(good_rows(WAITING, t)).encode()) + b"more"),
        "unreadable",
        "a.csv.gz",
    ),
    ("gzip-bomb", data(_bomb), "too_large", "a.csv.gz"),
    ("text-named-gz", text(WAITING), "unreadable", "a.csv.gz"),
    ("gzip-named-csv", _gzip(), "unreadable", "a.csv"),
    ("zip-named-csv", data(lambda _: b"PK\x03\x04" + bytes(60)), "unreadable", "a.csv"),
    ("old-excel-named-csv", data(lambda _: b"\xd0\xcf\x11\xe0" + bytes(60)), "unreadable", "a.csv"),
    ("parquet-named-csv", data(lambda _: b"PAR1" + bytes(60) + b"PAR1"), "unreadable", "a.csv"),
    ("text-named-xlsx", text(WAITING), "unreadable", "a.xlsx"),
    ("text-named-parquet", text(WAITING), "unreadable", "a.parquet"),
]
NAMES = {
    "glob-brackets": "fil[1].csv",
    "glob-star": "st*r.csv",
    "glob-question": "q?.csv",
    "quote": "o'brien.csv",
    "double-quote": 'a"b.csv',
    "sql": "x; drop table raw.delivery_file--.csv",
    "newline": "a\nrejected: forged.csv",
    "ansi": "a\x1b[31m.csv",
    "right-to-left": "a\u202egpj.csv",
    "not-utf8": os.fsdecode(b"a\xe5.csv"),
    "composed": "bla\u030aba\u0308r.csv",
    "markup": "<img src=x onerror=alert(1)>.csv",
    "braces": "{a,b}[red].csv",
}
SENDERS = ("status=HEMMELIG", "line=7", "foretak_orgnr=1", "a'b", "x[1]", "{}", "%s")
STRAYS = {
    "symlink-out": ("ut.csv", _outside),
    "fifo": ("ror.csv", _pipe),
    "device": ("null.csv", _device),
    "folder-named-csv": ("mappe.csv", _folder),
    "wrong-extension": ("a.txt", text(WAITING)),
    "no-extension": ("a", text(WAITING)),
    "zip": ("a.csv.zip", text(WAITING)),
    "json-elsewhere": ("a.json", data(lambda _: "{}")),
}
MISTYPED = {
    "dataset": "waiting_time/2024-03/2024-04-10/a.csv",
    "capital": "Waiting_times/2024-03/2024-04-10/a.csv",
    "no-period": "waiting_times/a.csv",
    "no-date": "waiting_times/2024-03/a.csv",
    "month-13": "waiting_times/2024-13/2024-04-10/a.csv",
    "month-short": "waiting_times/2024-3/2024-04-10/a.csv",
    "tertial-for-month": "waiting_times/2024-T1/2024-05-10/a.csv",
    "tertial-4": "epicrises/2024-T4/2025-01-10/a.csv",
    "month-for-year": "costs/2024-03/2025-02-20/a.csv",
    "date-impossible": "waiting_times/2024-03/2024-04-31/a.csv",
    "date-compact": "waiting_times/2024-03/20240410/a.csv",
    "date-future": "waiting_times/2024-03/2999-01-01/a.csv",
    "period-future": "waiting_times/2999-01/2024-04-10/a.csv",
    "period-2018": "costs/2018/2019-02-20/a.csv",
    "too-deep": "waiting_times/2024-03/2024-04-10/too/deep/a.csv",
    "loose": "a.csv",
}


HEADER_AS_ROW = {
    "foretak_orgnr": "invalid_orgnr",
    "tjenesteomraade": "code",
    "ansiennitetsdato": "type",
    "vurderingsdato": "type",
    "ventetid_sluttdato": "type",
    "ventetid_sluttkode": "type",
    "rett_til_helsehjelp": "type",
    "utfall_av_vurdering": "type",
}
"""What the header breaks when it comes once more among the rows."""


def _named(name: str, file: str) -> Case:
    return accepted(GROUP, f"name-{name}", WAITING, text(WAITING), GOOD, file)


def _sender(number: int, sender: str) -> Case:
    return accepted(GROUP, f"sender-{number}", WAITING, text(WAITING), GOOD, sender=sender)


def _beside(name: str, file: str, make: Make) -> Case:
    """A stray entry inside a delivery does not hold the delivery back."""
    folder = place(WAITING, f"stray-{name}")
    good = f"{folder}/good.csv"
    case = stray(GROUP, f"stray-{name}", f"{folder}/{file}", make, **{good: text(WAITING)})
    return replace(case, others={good: "accepted"})


CASES = [
    *(bad_file(GROUP, name, WAITING, make, rule, file=file) for name, make, rule, file in REFUSED),
    accepted(GROUP, "gzip-two-members", WAITING, data(_two_members), GOOD, "a.csv.gz"),
    accepted(GROUP, "symlink-inside", WAITING, _inside, GOOD),
    accepted(GROUP, "upper-case-extension", WAITING, text(WAITING), GOOD, "A.CSV"),
    bad_rows(
        GROUP, "cut-row", WAITING, text(WAITING, _cut_row), {(None, "field_count", 1, GOOD + 1)}, GOOD - 1
    ),
    bad_rows(
        GROUP,
        "gzip-header-again",
        WAITING,
        data(_header_again),
        {(column, rule, 1, BAD_LINE) for column, rule in HEADER_AS_ROW.items()},
        GOOD,
        "a.csv.gz",
    ),
    *(_named(name, file) for name, file in NAMES.items()),
    *(_sender(number, sender) for number, sender in enumerate(SENDERS)),
    *(_beside(name, file, make) for name, (file, make) in STRAYS.items()),
    *(stray(GROUP, f"mistyped-{name}", path, text(WAITING)) for name, path in MISTYPED.items()),
]
