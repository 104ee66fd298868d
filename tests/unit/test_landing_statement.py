"""The statement that judges rows: its order of rows, its shortcut, its types, quarantine."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from landing_kit import (
    BASE,
    CONTRACTS,
    MORE,
    OLAVS,
    PERIOD,
    REGION,
    WAITING,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration.landing import rules

__all__ = ["house", "no_gate"]


GOOD = many(99, 1000)
"""Enough good rows for a file to be accepted with some bad ones: the first bad row stands on line 101."""


def test_values_are_stored_by_the_type_of_their_column(house: House) -> None:
    row = {**BASE["antibiotics"], "virkestoff_gram": "-1234,5678"}
    house.put("antibiotics/2024-T1/2024-06-10/a.csv", csv([row]))
    house.put("inpatient_stays/2024-T1/2024-06-10/b.csv", csv([BASE["inpatient_stays"]]))
    house.put("treatment_plans/2024-T1/2024-06-10/c.csv", csv([BASE["treatment_plans"]]))
    for dataset in ("antibiotics", "inpatient_stays", "treatment_plans"):
        house.load(dataset)
    assert house.rows(dataset="antibiotics") == [
        (
            "antibiotics/2024-T1/2024-06-10",
            "a.csv",
            2,
            OLAVS,
            "2024-01",
            "J01CA04",
            "O",
            Decimal("-1234.567800"),
        )
    ]
    assert house.rows("inn_tid, dodsdato, innmate_hast", "inpatient_stays") == [
        (dt.datetime(2024, 1, 2, 10), None, 1)
    ]
    assert house.rows("plan_med_pasient, behandlingsplan_dato", "treatment_plans") == [(True, None)]


def test_quarantine_keeps_line_field_rule_and_row(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([*GOOD, waiting(1, tjenesteomraade="X", ventetid_sluttkode="y")]))
    house.load()
    text = "H1;P1;883974832;X;2024-01-10;2024-01-12;2024-03-05;y;3;1"
    assert house.ask("from quarantine.rejected_row order by field") == [
        ("waiting_times", PERIOD, "a.csv", 101, "tjenesteomraade", "code", text),
        ("waiting_times", PERIOD, "a.csv", 101, "ventetid_sluttkode", "type", text),
    ]
    assert house.counts("a.csv") == (100, 99, 1, 0)
    assert len(house.rows()) == 99


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_no_join_stands_in_the_statement(house: House, dataset: str) -> None:
    """A join would lose the order of rows, and with it the line numbers."""
    contract = CONTRACTS[dataset]
    columns = ", ".join(f"'x' as in_{column.name}" for column in contract.columns)
    sql = (
        "select 1 as file_no, null::bigint as line, true as whole, current_date as extract_date, "
        f"current_date as period_start, current_date as period_end, {columns} from range(3)"
    )
    families = {column.name: "text" for column in contract.columns}
    plan = house.con.execute(
        f"explain {rules.judged_rows(contract, rules.Source(sql, families))}",
        rules.parameters(contract, house.reference),
    ).fetchall()
    assert "JOIN" not in plan[0][1].upper()


def test_trusts_of_other_regions_are_accepted(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([waiting(1), waiting(2, foretak_orgnr=MORE)]))
    house.load()
    assert house.ask("select org_id, row_count from raw.delivery_org order by all") == [(OLAVS, 1), (MORE, 1)]


POOL = [
    *(
        "",
        None,
        "0",
        "1",
        "-1",
        "5",
        "2024",
        "+7",
        "1,5",
        "0.1",
        "ja",
        "NEI",
        "x",
        "2024-02-30",
        "2024-01-31",
    ),
    *(
        "31.01.2024",
        "1899-12-31",
        "2030-01-01",
        "2024-01-31 10:30",
        "2024-01-01T00:00:00",
        "2024-02",
        "1850-07",
    ),
    *(
        "SOM",
        "PHVV",
        "K",
        "lung",
        "kokk",
        "BARN",
        "ordinaer",
        "LONN",
        "planlagt",
        "J01CA04",
        "O",
        OLAVS,
        REGION,
    ),
    *("883974833", "974749025", "p" * 65, "æ" * 21, "9999-12-31", "0001-01-01"),
]


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_the_cheap_look_overlooks_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, dataset: str
) -> None:
    """Faults are looked for only in rows that a cheaper condition suspects: it must suspect every bad row."""
    contract = CONTRACTS[dataset]
    rng = random.Random(dataset)
    columns = [column.name for column in contract.columns]
    good = {**dict.fromkeys(columns), **(WAITING if dataset == "waiting_times" else BASE[dataset])}
    rows = [
        [value or None for value in {**good, rng.choice(columns): rng.choice(POOL)}.values()]
        for _ in range(900)
    ]
    house.con.execute(f"create temp table given ({', '.join(f'in_{name} varchar' for name in columns)})")

    lists = {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
    listed = ", ".join(f"unnest(${name}::varchar[])" for name in columns)
    house.con.execute(f"insert into given select {listed}", lists)
    sql = (
        "select 1 as file_no, rowid as line, true as whole, date '2024-12-31' as extract_date, "
        "date '2024-01-01' as period_start, date '2024-12-31' as period_end, * from given"
    )

    def judged() -> list[tuple[object, ...]]:
        statement = rules.judged_rows(contract, rules.Source(sql, dict.fromkeys(columns, "text")))
        known = rules.parameters(contract, house.reference)
        return house.con.execute(
            f"select line, faults, row_text from ({statement}) order by line", known
        ).fetchall()

    found = judged()
    monkeypatch.setattr(rules, "_suspicion", lambda *_: "true")
    assert found == judged()
    assert 0.05 < sum(faults is None for _, faults, _ in found) / len(found) < 0.95
