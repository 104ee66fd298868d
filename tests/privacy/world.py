"""A landing folder in which every place that a sender can write to holds made-up patients.

Belongs here: accepted rows, rows and files of every rule, columns and names that nobody asked for, all formats.
Does not belong here: what the rules say of them (``tests/faults``).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.house import BASE_TRUSTS
from tests.faults.model import CONTRACTS, place
from tests.faults.rows import ROWS, Make, Row, csv, data, row
from tests.privacy.canaries import NAMES, NUMBERS, PSEUDONYM

WAITING = "waiting_times"
NUMBER = NUMBERS[0]
TRUST = BASE_TRUSTS[0]
LONGEST_LINE = 5000
"""Setting of the runs; a longer line is a broken rule."""

ROW_FAULTS: dict[str, Row] = {
    "required": {"ventetid_sluttdato": ""},
    "type": {"ventetid_sluttdato": NUMBERS[1]},
    "length": {"pasient_id": NUMBERS[3] * 6},
    "code": {"tjenesteomraade": NUMBERS[4]},
    "period": {"ventetid_sluttdato": "2024-02-05"},
    "after_extract_date": {"vurderingsdato": "2024-05-05"},
    "before_1900": {"ansiennitetsdato": "1083-03-14"},
    "end_before_start": {"ansiennitetsdato": "2024-03-06"},
    "invalid_orgnr": {"foretak_orgnr": NUMBERS[5]},
    "unknown_trust": {"foretak_orgnr": "999999999"},
}
"""Rule of a row -> values that break it; the other values of the row are canaries too."""


def marked(dataset: str, trust: str, count: int, first: int = 1) -> list[Row]:
    """Good rows with a canary in every text column: a number within a text, or a pseudonym.

    The number of the row stands behind it, so that keys are unique.
    """
    texts = [column.name for column in CONTRACTS[dataset].columns if column.identity_scan]
    canaries = cycle([f"P{number}" for number in NUMBERS] + [PSEUDONYM])
    return [
        row(dataset, trust, number, **{name: f"{next(canaries)}x{number}" for name in texts})
        for number in range(first, first + count)
    ]


def _rows_of_every_rule(trust: str) -> str:
    rows = marked(WAITING, trust, 320, 1000)
    for place_of, (bad, changes) in enumerate(
        zip(marked(WAITING, trust, len(ROW_FAULTS), 2000), ROW_FAULTS.values(), strict=True)
    ):
        rows.insert(20 * place_of, {**bad, **changes})
    clash = {**rows[-1], "pasient_id": f"P{NUMBERS[6]}"}
    return csv([*rows, clash]) + f"H9;P{NUMBER};{NUMBERS[1]}\n"


def _out_of_range(trust: str) -> str:
    (bad,) = marked("clinical_trials", trust, 1, 99)
    return csv([*marked("clinical_trials", trust, 44), {**bad, "nye_pasienter": f"-{NUMBERS[2]}"}])


def _extra(trust: str) -> str:
    """Columns that nobody asked for, in a file that is accepted."""
    rows = marked(WAITING, trust, 20, 3000)
    return csv([{**one, "navn": NAMES[0], NUMBER: NUMBERS[7], NAMES[1]: "x"} for one in rows])


def _workbook(path: Path, trust: str) -> None:
    book = openpyxl.Workbook()
    rows = [
        *marked("apprentices", trust, 44),
        {**marked("apprentices", trust, 1, 99)[0], "larefag": NUMBERS[8]},
    ]
    for cells in ([*rows[0], "navn", NUMBER], *([*one.values(), NAMES[0], NUMBERS[9]] for one in rows)):
        book.active.append(cells)
    book.create_sheet(NUMBER).append([NAMES[1]])
    book.save(path)


def _parquet(path: Path, trust: str) -> None:
    rows = marked(WAITING, trust, 44, 4000)
    rows.append({**marked(WAITING, trust, 1, 4999)[0], "rett_til_helsehjelp": NUMBERS[11]})
    pq.write_table(
        pa.Table.from_pylist([{**one, "navn": NAMES[0], NUMBER: NUMBERS[10]} for one in rows]), path
    )


def _wrong_types(path: Path, trust: str) -> None:
    rows = [{**one, "ventetid_sluttdato": {"x": NUMBERS[12]}} for one in marked(WAITING, trust, 9)]
    pq.write_table(pa.Table.from_pylist(rows), path)


def _jsonstat(path: Path, trust: str) -> None:
    categories = {
        "Region": [trust, NUMBER, NAMES[0]],
        "Tjenesteomraade": ["PHVV", NUMBERS[1]],
        "ContentsCode": ["Dognplasser"],
        "Tid": ["2024"],
    }
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": NAMES[0],
        "id": list(categories),
        "size": [len(codes) for codes in categories.values()],
        "dimension": {name: {"category": {"index": codes}} for name, codes in categories.items()},
        "value": [10, 11, NUMBERS[2], 13, NAMES[1], 15],
    }
    path.write_text(json.dumps(document))


def _text(change: Callable[[str], str | bytes], first: int = 1) -> Make:
    return data(lambda trust: change(csv(marked(WAITING, trust, 44, first))))


ACCEPTED: dict[str, dict[str, Make]] = {
    **{
        dataset: {"a.csv": data(lambda trust, dataset=dataset: csv(marked(dataset, trust, 44)))}
        for dataset in ROWS
        if dataset not in (WAITING, "clinical_trials", "apprentices")
    },
    "clinical_trials": {"a.csv": data(_out_of_range)},
    "apprentices": {"a.xlsx": _workbook},
    WAITING: {
        "rules.csv": data(_rows_of_every_rule),
        "extra.csv": data(_extra),
        "a.parquet": _parquet,
        "quoted.csv": _text(lambda text: text.replace(";SOM;", ';"SOM";'), 5000),
        f"{NUMBERS[0]}.csv": _text(str, 6000),
        f"x_{NUMBERS[4][:6]}-{NUMBERS[4][6:]}.csv": _text(str, 7000),
    },
}
"""Dataset -> the files of a delivery that comes into force."""

REJECTED: dict[str, tuple[str, Make]] = {
    "jsonstat": ("a.json", _jsonstat),
    "no_json": ("b.json", _text(lambda text: '{"value": "' + text)),
    "unclosed_quote": ("a.csv", _text(lambda text: f'{text}"{NUMBER};{NAMES[0]}\n')),
    "line_break": ("a.csv", _text(lambda text: text.replace(f"P{NUMBER}x", f'P"{NUMBER}\n"x'))),
    "torn_gzip": ("a.csv.gz", _text(lambda text: gzip.compress(text.encode())[:-20])),
    "no_workbook": ("a.xlsx", _text(lambda text: b"PK\x03\x04" + text.encode())),
    "no_parquet": ("a.parquet", _text(lambda text: b"PAR1" + text.encode() + b"PAR1")),
    "types": ("a.parquet", _wrong_types),
    "encoding": ("a.csv", _text(lambda text: text.encode() + b"\x81\x8d")),
    "utf16": ("a.csv", _text(lambda text: text.encode("utf-16"))),
    "nul": ("a.csv", _text(lambda text: text + "\0")),
    "missing_column": ("a.csv", _text(lambda text: text.replace("pasient_id", NUMBER, 1))),
    "duplicate_column": ("a.csv", _text(lambda text: text.replace("\n", f";{NUMBER};{NUMBER}\n"))),
    "no_rows": ("a.csv", _text(lambda text: text.partition("\n")[0] + f";{NUMBER}\n")),
    "no_header": ("a.csv", _text(lambda text: text.partition("\n")[2])),
    "identity_number": ("a.csv", _text(lambda text: text.replace(f"P{NUMBER}x1;", f"{NUMBER};"))),
    "too_many_rejected": ("a.csv", _text(lambda text: text.replace(";SOM;", f";{NUMBER};"))),
    "too_large": ("a.csv", _text(lambda text: text + NUMBER * LONGEST_LINE)),
    "twice": ("a.csv", _text(str)),
    f"{NUMBERS[1][:6]} {NUMBERS[1][6:]}": (f"{NUMBERS[3]}.csv", _text(lambda text: text + "\0")),
}
"""Sender -> a file that is rejected, and its delivery with it; all but JSON are waiting times."""
STRAY = f"{NUMBER}/{NUMBERS[5]}.txt"


def build(landing: Path) -> None:
    """Write the folder."""
    for dataset, files in ACCEPTED.items():
        for name, make in files.items():
            _put(landing / place(dataset, "good") / name, make)
    for sender, (name, make) in REJECTED.items():
        dataset = "psychiatric_beds" if name.endswith(".json") else WAITING
        _put(landing / place(dataset, sender) / name, make)
    _put(landing / STRAY, data(lambda _: NUMBER))


def _put(path: Path, make: Make) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path, TRUST)
