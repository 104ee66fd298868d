"""Faults of single values, rows and keys: every rule of every extract at least once.

Belongs here: rows that are rejected while their file is accepted. Does not belong here: files as a whole.
"""

from __future__ import annotations

from tests.faults.model import CONTRACTS, Case, Fault, bad_file, bad_rows
from tests.faults.rows import BAD_LINE, COPIES, GOOD, ROWS, csv, data, good_rows, row, with_bad_row

LONG = "p" * 65
UNKNOWN, INVALID = "974749025", "883974833"
"""A valid organisation number of no trust; a number with a wrong control digit."""

VALUES: dict[str, list[tuple[str, str, str]]] = {
    "waiting_times": [
        ("henvisning_id", "", "required"),
        ("pasient_id", LONG, "length"),
        ("tjenesteomraade", "RUS", "code"),
        ("ansiennitetsdato", "24-03-01", "type"),
        ("ansiennitetsdato", "2023-02-29", "type"),
        ("ansiennitetsdato", "30.02.2024", "type"),
        ("ansiennitetsdato", "2024-13-45", "type"),
        ("ansiennitetsdato", "2024-01-10 00:00", "type"),
        ("ansiennitetsdato", "infinity", "type"),
        ("ansiennitetsdato", "epoch", "type"),
        ("ansiennitetsdato", "20240-03-01", "type"),
        ("ansiennitetsdato", "2024/1/3", "type"),
        ("ansiennitetsdato", "45301", "type"),
        ("ansiennitetsdato", "1899-12-31", "before_1900"),
        ("vurderingsdato", "2024-04-11", "after_extract_date"),
        ("ventetid_sluttdato", "2024-04-01", "period"),
        ("ventetid_sluttdato", "2024-02-29", "period"),
        ("ventetid_sluttkode", "3.7", "type"),
        ("ventetid_sluttkode", "1e3", "type"),
        ("ventetid_sluttkode", "1_000", "type"),
        ("ventetid_sluttkode", "0x1F", "type"),
        ("ventetid_sluttkode", "1 000", "type"),
        ("ventetid_sluttkode", "1,0", "type"),
        ("ventetid_sluttkode", "99999999999999999999", "type"),
        ("ventetid_sluttkode", "NULL", "type"),
        ("ventetid_sluttkode", "ja", "type"),
        ("ventetid_sluttkode", "6", "code"),
        ("ventetid_sluttkode", "-1", "code"),
        ("rett_til_helsehjelp", "4", "code"),
        ("utfall_av_vurdering", "8", "code"),
        ("ansiennitetsdato", "2024-03-06", "end_before_start:ventetid_sluttdato"),
    ],
    "planned_contacts": [
        ("kontakt_id", "", "required"),
        ("pasient_id", LONG, "length"),
        ("status", "Planlagt", "code"),
        ("tjenesteomraade", "som", "code"),
        ("planlagt_dato", "2024/05/02", "type"),
        ("planlagt_dato", "1899-12-31", "before_1900"),
        ("utfort_dato", "2024-06-11", "after_extract_date"),
        ("avlyst_dato", "2024-06-11", "after_extract_date"),
        ("opprettet_dato", "x", "type"),
    ],
    "outpatient_contacts": [
        ("debitor", "", "required"),
        ("pasient_id", LONG, "length"),
        ("kontakttype", "4", "code"),
        ("omsorgsnivaa", "4", "code"),
        ("digital_oppfolging", "sms", "code"),
        ("polindir", "x", "type"),
        ("kontaktdato", "2024-05-01", "period"),
        ("kontaktdato", "2023-12-31", "period"),
        ("kontaktdato", "1899-12-31", "before_1900+period"),
        ("kontaktdato", "2024-06-11", "after_extract_date+period"),
    ],
    "inpatient_stays": [
        ("pasient_id", "", "required"),
        ("pasient_id", LONG, "length"),
        ("behandlingssted_orgnr", "1" * 21, "length"),
        ("omsorgsnivaa", "3", "code"),
        ("innmate_hast", "6", "code"),
        ("uttilstand", "4", "code"),
        ("inn_tid", "2024-01-02", "type"),
        ("inn_tid", "2024-01-02T10:00+01:00", "type"),
        ("inn_tid", "2024-01-02 24:00", "type"),
        ("inn_tid", "02.01.2024 10:00", "type"),
        ("ut_tid", "2024-06-11 00:00", "after_extract_date"),
        ("dodsdato", "1899-12-31", "before_1900"),
        ("ut_tid", "2024-01-02 09:59", "end_before_start"),
    ],
    "epicrises": [
        ("utskrevet_tid", "", "required"),
        ("pasient_id", LONG, "length"),
        ("tjenesteomraade", "X", "code"),
        ("omsorgsnivaa", "4", "code"),
        ("epikrise_samtykke", "5", "code"),
        ("inntilstand", "4", "code"),
        ("hdg", "3,5", "type"),
        ("utskrevet_tid", "2024-05-01 00:00", "period"),
        ("epikrise_sendt_tid", "2024-06-11 00:00", "after_extract_date"),
        ("epikrise_sendt_tid", "1899-12-31 23:59", "before_1900"),
    ],
    "cancer_pathways": [
        ("forlop_id", "", "required"),
        ("pasient_id", LONG, "length"),
        ("kreftform", "Lung", "code"),
        ("behandlingstype", "X", "code"),
        ("maks_dager", "30,5", "type"),
        ("start_dato", "1899-12-31", "before_1900"),
        ("behandling_start_dato", "2024-05-01", "period"),
        ("behandling_start_dato", "2024-06-11", "after_extract_date+period"),
        ("start_dato", "2024-02-11", "end_before_start:behandling_start_dato"),
    ],
    "treatment_plans": [
        ("forlop_id", "", "required"),
        ("pasient_id", LONG, "length"),
        ("tjenesteomraade", "SOM", "code"),
        ("plan_med_pasient", "kanskje", "type"),
        ("plan_med_pasient", "2", "type"),
        ("behandling_start_dato", "2024-05-01", "period"),
        ("behandlingsplan_dato", "2024-06-11", "after_extract_date"),
        ("forlop_slutt_dato", "1899-12-31", "before_1900"),
    ],
    "antibiotics": [
        ("virkestoff_gram", "", "required"),
        ("atc_kode", "J01CA0", "length"),
        ("administrasjonsvei", "IV", "code"),
        ("maaned", "2024-13", "type"),
        ("maaned", "2024-05", "period"),
        ("virkestoff_gram", "1 000,5", "type"),
        ("virkestoff_gram", "1.000,5", "type"),
        ("virkestoff_gram", "NaN", "type"),
        ("virkestoff_gram", "inf", "type"),
        ("virkestoff_gram", "1e3", "type"),
        ("virkestoff_gram", "12 g", "type"),
    ],
    "psychiatric_beds": [
        ("aar", "", "required"),
        ("aar", "2024.0", "type"),
        ("aar", "2023", "period"),
        ("tjenesteomraade", "SOM", "code"),
        ("dognplasser", "-0,1", "range"),
        ("dognplasser", "..", "type"),
    ],
    "icu_capacity": [
        ("behandlingssted_orgnr", "", "required"),
        ("behandlingssted_orgnr", "S" * 21, "length"),
        ("kategori", "4", "code"),
        ("driftstype", "normal", "code"),
        ("antall_senger", "-1", "range"),
        ("antall_senger", "ti", "type"),
        ("telledato", "2023-12-31", "period"),
        ("telledato", "1899-12-31", "before_1900+period"),
        ("telledato", "2025-02-21", "after_extract_date+period"),
    ],
    "costs": [
        ("belop_nok", "", "required"),
        ("regnskapsaar", "2023", "period"),
        ("regnskapsaar", "24", "period"),
        ("regnskapsaar", "to tusen", "type"),
        ("tjenesteomraade", "RUS", "code"),
        ("kostnadsart", "Lonn", "code"),
        ("belop_nok", "kr 100", "type"),
    ],
    "clinical_trials": [
        ("studie_id", "", "required"),
        ("aar", "2025", "period"),
        ("behandlingsstudie", "x", "type"),
        ("nye_pasienter", "-1", "range"),
        ("nye_pasienter", "2.0", "type"),
    ],
    "training_positions": [
        ("stilling_id", "", "required"),
        ("fagretning", "LEGE", "code"),
        ("til_dato", "2024-02-30", "type"),
        ("fra_dato", "1899-12-31", "before_1900"),
        ("til_dato", "2023-12-31", "end_before_start"),
        ("fra_dato", "2025-02-21", "after_extract_date"),
    ],
    "apprentices": [
        ("laerling_id", "", "required"),
        ("larefag", "smed", "code"),
        ("kontrakt_fra", "01.08.23", "type"),
        ("kontrakt_fra", "1899-12-31", "before_1900"),
        ("kontrakt_til", "2023-07-31", "end_before_start"),
        ("kontrakt_fra", "2025-02-21", "after_extract_date"),
    ],
}


def _value_case(dataset: str, number: int, column: str, value: str, rule: str) -> Case:
    rules, _, named = rule.partition(":")
    faults: set[Fault] = {(named or column, one, 1, BAD_LINE) for one in rules.split("+")}
    name = f"{dataset}-{number:02}-{column}-{rules}"
    made = data(lambda trust: csv(with_bad_row(dataset, trust, **{column: value})))
    return bad_rows("values", name, dataset, made, faults, _kept(dataset))


def _kept(dataset: str) -> int:
    return 1 if dataset in COPIES else GOOD


def _trusts(dataset: str) -> list[Case]:
    column = "foretak_orgnr"
    return [
        _value_case(dataset, 90, column, INVALID, "invalid_orgnr"),
        _value_case(dataset, 91, column, UNKNOWN, "unknown_trust"),
    ]


CLASH: dict[str, dict[str, str]] = {
    "waiting_times": {"pasient_id": "x"},
    "planned_contacts": {"status": "avlyst"},
    "outpatient_contacts": {"debitor": "2"},
    "inpatient_stays": {"ut_tid": ""},
    "epicrises": {"hdg": "6"},
    "cancer_pathways": {"kreftform": "breast"},
    "treatment_plans": {"plan_med_pasient": "nei"},
    "icu_capacity": {"antall_senger": "11"},
    "clinical_trials": {"nye_pasienter": "8"},
    "training_positions": {"til_dato": ""},
    "apprentices": {"larefag": "portor"},
}
"""What the second row with the key of the first one says differently."""


def _clash(dataset: str) -> Case:
    def made(trust: str) -> str:
        rows = good_rows(dataset, trust)
        rows.insert(BAD_LINE - 2, row(dataset, trust, 1, **CLASH[dataset]))
        return csv(rows)

    faults: set[Fault] = {(", ".join(CONTRACTS[dataset].key), "key_clash", 2, 2)}
    return bad_rows("keys", f"{dataset}-key_clash", dataset, data(made), faults, GOOD - 1)


def _all_clash(trust: str) -> str:
    return csv(
        [*good_rows("psychiatric_beds", trust, 1), row("psychiatric_beds", trust, 2, dognplasser="121")]
    )


CASES = [
    *(
        _value_case(dataset, number, *value)
        for dataset, values in VALUES.items()
        for number, value in enumerate(values)
    ),
    *(case for dataset in ROWS for case in _trusts(dataset)),
    *map(_clash, CLASH),
    bad_file(
        "keys",
        "psychiatric_beds-key_clash",
        "psychiatric_beds",
        data(_all_clash),
        "too_many_rejected",
        count=2,
        also={("foretak_orgnr, aar, tjenesteomraade", "key_clash", 2, 2)},
    ),
    bad_rows(
        "values",
        "cancer-start-outside",
        "cancer_pathways",
        data(
            lambda t: csv(
                with_bad_row("cancer_pathways", t, behandling_start_dato="", start_dato="2023-12-31")
            )
        ),
        {("start_dato", "period", 1, BAD_LINE)},
        GOOD,
    ),
]
