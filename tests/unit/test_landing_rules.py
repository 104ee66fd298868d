"""Every row rule, and the strict forms of values, as a sender meets them."""

from __future__ import annotations

from landing_kit import (
    BASE,
    EXTRACT_DATE,
    OLAVS,
    PERIOD,
    REGION,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

__all__ = ["house", "no_gate"]


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
