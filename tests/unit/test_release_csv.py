"""CSV for a Norwegian Excel."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.csv_text import cell, number, write_csv


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (-2, "-2"),
        (-0.5, "-0,5"),
        (0.1 + 0.2, "0,30000000000000004"),
        (1e-7, "0,0000001"),
        (1e21, "1000000000000000000000"),
        (5e6, "5000000"),
        (Decimal("0.700000"), "0,7"),
        (Decimal("100.000000"), "100"),
        (Decimal("-2.50"), "-2,5"),
        (dt.date(2024, 1, 31), "2024-01-31"),
        ("2024-T1", "2024-T1"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\rx", "'\rx"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("−2 prosentpoeng", "−2 prosentpoeng"),
        ("a=b", "a=b"),
    ],
)
def test_one_value(value: object, written: str) -> None:
    assert cell(value) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_loses_nothing(value: float) -> None:
    assert float(number(value).replace(",", ".")) == value


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, ["navn", "verdi"], [('Møre; «og» "Romsdal"', 0.5), ("to\nlinjer", None)])
    content = path.read_bytes()
    assert content.startswith("\ufeffnavn;verdi\r\n".encode())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[1:] == [['Møre; «og» "Romsdal"', "0,5"], ["to\nlinjer", ""]]
