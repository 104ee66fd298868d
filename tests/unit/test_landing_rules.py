"""Every row rule, and the strict forms of values, as a sender meets them."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from landing_kit import (
    BASE,
    CONTRACTS,
    EXTRACT_DATE,
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


def rules_of(house: House, rows: list[dict[str, str]], good: int = 20) -> list[set[tuple[str | None, str]]]:
    """Field and rule of every fault, for each of the rows: each in a file of its own with good ones."""
    for number, row in enumerate(rows):
        base = many(good, 10_000 + 100 * number)
        house.put(f"{PERIOD}/s{number:03}/f{number:03}.csv", csv([*base, row]))
    house.load()
    return [
        {(field, rule) for field, rule, _, line in house.faults(f"f{number:03}.csv") if line == good + 2}
        for number in range(len(rows))
    ]


CASES: list[tuple[dict[str, str], set[tuple[str | None, str]]]] = [
    ({}, set()),
    ({"henvisning_id": ""}, {("henvisning_id", "required")}),
    ({"henvisning_id": "   "}, {("henvisning_id", "required")}),
    ({"pasient_id": ""}, set()),
    ({"pasient_id": "p" * 64}, set()),
    ({"pasient_id": "ø" * 64}, set()),
    ({"pasient_id": "p" * 65}, {("pasient_id", "length")}),
    ({"foretak_orgnr": ""}, {("foretak_orgnr", "required")}),
    ({"foretak_orgnr": f" {OLAVS} "}, set()),
    ({"foretak_orgnr": "883974833"}, {("foretak_orgnr", "invalid_orgnr")}),
    ({"foretak_orgnr": "88397483"}, {("foretak_orgnr", "invalid_orgnr")}),
    ({"foretak_orgnr": "St. Olavs"}, {("foretak_orgnr", "invalid_orgnr")}),
    ({"foretak_orgnr": "974749025"}, {("foretak_orgnr", "unknown_trust")}),
    ({"foretak_orgnr": REGION}, {("foretak_orgnr", "unknown_trust")}),
    ({"tjenesteomraade": "som"}, {("tjenesteomraade", "code")}),
    ({"tjenesteomraade": "RUS"}, {("tjenesteomraade", "code")}),
    ({"ventetid_sluttkode": "6"}, {("ventetid_sluttkode", "code")}),
    ({"ventetid_sluttkode": "01"}, set()),
    ({"ventetid_sluttkode": "+1"}, set()),
    ({"ventetid_sluttkode": "1.0"}, {("ventetid_sluttkode", "type")}),
    ({"ventetid_sluttkode": "1,0"}, {("ventetid_sluttkode", "type")}),
    ({"ventetid_sluttkode": "1e0"}, {("ventetid_sluttkode", "type")}),
    ({"ventetid_sluttkode": "0x1"}, {("ventetid_sluttkode", "type")}),
    ({"ventetid_sluttkode": "1_0"}, {("ventetid_sluttkode", "type")}),
    ({"ventetid_sluttkode": "99999999999999999999"}, {("ventetid_sluttkode", "type")}),
    ({"ventetid_sluttkode": "NULL"}, {("ventetid_sluttkode", "type")}),
    ({"ansiennitetsdato": "10.01.2024"}, set()),
    ({"ansiennitetsdato": "2023-02-29"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "30.02.2024"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "24-03-01"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "1.1.2024"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "2024/01/10"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "20240110"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "infinity"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "epoch"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "2024-01-10 00:00:00"}, {("ansiennitetsdato", "type")}),
    ({"ansiennitetsdato": "1900-01-01"}, set()),
    ({"ansiennitetsdato": "1899-12-31"}, {("ansiennitetsdato", "before_1900")}),
    ({"vurderingsdato": "2024-04-10"}, set()),
    ({"vurderingsdato": "2024-04-11"}, {("vurderingsdato", "after_extract_date")}),
    ({"vurderingsdato": ""}, set()),
    ({"ventetid_sluttdato": "2024-03-01"}, set()),
    ({"ventetid_sluttdato": "2024-03-31"}, set()),
    ({"ventetid_sluttdato": "2024-04-01"}, {("ventetid_sluttdato", "period")}),
    ({"ventetid_sluttdato": "2024-02-29"}, {("ventetid_sluttdato", "period")}),
    (
        {"ventetid_sluttdato": "2024-01-09"},
        {("ventetid_sluttdato", "period"), ("ventetid_sluttdato", "end_before_start")},
    ),
    ({"ansiennitetsdato": "2024-03-05"}, set()),
    ({"ansiennitetsdato": "2024-03-06"}, {("ventetid_sluttdato", "end_before_start")}),
    (
        {"henvisning_id": "", "foretak_orgnr": "1", "tjenesteomraade": "X", "rett_til_helsehjelp": "4"},
        {
            ("henvisning_id", "required"),
            ("foretak_orgnr", "invalid_orgnr"),
            ("tjenesteomraade", "code"),
            ("rett_til_helsehjelp", "code"),
        },
    ),
]


def test_every_fault_of_every_row_is_reported(house: House) -> None:
    rows = [waiting(number, **changes) for number, (changes, _) in enumerate(CASES)]
    assert rules_of(house, rows) == [expected for _, expected in CASES]
    accepted = {row[0] for row in house.rows("henvisning_id")}
    # one trust per extract date: the senders after the first are turned down, so look at the counts instead
    counts = [house.counts(f"f{number:03}.csv") for number in range(len(CASES))]
    assert [count[2] for count in counts] == [len(expected) > 0 for _, expected in CASES]
    assert accepted


OTHERS: list[tuple[str, str, dict[str, str], set[tuple[str | None, str]]]] = [
    ("inpatient_stays", "2024-T1", {}, set()),
    ("inpatient_stays", "2024-T1", {"inn_tid": "2024-01-01T10:30:15"}, set()),
    ("inpatient_stays", "2024-T1", {"inn_tid": "2024-01-01"}, {("inn_tid", "type")}),
    ("inpatient_stays", "2024-T1", {"inn_tid": "01.01.2024 10:30"}, {("inn_tid", "type")}),
    ("inpatient_stays", "2024-T1", {"inn_tid": "2024-01-01 24:00"}, {("inn_tid", "type")}),
    ("inpatient_stays", "2024-T1", {"inn_tid": "2024-01-01 10:60"}, {("inn_tid", "type")}),
    ("inpatient_stays", "2024-T1", {"inn_tid": "2024-01-01 10:30Z"}, {("inn_tid", "type")}),
    ("inpatient_stays", "2024-T1", {"inn_tid": "2024-01-01 10:30+01:00"}, {("inn_tid", "type")}),
    ("inpatient_stays", "2024-T1", {"ut_tid": "2024-06-10 23:59:59"}, set()),
    ("inpatient_stays", "2024-T1", {"ut_tid": "2024-06-11 00:00"}, {("ut_tid", "after_extract_date")}),
    ("inpatient_stays", "2024-T1", {"ut_tid": "2024-01-02 09:59"}, {("ut_tid", "end_before_start")}),
    ("inpatient_stays", "2024-T1", {"ut_tid": "2024-01-02 10:00"}, set()),
    ("inpatient_stays", "2024-T1", {"ut_tid": ""}, set()),
    ("inpatient_stays", "2024-T1", {"pasient_id": ""}, {("pasient_id", "required")}),
    (
        "inpatient_stays",
        "2024-T1",
        {"behandlingssted_orgnr": "1" * 21},
        {("behandlingssted_orgnr", "length")},
    ),
    ("inpatient_stays", "2024-T1", {"behandlingssted_orgnr": "ukjent sted"}, set()),
    ("inpatient_stays", "2024-T1", {"innmate_hast": "6"}, {("innmate_hast", "code")}),
    ("planned_contacts", "2024-T1", {"planlagt_dato": "2031-01-01"}, set()),
    ("planned_contacts", "2024-T1", {"planlagt_dato": "1899-01-01"}, {("planlagt_dato", "before_1900")}),
    ("planned_contacts", "2024-T1", {"utfort_dato": "2031-01-01"}, {("utfort_dato", "after_extract_date")}),
    ("planned_contacts", "2024-T1", {"status": "Planlagt"}, {("status", "code")}),
    ("treatment_plans", "2024-T1", {"plan_med_pasient": "JA"}, set()),
    ("treatment_plans", "2024-T1", {"plan_med_pasient": "False"}, set()),
    ("treatment_plans", "2024-T1", {"plan_med_pasient": "x"}, {("plan_med_pasient", "type")}),
    ("treatment_plans", "2024-T1", {"plan_med_pasient": "2"}, {("plan_med_pasient", "type")}),
    ("treatment_plans", "2024-T1", {"tjenesteomraade": "SOM"}, {("tjenesteomraade", "code")}),
    ("antibiotics", "2024-T1", {"maaned": "2024-04"}, set()),
    ("antibiotics", "2024-T1", {"maaned": "2024-05"}, {("maaned", "period")}),
    ("antibiotics", "2024-T1", {"maaned": "2024-13"}, {("maaned", "type")}),
    ("antibiotics", "2024-T1", {"maaned": "2024-4"}, {("maaned", "type")}),
    ("antibiotics", "2024-T1", {"atc_kode": "J01CA0"}, {("atc_kode", "length")}),
    ("antibiotics", "2024-T1", {"virkestoff_gram": "-1,5"}, set()),
    ("antibiotics", "2024-T1", {"virkestoff_gram": "1.5"}, set()),
    ("antibiotics", "2024-T1", {"virkestoff_gram": "1 000,5"}, {("virkestoff_gram", "type")}),
    ("antibiotics", "2024-T1", {"virkestoff_gram": "1.000,5"}, {("virkestoff_gram", "type")}),
    ("antibiotics", "2024-T1", {"virkestoff_gram": "1e3"}, {("virkestoff_gram", "type")}),
    ("antibiotics", "2024-T1", {"virkestoff_gram": "nan"}, {("virkestoff_gram", "type")}),
    ("icu_capacity", "2024", {"antall_senger": "-1"}, {("antall_senger", "range")}),
    ("icu_capacity", "2024", {"antall_senger": "0"}, set()),
    ("icu_capacity", "2024", {"telledato": "2023-12-31"}, {("telledato", "period")}),
    ("clinical_trials", "2024", {"nye_pasienter": "-1"}, {("nye_pasienter", "range")}),
    ("clinical_trials", "2024", {"nye_pasienter": ""}, set()),
    ("clinical_trials", "2024", {"aar": "2023"}, {("aar", "period")}),
    ("psychiatric_beds", "2024", {"foretak_orgnr": REGION}, set()),
    ("psychiatric_beds", "2024", {"foretak_orgnr": "974749025"}, {("foretak_orgnr", "unknown_trust")}),
    ("psychiatric_beds", "2024", {"dognplasser": "-0,1"}, {("dognplasser", "range")}),
    ("cancer_pathways", "2024-T1", {"kreftform": "lung"}, set()),
    ("cancer_pathways", "2024-T1", {"kreftform": "Lung"}, {("kreftform", "code")}),
    ("cancer_pathways", "2024-T1", {"behandling_start_dato": "", "start_dato": "2024-04-30"}, set()),
    (
        "cancer_pathways",
        "2024-T1",
        {"behandling_start_dato": "", "start_dato": "2023-12-31"},
        {("start_dato", "period")},
    ),
    (
        "cancer_pathways",
        "2024-T1",
        {"behandling_start_dato": "x", "start_dato": "2023-12-31"},
        {("behandling_start_dato", "type")},
    ),
    (
        "cancer_pathways",
        "2024-T1",
        {"behandling_start_dato": "2024-05-01"},
        {("behandling_start_dato", "period")},
    ),
    ("apprentices", "2024", {"larefag": "kokk"}, set()),
    ("apprentices", "2024", {"larefag": "smed"}, {("larefag", "code")}),
    ("apprentices", "2024", {"kontrakt_til": "2030-01-01"}, set()),
    ("apprentices", "2024", {"kontrakt_til": "2020-01-01"}, {("kontrakt_til", "end_before_start")}),
    ("training_positions", "2024", {"til_dato": "2099-01-01"}, set()),
]


def test_rules_of_the_other_extracts(house: House) -> None:
    for number, (dataset, period, changes, _) in enumerate(OTHERS):
        row = {**BASE[dataset], **changes}
        house.put(f"{dataset}/{period}/{EXTRACT_DATE[period]}/s{number:03}/f{number:03}.csv", csv([row]))
    for dataset in sorted(BASE):
        house.load(dataset)
    found = [
        {(field, rule) for field, rule, _, line in house.faults(f"f{number:03}.csv") if line == 2}
        for number in range(len(OTHERS))
    ]
    assert found == [expected for *_, expected in OTHERS]


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
