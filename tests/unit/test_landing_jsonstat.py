"""JSON-stat 2.0: its shapes, what is left out, and what cannot be read."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from landing_kit import MORE, OLAVS, REGION, TRONDELAG, House, csv, house, no_gate

__all__ = ["house", "no_gate"]


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
