"""National identity numbers and organisation numbers, against plain Python; and what a hit leads to."""

from __future__ import annotations

import datetime as dt
import random
import re
import subprocess
from collections.abc import Callable

import duckdb
import pytest
from landing_kit import PERIOD, House, csv, house, many, no_gate, waiting

from orchestration.landing.identity import (
    MASK,
    is_identity_number,
    is_organisation_number,
    without_identity_numbers,
)
from orchestration.landing.model import shown
from orchestration.settings import PROJECT

__all__ = ["house", "no_gate"]


def control_digits(nine: str) -> str | None:
    """The two control digits; None when there are none."""
    digits = [int(digit) for digit in nine]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        control = -sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if control == 10:
            return None
        digits.append(control)
    return "".join(map(str, digits))


def synthetic(rng: random.Random, day_plus: int, month_plus: int) -> str:
    """A number of some series; made up, of nobody."""
    while True:
        date = dt.date(1880, 1, 1) + dt.timedelta(days=rng.randrange(60_000))
        day, month = f"{date.day + day_plus:02}", f"{date.month + month_plus:02}"
        nine = f"{day}{month}{date.year % 100:02}{rng.randrange(1000):03}"
        if number := control_digits(nine):
            return number


SERIES = [(day, month) for day in (0, 40) for month in (0, 40, 65, 80)]


def is_one(number: str) -> bool:
    """The definition, read from the specification."""
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    day -= 40 if day > 40 else 0
    month -= next((plus for plus in (80, 65, 40) if month > plus), 0)
    for century in (1800, 1900, 2000):
        try:
            dt.date(century + year, month, day)
        except ValueError:
            continue
        return control_digits(number[:9]) == number
    return False


@pytest.fixture
def ask() -> Callable[[list[str], str], list[bool]]:
    con = duckdb.connect()

    def answer(values: list[str], sql: str) -> list[bool]:
        rows = con.execute(f"select {sql} from (select unnest(?) as x)", [values]).fetchall()
        return [row[0] for row in rows]

    return answer


def test_every_series_is_found(ask: Callable[[list[str], str], list[bool]]) -> None:
    rng = random.Random(1)
    numbers = [synthetic(rng, day, month) for day, month in SERIES for _ in range(10_000)]
    assert all(ask(numbers, is_identity_number("x")))
    assert {without_identity_numbers(number) for number in numbers} == {MASK}


OFFICIAL = {
    "02013299997": True,
    "02013299903": False,
    "02013299806": True,
    "30108299920": True,
    "30108299939": False,
}
"""The tax administration's examples of the form of 2032 (nobody has them); true: today's form takes it too."""


def test_the_official_examples(ask: Callable[[list[str], str], list[bool]]) -> None:
    assert ask(list(OFFICIAL), is_identity_number("x")) == list(OFFICIAL.values())
    assert [without_identity_numbers(one) == MASK for one in OFFICIAL] == list(OFFICIAL.values())


def test_numbers_in_names_are_masked() -> None:
    number = synthetic(random.Random(5), 40, 0)
    gap = f"{number[:6]}-{number[6:]}"
    for name in (number, gap, gap.replace("-", " "), gap.replace("-", "_"), gap.replace("-", ".")):
        assert without_identity_numbers(f"ventetid_{name}.csv") == f"ventetid_{MASK}.csv"
        assert shown(f"{name} og {number}") == f"{MASK} og {MASK}"
        assert without_identity_numbers(f"1{name}") == f"1{name}"
        assert without_identity_numbers(f"{name}2") == f"{name}2"
    wrong = number[:10] + str((int(number[10]) + 1) % 10)
    plain = ["hf_883974832_2024-03.csv", "2024-04-10", wrong, "20240410123456.csv", "14.03.83", "æ=1"]
    assert [without_identity_numbers(name) for name in plain] == plain


def test_no_number_is_written_down_anywhere() -> None:
    """One in code, tests or documents may belong to somebody."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=False).stdout
    written = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[ ._-]?[0-9]{5}(?![0-9A-Za-z])")
    for name in filter(None, tracked.decode().split("\0")):
        if (PROJECT / name).is_file():
            text = (PROJECT / name).read_bytes().decode("utf-8", "replace")
            found = {one for one in written.findall(text) if without_identity_numbers(one) == MASK}
            assert found <= set(OFFICIAL), name


def test_random_numbers_are_judged_as_the_definition_does(
    ask: Callable[[list[str], str], list[bool]],
) -> None:
    rng = random.Random(2)
    numbers = [f"{rng.randrange(10**11):011}" for _ in range(50_000)]
    numbers += [str(control_digits(f"{rng.randrange(10**9):09}") or 10**10) for _ in range(50_000)]
    found = ask(numbers, is_identity_number("x"))
    assert found == [is_one(number) for number in numbers]
    assert sum(found[:50_000]) < 200, "more than 0.4 % of random numbers of eleven digits"


def test_other_texts_are_none(ask: Callable[[list[str], str], list[bool]]) -> None:
    number = synthetic(random.Random(3), 0, 0)
    texts = [
        "",
        number[:10],
        number + "0",
        f"{number[:6]} {number[6:]}",
        "x" * 11,
        "٠" * 11,
        number[:10] + "x",
    ]
    texts += [number[:10] + str((int(number[10]) + 1) % 10)]
    assert not any(ask(texts, is_identity_number("x")))


def test_organisation_numbers(ask: Callable[[list[str], str], list[bool]]) -> None:
    good = ["883974832", "983974791", "997005562", "983658776", "974749025"]
    bad = ["883974833", "88397483", "8839748320", "", "abcdefghi", "000000001", "883 974 832"]
    assert ask(good + bad, is_organisation_number("x")) == [True] * len(good) + [False] * len(bad)


def test_one_number_rejects_the_file(house: House) -> None:
    number = synthetic(random.Random(4), 40, 80)
    rows = [
        *many(40),
        waiting(41, pasient_id=f" {number} "),
        waiting(42, pasient_id=number, tjenesteomraade="X"),
    ]
    house.put(f"{PERIOD}/a/plain.csv", csv(rows))
    house.put(f"{PERIOD}/b/quoted.csv", csv(rows).replace("H41", '"H41"'))
    house.put(f"{PERIOD}/c/short_row.csv", csv(many(30)) + f"H9;{number};x\n")
    house.put(f"{PERIOD}/d/code.csv", csv([*many(40), waiting(41, tjenesteomraade=number)]))
    house.put(f"{PERIOD}/e/extra.csv", csv([{**row, "fnr": number} for row in many(40)]))
    house.load()
    for name in ("plain.csv", "quoted.csv"):
        assert house.one(name) == ("rejected", "identity_number")
        assert ("pasient_id", "identity_number", 2, 42) in house.faults(name)
        assert house.counts(name) == (42, 41, 1, 0)
    assert ("pasient_id", "identity_number", 1, 32) in house.faults("short_row.csv")
    assert house.one("code.csv") == ("accepted", None), "a code column is no text column; the row is rejected"
    assert house.one("extra.csv")[1] == "same_trust_twice", "unlisted columns are not read"
    told = repr([house.ask(f"from raw.{table}") for table in ("delivery_file", "rejection", "gate_result")])
    assert number not in told
