"""Parquet: which types hold which field, and what cannot be read."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_kit import OLAVS, PERIOD, TRONDELAG, House, csv, house, many, no_gate

from orchestration.landing.parse import family, parsed

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


def test_not_a_number_is_seen_where_the_statistics_of_the_file_do_not_show_it(house: House) -> None:
    columns: dict[str, Any] = {
        "foretak_orgnr": [OLAVS] * 40,
        "regnskapsaar": [2024] * 40,
        "tjenesteomraade": ["SOM"] * 40,
        "kostnadsart": ["LONN"] * 40,
        "belop_nok": [float("nan")] + [1.0] * 39,
    }
    house.put("costs/2024/2025-02-20/a.parquet", parquet(columns))
    house.load("costs")  # alone: beside others it would be read by other statistics
    assert house.counts("a.parquet") == (40, 39, 1, 0)
    assert house.faults("a.parquet") == {("belop_nok", "type", 1, 2)}
    house.put("costs/2024/2025-02-20/whole.parquet", parquet({**columns, "belop_nok": [2] * 40}))
    amounts = [Decimal("1.25")] * 40
    house.put("costs/2024/2025-02-20/decimal.parquet", parquet({**columns, "belop_nok": amounts}))
    house.load("costs")
    assert house.counts("whole.parquet") == house.counts("decimal.parquet") == (40, 40, 0, 0)


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


def test_the_decimals_of_one_file_do_not_follow_another_file(house: House) -> None:
    """Files are read together; the types of the first one hold for that one only."""
    fields = {"regnskapsaar": [2024], "tjenesteomraade": ["PHVV"], "kostnadsart": ["LONN"]}
    amounts = {"a": pa.array([Decimal(200000000)], pa.decimal128(9, 0)), "b": pa.array([Decimal("105.5")])}
    for (name, amount), trust in zip(amounts.items(), (OLAVS, TRONDELAG), strict=True):
        columns = {"foretak_orgnr": [trust], **fields, "belop_nok": amount}
        house.put(f"costs/2024/2025-02-20/{name}/{name}.parquet", parquet(columns))
    house.load("costs")
    assert sorted(house.rows("belop_nok", "costs")) == [(Decimal("105.5"),), (Decimal(200000000),)]


@pytest.mark.parametrize(
    ("kind", "stored", "value", "expected"),
    [
        ("boolean", "boolean", True, True),
        ("boolean", "tinyint", 0, False),
        ("boolean", "double", 1.0, True),
        ("integer", "hugeint", 7, 7),
        ("integer", "decimal(9, 2)", Decimal("7.00"), 7),
        ("decimal", "bigint", 7, Decimal(7)),
        ("decimal", "float", 0.5, Decimal("0.5")),
        ("decimal", "double", float("nan"), None),
        ("string", "uinteger", 7, "7"),
        ("date", "timestamp_s", dt.datetime(2024, 3, 1), dt.date(2024, 3, 1)),
        ("timestamp", "timestamp_ns", dt.datetime(2024, 3, 1, 9), dt.datetime(2024, 3, 1, 9)),
        ("month", "date", dt.date(2024, 3, 1), "2024-03"),
    ],
)
def test_every_kind_of_column_is_cast_from_what_holds_it(
    kind: Any, stored: str, value: object, expected: object
) -> None:
    source = family(stored.upper(), kind)
    assert source
    found = duckdb.execute(
        f"select {parsed(kind, source, 'x')} from (select $x::{stored} as x)", {"x": value}
    )
    assert found.fetchall() == [(expected,)]
