"""Good rows of all 14 extracts, and files made of them.

Belongs here: one sound row per dataset and the writing of csv. Does not belong here: any fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Row = dict[str, str]
Make = Callable[[Path, str], None]
"""Writes a file at a path, of rows of a trust."""

GOOD = 44
"""Good rows of a file: with them, one or two bad rows stay under 5 %."""
BAD_LINE = 25
"""Where the bad row stands."""

PLACES: Mapping[str, tuple[str, str]] = {
    "month": ("2024-03", "2024-04-10"),
    "tertial": ("2024-T1", "2024-06-10"),
    "year": ("2024", "2025-02-20"),
}
"""Period and extract date of the cases, by cadence."""

_STAY = {"pasient_id": "P{n}", "foretak_orgnr": "{trust}", "tjenesteomraade": "SOM"}
ROWS: Mapping[str, Row] = {
    "waiting_times": {
        "henvisning_id": "H{n}", **_STAY, "ansiennitetsdato": "2024-01-10", "vurderingsdato": "2024-01-12",
        "ventetid_sluttdato": "2024-03-05", "ventetid_sluttkode": "1", "rett_til_helsehjelp": "3",
        "utfall_av_vurdering": "1",
    },
    "planned_contacts": {
        "kontakt_id": "K{n}", **_STAY, "planlagt_dato": "2024-05-02", "status": "planlagt", "utfort_dato": "",
        "henvisningsperiode_sluttdato": "", "opprettet_dato": "2024-01-05", "avlyst_dato": "",
    },
    "outpatient_contacts": {
        "kontakt_id": "K{n}", **_STAY, "kontaktdato": "2024-02-03", "omsorgsnivaa": "3", "kontakttype": "1",
        "polindir": "1", "debitor": "1", "digital_oppfolging": "",
    },
    "inpatient_stays": {
        "opphold_id": "O{n}", **_STAY, "behandlingssted_orgnr": "974749025", "omsorgsnivaa": "1",
        "inn_tid": "2024-01-02 10:00", "ut_tid": "2024-01-05 10:00", "innmate_hast": "1", "uttilstand": "1",
        "dodsdato": "",
    },
    "epicrises": {
        "opphold_id": "O{n}", **_STAY, "omsorgsnivaa": "1", "utskrevet_tid": "2024-02-05 10:00",
        "epikrise_sendt_tid": "2024-02-05 12:00", "epikrise_samtykke": "1", "inntilstand": "1", "hdg": "5",
    },
    "cancer_pathways": {
        "forlop_id": "F{n}", "pasient_id": "P{n}", "foretak_orgnr": "{trust}", "kreftform": "lung",
        "start_dato": "2024-01-10", "behandling_start_dato": "2024-02-10", "behandlingstype": "K",
        "maks_dager": "35",
    },
    "treatment_plans": {
        "forlop_id": "F{n}", "pasient_id": "P{n}", "foretak_orgnr": "{trust}", "tjenesteomraade": "PHVV",
        "behandling_start_dato": "2024-02-01", "behandlingsplan_dato": "2024-02-15", "plan_med_pasient": "ja",
        "forlop_slutt_dato": "",
    },
    "antibiotics": {
        "foretak_orgnr": "{trust}", "maaned": "2024-01", "atc_kode": "J01CA04", "administrasjonsvei": "O",
        "virkestoff_gram": "12,5",
    },
    "psychiatric_beds": {
        "foretak_orgnr": "{trust}", "aar": "2024", "tjenesteomraade": "PHVV", "dognplasser": "120",
    },
    "icu_capacity": {
        "foretak_orgnr": "{trust}", "behandlingssted_orgnr": "S{n}", "kategori": "2",
        "driftstype": "ordinaer", "antall_senger": "10", "telledato": "2024-05-01",
    },
    "costs": {
        "foretak_orgnr": "{trust}", "regnskapsaar": "2024", "tjenesteomraade": "SOM", "kostnadsart": "LONN",
        "belop_nok": "1000,50",
    },
    "clinical_trials": {
        "studie_id": "S{n}", "foretak_orgnr": "{trust}", "aar": "2024", "behandlingsstudie": "ja",
        "nye_pasienter": "7",
    },
    "training_positions": {
        "stilling_id": "S{n}", "foretak_orgnr": "{trust}", "fagretning": "BARN", "fra_dato": "2024-01-01",
        "til_dato": "2025-06-01",
    },
    "apprentices": {
        "laerling_id": "L{n}", "foretak_orgnr": "{trust}", "larefag": "kokk", "kontrakt_fra": "2023-08-01",
        "kontrakt_til": "2025-08-01",
    },
}  # fmt: skip
COPIES = ("psychiatric_beds",)
"""Datasets whose good rows are copies of one: their key has nothing that could number them."""


def row(dataset: str, trust: str, number: int, **changes: str) -> Row:
    """A good row with an id of its own, and some changes."""
    good = {name: text.format(n=number, trust=trust) for name, text in ROWS[dataset].items()}
    return {**good, **changes}


def good_rows(dataset: str, trust: str, count: int = GOOD) -> list[Row]:
    """Good rows, numbered from 1."""
    return [row(dataset, trust, number) for number in range(1, count + 1)]


def csv(rows: Sequence[Row]) -> str:
    """Rows as csv text; the header from the first row."""
    lines = (list(rows[0]), *(list(one.values()) for one in rows))
    return "".join(";".join(line) + "\n" for line in lines)


def with_bad_row(dataset: str, trust: str, **changes: str) -> list[Row]:
    """Good rows with a bad one among them, on ``BAD_LINE``."""
    rows = good_rows(dataset, trust)
    rows.insert(BAD_LINE - 2, row(dataset, trust, 9999, **changes))
    return rows


def data(content: Callable[[str], str | bytes]) -> Make:
    """A file with the content that is made for the trust."""

    def make(path: Path, trust: str) -> None:
        made = content(trust)
        path.write_bytes(made.encode() if isinstance(made, str) else made)

    return make


def text(dataset: str, change: Callable[[str], str | bytes] = str) -> Make:
    """A csv file of good rows, changed as text."""
    return data(lambda trust: change(csv(good_rows(dataset, trust))))
