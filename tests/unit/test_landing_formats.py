"""Parquet, workbooks and JSON-stat: what counts as what, and what cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_kit import MORE, OLAVS, PERIOD, REGION, TRONDELAG, House, csv, house, many, no_gate

__all__ = ["house", "no_gate"]

DATES = ("ansiennitetsdato", "vurderingsdato", "ventetid_sluttdato")
CODES = ("ventetid_sluttkode", "rett_til_helsehjelp", "utfall_av_vurdering")


def parquet(columns: dict[str, Any]) -> bytes:
    """A Parquet file of columns (lists or Arrow arrays)."""
    target = io.BytesIO()
    names = list(columns)
    arrays = [one if isinstance(one, pa.Array) else pa.array(one) for one in columns.values()]
    pq.write_table(pa.Table.from_arrays(arrays, names=names), target)
    return target.getvalue()


def typed(count: int = 40) -> dict[str, Any]:
    """Columns of waiting_times as pandas and other tools write them."""
    rows = many(count)
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    for name in DATES:
        columns[name] = [dt.date.fromisoformat(value) for value in columns[name]]
    for name in CODES:
        columns[name] = [int(value) for value in columns[name]]
    return columns


def stamps(values: list[dt.date], unit: str = "us", zone: str | None = None) -> pa.Array:
    """Dates as timestamps at midnight."""
    return pa.array([dt.datetime.combine(value, dt.time()) for value in values], pa.timestamp(unit, tz=zone))


def test_parquet_types_that_hold_their_field(house: House) -> None:
    base = typed()
    files = {
        "text": {name: [str(value) for value in values] for name, values in base.items()},
        "typed": base,
        "turned": {name.upper() + " ": base[name] for name in reversed(base)},
        "small": {**base, **{name: pa.array(base[name], pa.int8()) for name in CODES}},
        "doubles": {**base, **{name: [float(value) for value in base[name]] for name in CODES}},
        "decimals": {**base, **{name: [Decimal(value) for value in base[name]] for name in CODES}},
        **{
            unit: {**base, **{name: stamps(base[name], unit) for name in DATES}}
            for unit in ("ms", "us", "ns")
        },
        "large": {**base, "henvisning_id": pa.array(base["henvisning_id"], pa.large_string())},
        "shared": {**base, "henvisning_id": pa.array(base["henvisning_id"]).dictionary_encode()},
        "whole_ids": {**base, "pasient_id": list(range(1, 41)), "foretak_orgnr": [int(OLAVS)] * 40},
        "null_dates": {**base, "vurderingsdato": pa.nulls(40)},
        "null_numbers": {**base, "pasient_id": pa.nulls(40)},
        "extra": {**base, "navn": ["Ola"] * 40, "nested": [{"a": {"b": 1}, "c": [1]}] * 40},
    }
    for number, (name, columns) in enumerate(files.items()):
        house.put(f"{PERIOD}/s{number:02}/{name}.parquet", parquet(columns))
    house.load()
    assert {name: house.counts(f"{name}.parquet") for name in files} == dict.fromkeys(files, (40, 40, 0, 0))


@pytest.mark.parametrize("kind", ["typed", "doubles"])
def test_parquet_rows_are_those_of_the_csv_file(house: House, kind: str) -> None:
    columns = typed()
    if kind == "doubles":
        columns |= {name: [float(value) for value in columns[name]] for name in CODES}
        columns |= {name: stamps(columns[name]) for name in DATES}
    house.put(f"{PERIOD}/a.parquet", parquet(columns))
    house.put("waiting_times/2024-03/2024-04-11/a.csv", csv(many(40)))
    house.load()
    of = "select * exclude (delivery_id, file_name) from raw.waiting_times where file_name = ? order by all"
    assert house.ask(of, "a.parquet") == house.ask(of, "a.csv")
    assert len(house.ask(of, "a.csv")) == 40


BAD_VALUES: list[tuple[str, Any, tuple[str, str]]] = [
    ("ventetid_sluttkode", [1.0] * 39 + [1.5], ("ventetid_sluttkode", "type")),
    ("ventetid_sluttkode", [1.0] * 39 + [float("nan")], ("ventetid_sluttkode", "type")),
    ("ventetid_sluttkode", [1.0] * 39 + [float("inf")], ("ventetid_sluttkode", "type")),
    ("ventetid_sluttkode", ["1"] * 39 + ["1.0"], ("ventetid_sluttkode", "type")),
    ("ventetid_sluttkode", [1] * 39 + [None], ("ventetid_sluttkode", "required")),
    ("ventetid_sluttkode", [1] * 39 + [8], ("ventetid_sluttkode", "code")),
    (
        "vurderingsdato",
        pa.array([dt.datetime(2024, 1, 12)] * 39 + [dt.datetime(2024, 1, 12, 0, 0, 1)], pa.timestamp("us")),
        ("vurderingsdato", "type"),
    ),
    ("vurderingsdato", ["2024-01-12"] * 39 + ["12.1.2024"], ("vurderingsdato", "type")),
    (
        "vurderingsdato",
        [dt.date(2024, 1, 12)] * 39 + [dt.date(2024, 4, 11)],
        ("vurderingsdato", "after_extract_date"),
    ),
    ("pasient_id", ["p"] * 39 + ["  "], ("", "")),
]


def test_parquet_values_that_do_not_fit(house: House) -> None:
    for number, (name, values, _) in enumerate(BAD_VALUES):
        house.put(f"{PERIOD}/s{number:02}/f{number:02}.parquet", parquet({**typed(), name: values}))
    house.load()
    for number, (_, _, fault) in enumerate(BAD_VALUES):
        found = {
            (*one[:2], one[3])
            for one in house.faults(f"f{number:02}.parquet")
            if one[1] != "same_trust_twice"
        }
        assert found == ({(*fault, 41)} if fault[0] else set())


def test_parquet_files_that_are_rejected(house: House) -> None:
    base = typed()
    whole = parquet(base)
    files: dict[str, tuple[bytes, str, set[str | None]]] = {
        "zone": (parquet({**base, DATES[0]: stamps(base[DATES[0]], "us", "UTC")}), "unreadable", {DATES[0]}),
        "bool": (parquet({**base, CODES[0]: [True] * 40}), "unreadable", {CODES[0]}),
        "date_in_text": (parquet({**base, "pasient_id": base[DATES[0]]}), "unreadable", {"pasient_id"}),
        "number_in_date": (parquet({**base, DATES[1]: [1.0] * 40}), "unreadable", {DATES[1]}),
        "bytes": (parquet({**base, "pasient_id": [b"x"] * 40}), "unreadable", {"pasient_id"}),
        "list": (parquet({**base, "pasient_id": [["x"]] * 40}), "unreadable", {"pasient_id"}),
        "time": (parquet({**base, DATES[1]: [dt.time(1)] * 40}), "unreadable", {DATES[1]}),
        "cut": (whole[:-100], "unreadable", {None}),
        "no_end": (whole[:-4] + b"xxxx", "unreadable", {None}),
        "damaged": (whole[:20] + bytes(200) + whole[220:], "unreadable", {None}),
        "text": (csv(many(3)).encode(), "unreadable", {None}),
        "empty": (b"", "unreadable", {None}),
        "no_rows": (parquet({name: values[:0] for name, values in base.items()}), "no_rows", {None}),
        "missing": (
            parquet({n: v for n, v in base.items() if n != "pasient_id"}),
            "missing_column",
            {"pasient_id"},
        ),
        "twice": (parquet({**base, "Pasient_ID": ["x"] * 40}), "duplicate_column", {"pasient_id"}),
    }
    for name, (content, _, _) in files.items():
        house.put(f"{PERIOD}/{name}/{name}.parquet", content)
    house.load()
    assert {name: house.one(f"{name}.parquet") for name in files} == {
        name: ("rejected", reason) for name, (_, reason, _) in files.items()
    }
    assert {name: {one[0] for one in house.faults(f"{name}.parquet")} for name in files} == {
        name: fields for name, (_, _, fields) in files.items()
    }


def test_a_date_cannot_hold_a_time(house: House) -> None:
    columns = {
        "opphold_id": ["a"], "pasient_id": ["p"], "foretak_orgnr": [OLAVS], "tjenesteomraade": ["SOM"],
        "omsorgsnivaa": [1], "inn_tid": [dt.date(2024, 1, 1)], "ut_tid": [dt.datetime(2024, 1, 2, 3, 4, 5)],
        "innmate_hast": [1], "uttilstand": [1], "dodsdato": [None],
    }  # fmt: skip
    house.put("inpatient_stays/2024-T1/2024-06-10/x/a.parquet", parquet(columns))
    house.put(
        "inpatient_stays/2024-T1/2024-06-10/y/b.parquet",
        parquet({**columns, "inn_tid": [dt.datetime(2024, 1, 1, 23, 59)]}),
    )
    house.load("inpatient_stays")
    assert house.one("a.parquet") == ("rejected", "unreadable")
    assert house.rows("inn_tid, ut_tid", "inpatient_stays") == [
        (dt.datetime(2024, 1, 1, 23, 59), dt.datetime(2024, 1, 2, 3, 4, 5))
    ]


def workbook(rows: list[list[Any]], more: bool = True) -> bytes:
    """An xlsx file with these rows on its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if more:
        book.create_sheet("other").append(["x"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_workbook(house: House) -> None:
    header = ["Foretak_orgnr ", "maaned", "atc_kode", "administrasjonsvei", "virkestoff_gram", None]
    rows: list[list[Any]] = [
        [],
        header,
        [int(OLAVS), dt.date(2024, 2, 1), "J01CA04", "O", 12.5],
        [float(OLAVS), "2024-02", "J01CA04", "P", "12,5"],
        [OLAVS, dt.datetime(2024, 3, 15), "J01CA04", "O", 1],
        [],
        [OLAVS, "2024-03", "J01CA04", "O", "=1+1"],
        [OLAVS, "2024-03", "J01CA04", "O", 1e-6],
        *([OLAVS, "2024-03", "J01CA04", "O", n] for n in range(30)),
        [OLAVS, "2024-03", "J01CA04", "O", "#N/A"],
    ]
    house.put("antibiotics/2024-T1/2024-06-10/a.xlsx", workbook(rows))
    house.load("antibiotics")
    assert house.faults("a.xlsx") == {
        ("virkestoff_gram", "type", 1, 39),
        ("virkestoff_gram", "required", 1, 7),
        (None, "too_many_rejected", 2, None),
    }
    rows[6][4] = 2
    house.put("antibiotics/2024-T1/2024-06-10/a.xlsx", workbook(rows))
    house.load("antibiotics")
    assert house.rows("line, foretak_orgnr, maaned, virkestoff_gram", "antibiotics")[:5] == [
        (3, OLAVS, "2024-02", Decimal("12.5")),
        (4, OLAVS, "2024-02", Decimal("12.5")),
        (5, OLAVS, "2024-03", Decimal(1)),
        (7, OLAVS, "2024-03", Decimal(2)),
        (8, OLAVS, "2024-03", Decimal("0.000001")),
    ]


def test_workbook_of_dates_times_and_booleans(house: House) -> None:
    stay = [
        "O1",
        77,
        OLAVS,
        974749025.0,
        "SOM",
        1,
        dt.datetime(2024, 1, 1, 10, 30),
        dt.date(2024, 1, 3),
        1,
        1,
        None,
    ]
    names = [
        "opphold_id",
        "pasient_id",
        "foretak_orgnr",
        "behandlingssted_orgnr",
        "tjenesteomraade",
        "omsorgsnivaa",
    ]
    names += ["inn_tid", "ut_tid", "innmate_hast", "uttilstand", "dodsdato"]
    late = [*stay[:6], dt.datetime(2024, 1, 1, 10, 29, 59, 999_900), *stay[7:]]
    house.put("inpatient_stays/2024-T1/2024-06-10/a.xlsx", workbook([names, stay, ["O2", *late[1:]]]))
    plan = ["F1", "P", OLAVS, "PHVV", dt.date(2024, 2, 1), dt.datetime(2024, 2, 1, 12), True, ""]
    names = ["forlop_id", "pasient_id", "foretak_orgnr", "tjenesteomraade", "behandling_start_dato"]
    names += ["behandlingsplan_dato", "plan_med_pasient", "forlop_slutt_dato"]
    fine = [["F" + str(n), "P", OLAVS, "PHVV", dt.date(2024, 2, 1), None, 0, None] for n in range(30)]
    house.put("treatment_plans/2024-T1/2024-06-10/b.xlsx", workbook([names, plan, *fine]))
    house.load("inpatient_stays")
    house.load("treatment_plans")
    assert house.rows(
        "opphold_id, pasient_id, behandlingssted_orgnr, inn_tid, ut_tid", "inpatient_stays"
    ) == [
        ("O1", "77", "974749025", dt.datetime(2024, 1, 1, 10, 30), dt.datetime(2024, 1, 3)),
        ("O2", "77", "974749025", dt.datetime(2024, 1, 1, 10, 30), dt.datetime(2024, 1, 3)),
    ]
    assert house.faults("b.xlsx") == {("behandlingsplan_dato", "type", 1, 2)}
    assert house.ask("select count(*) filter (not plan_med_pasient) from raw.treatment_plans") == [(30,)]


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


def test_workbooks_that_are_rejected(house: House) -> None:
    whole = workbook([["aar", "foretak_orgnr"], [2024, OLAVS]])
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    far = members[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    files = {
        "cut": (whole[: len(whole) // 2], "unreadable"),
        "old": (b"\xd0\xcf\x11\xe0" + bytes(600), "unreadable"),
        "text": (b"aar;foretak_orgnr\n", "unreadable"),
        "zip": (archive({"a.txt": b"x"}), "unreadable"),
        "bomb": (archive({**members, "xl/media/x.bin": bytes(50_000_000)}), "too_large"),
        "broken": (archive({**members, sheet: members[sheet][:-40]}), "unreadable"),
        "laughs": (archive({**members, sheet: laughs + b"<worksheet>&b;</worksheet>"}), "unreadable"),
        "far": (archive({**members, sheet: far}), "missing_column"),
        "header": (workbook([["aar", "foretak_orgnr", "tjenesteomraade", "dognplasser"]]), "no_rows"),
        "nothing": (workbook([]), "no_rows"),
        "missing": (whole, "missing_column"),
    }
    for name, (content, _) in files.items():
        house.put(f"psychiatric_beds/2024/2025-06-20/{name}/{name}.xlsx", content)
    house.load("psychiatric_beds")
    assert {name: house.one(f"{name}.xlsx") for name in files} == {
        name: ("rejected", reason) for name, (_, reason) in files.items()
    }


def jsonstat(**changes: Any) -> dict[str, Any]:
    """Two regions, two areas, two contents, two years: 16 cells in that order, each its own number."""
    document: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "id": ["Region", "Tjenesteomraade", "ContentsCode", "Tid"],
        "size": [2, 2, 2, 2],
        "dimension": {
            "Region": {"category": {"index": [OLAVS, REGION], "label": {}}},
            "Tjenesteomraade": {"category": {"index": {"PHVV": 0, "PHBU": 1}}},
            "ContentsCode": {"category": {"index": ["Dognplasser", "Polikliniske"]}},
            "Tid": {"category": {"index": ["2023", "2024"]}},
        },
        "value": list(range(16)),
    }
    return document | changes


EXPECTED = [
    (2, OLAVS, 2024, "PHVV", Decimal(1)),
    (6, OLAVS, 2024, "PHBU", Decimal(5)),
    (10, REGION, 2024, "PHVV", Decimal(9)),
    (14, REGION, 2024, "PHBU", Decimal(13)),
]
COLUMNS = "line, foretak_orgnr, aar, tjenesteomraade, dognplasser"


def reordered() -> dict[str, Any]:
    """The same cube with its dimensions the other way round."""
    values = [
        r * 8 + a * 4 + c * 2 + t for t in range(2) for c in range(2) for a in range(2) for r in range(2)
    ]
    return jsonstat(id=["Tid", "ContentsCode", "Tjenesteomraade", "Region"], value=values)


def categories(**changes: Any) -> dict[str, Any]:
    return {**jsonstat()["dimension"], **{name: {"category": given} for name, given in changes.items()}}


SHAPES: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "array": (jsonstat(), EXPECTED),
    "sparse": (jsonstat(value={str(n): n for n in range(16)}), EXPECTED),
    "objects": (
        jsonstat(
            dimension=categories(
                Region={"index": {REGION: 1, OLAVS: 0}}, Tid={"index": {"2023": 0, "2024": 1}}
            )
        ),
        EXPECTED,
    ),
    "order": (
        reordered(),
        [
            (9, OLAVS, 2024, "PHVV", Decimal(1)),
            (10, REGION, 2024, "PHVV", Decimal(9)),
            (11, OLAVS, 2024, "PHBU", Decimal(5)),
            (12, REGION, 2024, "PHBU", Decimal(13)),
        ],
    ),
    "nulls": (
        jsonstat(value=[None if n in (1, 9) else n for n in range(16)]),
        [(*row[:4], None if row[0] in (2, 10) else row[4]) for row in EXPECTED],
    ),
    "sparse_gap": (
        jsonstat(value={str(n): n for n in range(16) if n != 5}),
        [(*row[:4], None if row[0] == 6 else row[4]) for row in EXPECTED],
    ),
    "status": (
        jsonstat(
            value=[0 if n == 1 else n for n in range(16)], status={"1": ":", "5": "..", "9": "e", "13": "."}
        ),
        [(*row[:4], row[4] if row[0] == 10 else None) for row in EXPECTED],
    ),
    "status_array": (
        jsonstat(status=[":" if n == 1 else None for n in range(16)]),
        [(*row[:4], None if row[0] == 2 else row[4]) for row in EXPECTED],
    ),
    "fraction": (
        jsonstat(value=[n + 0.5 for n in range(16)]),
        [(*row[:4], row[4] + Decimal("0.5")) for row in EXPECTED],
    ),
    "unknown_region": (
        jsonstat(dimension=categories(Region={"index": [OLAVS, "EAK"]})),
        EXPECTED[:2],
    ),
    "one_year": (
        jsonstat(
            size=[2, 2, 2, 1],
            dimension=categories(Tid={"label": {"2024": "2024"}}),
            value=list(range(8)),
        ),
        [
            (1, OLAVS, 2024, "PHVV", Decimal(0)),
            (3, OLAVS, 2024, "PHBU", Decimal(2)),
            (5, REGION, 2024, "PHVV", Decimal(4)),
            (7, REGION, 2024, "PHBU", Decimal(6)),
        ],
    ),
}


def test_shapes_of_jsonstat(house: House) -> None:
    result = []
    for number, (document, _) in enumerate(SHAPES.values()):
        house.put(f"psychiatric_beds/2024/2025-06-{number + 1:02}/a.json", json.dumps(document))
        result.append(house.load("psychiatric_beds"))
    for number, (name, (_, expected)) in enumerate(SHAPES.items()):
        delivery = f"psychiatric_beds/2024/2025-06-{number + 1:02}"
        found = house.ask(
            f"select {COLUMNS} from raw.psychiatric_beds where delivery_id = ? order by line", delivery
        )
        assert (name, found) == (name, sorted(expected))
        assert (len(result[number].warnings) == 1) == (name == "unknown_region")
        assert "EAK" not in "".join(result[number].warnings)


def test_region_codes_stand_for_organisations(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(house.reference.__dict__, "region_codes", {"H04": REGION, "H05": TRONDELAG})
    document = jsonstat(dimension=categories(Region={"index": ["H04", "H05"]}))
    house.put("psychiatric_beds/2024/2025-06-20/a.json", "\ufeff" + json.dumps(document))
    house.load("psychiatric_beds")
    assert {row[0] for row in house.rows("foretak_orgnr", "psychiatric_beds")} == {REGION, TRONDELAG}


def test_jsonstat_that_is_rejected(house: House) -> None:
    files: dict[str, tuple[Any, tuple[str, str | None]]] = {
        "broken": ("{", ("unreadable", None)),
        "empty": ("", ("unreadable", None)),
        "list": ([1], ("unreadable", None)),
        "old": (jsonstat(version="1.2"), ("unreadable", None)),
        "collection": (jsonstat(**{"class": "collection"}), ("unreadable", None)),
        "few": (jsonstat(value=[1, 2]), ("unreadable", None)),
        "beyond": (jsonstat(value={"16": 1}), ("unreadable", None)),
        "sizes": (jsonstat(size=[2, 2, 2, 3]), ("unreadable", None)),
        "nan": (json.dumps(jsonstat()).replace(" 15]", " NaN]"), ("unreadable", None)),
        "deep": ("[" * 100_000, ("unreadable", None)),
        "huge": (jsonstat(size=[100_000, 100_000, 2, 2], value={}), ("too_large", None)),
        "no_region": (
            jsonstat(id=["A", "Tjenesteomraade", "ContentsCode", "Tid"]),
            ("missing_column", "foretak_orgnr"),
        ),
        "other_years": (
            jsonstat(dimension=categories(Tid={"index": ["2022", "2023"]})),
            ("no_rows", None),
        ),
        "negative": (jsonstat(value=[-n for n in range(16)]), ("too_many_rejected", None)),
    }
    for name, (document, _) in files.items():
        text = document if isinstance(document, str) else json.dumps(document)
        house.put(f"psychiatric_beds/2024/2025-06-20/{name}/{name}.json", text)
    house.load("psychiatric_beds")
    assert {name: house.one(f"{name}.json")[1] for name in files} == {
        name: rule for name, (_, (rule, _)) in files.items()
    }
    assert house.faults("no_region.json") == {("foretak_orgnr", "missing_column", 1, None)}
    assert house.faults("negative.json") == {
        ("dognplasser", "range", 4, 2),
        (None, "too_many_rejected", 4, None),
    }


def test_key_of_json_and_csv_together(house: House) -> None:
    house.put("psychiatric_beds/2024/2025-06-20/a.json", json.dumps(jsonstat()))
    row = {"foretak_orgnr": MORE, "aar": "2024", "tjenesteomraade": "PHVV", "dognplasser": "7,5"}
    house.put(
        "psychiatric_beds/2024/2025-06-20/b.csv",
        csv([row, {**row, "foretak_orgnr": OLAVS, "dognplasser": "1"}]),
    )
    house.load("psychiatric_beds")
    assert house.counts("a.json") == (4, 4, 0, 0)
    assert house.counts("b.csv") == (2, 1, 0, 1)
