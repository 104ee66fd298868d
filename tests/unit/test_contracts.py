"""The data contracts say what the specification says.

``SPECIFICATION`` is written by hand from the specification's text, not from the YAML files.
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources

import jsonschema
import pytest
import yaml

from orchestration.contracts.load import load_contracts
from orchestration.contracts.model import METRICS, Contract
from orchestration.settings import DATA_CONTRACTS, SEEDS

# dataset: cadence, key, period dates, (start, end) pairs, then one line per column:
# name, R or -, type, and after | the code list, ref:list, len:min-max, min:n; flags: optional, future, scan
SPECIFICATION = {
    "waiting_times": """month; foretak_orgnr henvisning_id; ventetid_sluttdato; \
ansiennitetsdato<ventetid_sluttdato
        henvisning_id R string scan
        pasient_id - string scan len:1-64
        foretak_orgnr R string ref:trust
        tjenesteomraade R string |SOM,PHVV,PHBU,TSB
        ansiennitetsdato R date
        vurderingsdato - date
        ventetid_sluttdato R date
        ventetid_sluttkode R integer |1,2,3,4,5,7,9
        rett_til_helsehjelp R integer |3,5,6
        utfall_av_vurdering R integer |1,2,3,4,5,6,7""",
    "planned_contacts": """tertial; foretak_orgnr kontakt_id; ;
        kontakt_id R string scan
        pasient_id - string scan len:1-64
        foretak_orgnr R string ref:trust
        tjenesteomraade R string |SOM,PHVV,PHBU,TSB
        planlagt_dato - date future
        status R string |planlagt,utfort,avlyst
        utfort_dato - date
        henvisningsperiode_sluttdato - date
        opprettet_dato - date optional
        avlyst_dato - date optional""",
    "outpatient_contacts": """tertial; foretak_orgnr kontakt_id; kontaktdato;
        kontakt_id R string scan
        pasient_id - string scan len:1-64
        foretak_orgnr R string ref:trust
        tjenesteomraade R string |SOM,PHVV,PHBU,TSB
        kontaktdato R date
        omsorgsnivaa R integer |2,3,8
        kontakttype R integer |1,2,3,5,6,7,12,13,14,99
        polindir - integer
        debitor R integer
        digital_oppfolging - string |skjema,monitorering,nettbasert""",
    "inpatient_stays": """tertial; foretak_orgnr opphold_id; ; inn_tid<ut_tid
        opphold_id R string scan
        pasient_id R string scan len:1-64
        foretak_orgnr R string ref:trust
        behandlingssted_orgnr - string optional scan len:-20
        tjenesteomraade R string |SOM,PHVV,PHBU,TSB
        omsorgsnivaa R integer |1,2
        inn_tid R timestamp
        ut_tid - timestamp
        innmate_hast - integer |1,2,3,4,5
        uttilstand - integer |1,2,3
        dodsdato - date""",
    "epicrises": """tertial; foretak_orgnr opphold_id epikrise_sendt_tid; utskrevet_tid;
        opphold_id R string scan
        pasient_id - string scan len:1-64
        foretak_orgnr R string ref:trust
        tjenesteomraade R string |SOM,PHVV,PHBU,TSB
        omsorgsnivaa R integer |1,2,3
        utskrevet_tid R timestamp
        epikrise_sendt_tid - timestamp
        epikrise_samtykke - integer |1,2,3,4
        inntilstand - integer |1,2,3
        hdg - integer""",
    "cancer_pathways": """tertial; foretak_orgnr forlop_id behandlingstype behandling_start_dato; \
behandling_start_dato start_dato; start_dato<behandling_start_dato
        forlop_id R string scan
        pasient_id - string scan len:1-64
        foretak_orgnr R string ref:trust
        kreftform R string ref:cancer_form
        start_dato R date
        behandling_start_dato - date
        behandlingstype - string |K,M,S,L,O,I
        maks_dager - integer optional""",
    "treatment_plans": """tertial; foretak_orgnr forlop_id; behandling_start_dato;
        forlop_id R string scan
        pasient_id - string scan len:1-64
        foretak_orgnr R string ref:trust
        tjenesteomraade R string |PHVV,PHBU,TSB
        behandling_start_dato R date
        behandlingsplan_dato - date
        plan_med_pasient - boolean
        forlop_slutt_dato - date""",
    "antibiotics": """tertial; foretak_orgnr maaned atc_kode administrasjonsvei; maaned;
        foretak_orgnr R string ref:trust
        maaned R month
        atc_kode R string len:7-7
        administrasjonsvei R string |O,P,Inhal
        virkestoff_gram R decimal""",
    "psychiatric_beds": """year; foretak_orgnr aar tjenesteomraade; aar;
        foretak_orgnr R string ref:trust_or_region
        aar R integer
        tjenesteomraade R string |PHVV,PHBU
        dognplasser - decimal min:0""",
    "icu_capacity": """year; foretak_orgnr behandlingssted_orgnr kategori driftstype telledato; telledato;
        foretak_orgnr R string ref:trust
        behandlingssted_orgnr R string scan len:-20
        kategori R integer |0,1,2,3
        driftstype R string |ordinaer,beredskap
        antall_senger R decimal min:0
        telledato R date""",
    "costs": """year; foretak_orgnr regnskapsaar tjenesteomraade kostnadsart; regnskapsaar;
        foretak_orgnr R string ref:trust
        regnskapsaar R integer
        tjenesteomraade R string |SOM,PHVV,PHBU,TSB,ANNET
        kostnadsart R string |LONN,PENSJON,AVSKRIVNING,LEGEMIDLER,VARER,KJOP,ANNET
        belop_nok R decimal""",
    "clinical_trials": """year; foretak_orgnr aar studie_id; aar;
        studie_id R string scan
        foretak_orgnr R string ref:trust
        aar R integer
        behandlingsstudie R boolean
        nye_pasienter - integer min:0""",
    "training_positions": """year; foretak_orgnr stilling_id fra_dato; ; fra_dato<til_dato
        stilling_id R string scan
        foretak_orgnr R string ref:trust
        fagretning R string |ANESTESI,BARN,INTENSIV,OPERASJON,KREFT,JORDMOR
        fra_dato R date
        til_dato - date future""",
    "apprentices": """year; foretak_orgnr laerling_id kontrakt_fra; ; kontrakt_fra<kontrakt_til
        laerling_id R string scan
        foretak_orgnr R string ref:trust
        larefag R string ref:apprentice_trade
        kontrakt_fra R date
        kontrakt_til - date future""",
}
SUMMED = {"antibiotics", "costs"}
NOT_PERSONAL = {"antibiotics", "psychiatric_beds", "icu_capacity", "costs", "clinical_trials"}


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return load_contracts(DATA_CONTRACTS)


def test_the_fourteen_extracts_in_order(contracts):
    assert list(contracts) == sorted(SPECIFICATION)


@pytest.mark.parametrize("dataset", SPECIFICATION)
def test_contract_says_what_the_specification_says(contracts, dataset):
    contract = contracts[dataset]
    head, *lines = SPECIFICATION[dataset].split("\n")
    cadence, key, period, pairs = (part.strip() for part in head.split(";"))
    assert (contract.cadence, " ".join(contract.key), " ".join(contract.period_columns)) == (
        cadence,
        key,
        period,
    )
    assert " ".join(f"{start}<{end}" for start, end in contract.not_before) == pairs
    assert [_as_line(column) for column in contract.columns] == [line.strip() for line in lines]
    assert contract.summed is (dataset in SUMMED)
    assert contract.personal is (dataset not in NOT_PERSONAL)
    extra = ("json",) if dataset == "psychiatric_beds" else ()
    assert contract.formats == ("csv", "csv.gz", "parquet", "xlsx", *extra)
    assert contract.tolerance_percent == 5


def _as_line(column) -> str:
    """A column in the notation of ``SPECIFICATION``."""
    parts = [column.name, "R" if column.required else "-", column.type]
    parts += (
        ["optional"] * column.optional_column
        + ["future"] * column.may_be_future
        + ["scan"] * column.identity_scan
    )
    if column.max_length:
        parts.append(f"len:{column.min_length or ''}-{column.max_length}")
    if column.minimum is not None:
        parts.append(f"min:{column.minimum}")
    if column.reference:
        parts.append(f"ref:{column.reference}")
    if column.codes:
        parts.append("|" + ",".join(column.codes))
    return " ".join(parts)


@pytest.mark.parametrize("dataset", SPECIFICATION)
def test_contract_file_is_valid_by_the_standard(dataset):
    schema = json.loads(
        resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    )
    document = yaml.safe_load((DATA_CONTRACTS / f"{dataset}.odcs.yaml").read_text("utf-8"))
    jsonschema.Draft201909Validator(schema).validate(document)
    assert (document["apiVersion"], document["status"]) == ("v3.1.0", "active")


def test_both_languages_owner_and_fingerprint(contracts):
    for contract in contracts.values():
        assert contract.owner
        assert contract.version == "1.0.0"
        assert contract.fingerprint == hashlib.sha256(contract.path.read_bytes()).hexdigest()
        texts = [(contract.description, contract.description_no)]
        texts += [(column.description, column.description_no) for column in contract.columns]
        assert all(english and norwegian and english != norwegian for english, norwegian in texts)


def test_only_what_the_specification_rejects_is_critical(contracts):
    for contract in contracts.values():
        critical = [e for e in contract.expectations if e.severity == "critical"]
        assert [(e.name, dict(e.arguments)) for e in critical] == [
            ("rejected_share", {"column": "rejected_percent", "max_value": contract.tolerance_percent}),
            ("has_rows", {"column": "rows_accepted", "min_value": 1}),
        ]
        assert 4 <= len(contract.expectations) <= 7
        assert all(e.description for e in contract.expectations)


def test_metrics_are_named_after_the_columns(contracts):
    metrics = contracts["apprentices"].metrics
    assert metrics[: len(METRICS)] == METRICS
    assert {"missing_percent__larefag", "distinct__larefag", "mean_days__kontrakt_til"} < set(metrics)
    assert "mean_days__kontrakt_fra" not in metrics


def test_referred_lists_exist_as_reference_files(contracts):
    for contract in contracts.values():
        document = yaml.safe_load(contract.path.read_text("utf-8"))
        for item in document["schema"][0]["properties"]:
            for relation in item.get("relationships", []):
                table, column = relation["to"].split(".")
                assert column in (SEEDS / f"{table}.csv").read_text("utf-8").splitlines()[0].split(",")
