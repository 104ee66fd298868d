"""A wrong contract is refused with one sentence that names the file and the place in it."""

from __future__ import annotations

import pytest

from orchestration.contracts.load import load_contract, load_contracts
from orchestration.settings import DATA_CONTRACTS, UsageError

BROKEN = {
    "duplicate key": ("kind: DataContract", "kind: DataContract\nkind: DataContract", "line 3: «kind»"),
    "no YAML": ("kind: DataContract", "kind: [DataContract", "no YAML"),
    "standard: unknown field": ("status: active", "state: active", "'state' was unexpected"),
    "standard: wrong type": ("required: false", "required: perhaps", "$.schema[0].properties["),
    "standard: field missing": ("id: apprentices\n", "", "'id' is a required property"),
    "other version": ("v3.1.0", "v3.0.2", "apiVersion"),
    "other name": ("id: apprentices", "id: apprentice", "same dataset name"),
    "owner missing": ("  name: Helse Midt-Norge RHF\n", "", "team.name is missing"),
    "tolerance missing": ("tolerancePercent", "tolerance", "customProperties.tolerance is not enforced"),
    "tolerance of 101": ("value: 5\n", "value: 101\n", "tolerancePercent"),
    "unknown format": ("[csv, csv.gz", "[csv, ods", "formats"),
    "unknown frequency": (
        "unit: year",
        "unit: week",
        "slaProperties[0].unit must be one of month, tertial, year",
    ),
    "twice a year": ("    value: 1\n", "    value: 2\n", "slaProperties[0].value must be 1"),
    "flag misspelt": ("mayBeFuture", "mayBeFutur", "mayBeFutur is not enforced"),
    "flag no boolean": (
        "property: mayBeFuture\n            value: true",
        "property: mayBeFuture\n            value: 'true'",
        "bool",
    ),
    "flag twice": ("property: mayBeFuture", "property: descriptionNo", "«descriptionNo» is written twice"),
    "rule that nothing enforces": (
        "required: false",
        "required: false\n        unique: true",
        ".unique is not enforced",
    ),
    "option that nothing enforces": (
        "logicalType: date",
        "logicalType: date\n        logicalTypeOptions: {maximum: '2030-01-01'}",
        "logicalTypeOptions.maximum is not enforced",
    ),
    "unknown type": ("logicalType: date", "logicalType: array", "logicalType must be one of"),
    "unknown date form": (
        "logicalType: date",
        "logicalType: date\n        logicalTypeOptions: {format: yyyy}",
        "may only be yyyy-MM",
    ),
    "unknown reference": (
        "apprentice_trades.trade",
        "apprentice_trades.name",
        "must be one of organisations.org_id",
    ),
    "column name with a quote": ("- name: kontrakt_til", "- name: kontrakt'til", "properties[4].name"),
    "reserved column name": ("- name: laerling_id", "- name: line", "not reserved"),
    "same column twice": ("- name: laerling_id", "- name: larefag", "two columns"),
    "gap in the key": ("primaryKeyPosition: 3", "primaryKeyPosition: 4", "count from 1"),
    "pair of an unknown column": ("[[kontrakt_fra, kontrakt_til]]", "[[kontrakt_fra, slutt]]", "notBefore"),
    "pair of one": ("[[kontrakt_fra, kontrakt_til]]", "[[kontrakt_fra]]", "notBefore"),
    "period of a text": (
        "property: notBefore\n        value: [[kontrakt_fra, kontrakt_til]]",
        "property: periodColumns\n        value: [larefag]",
        "periodColumns: «larefag»",
    ),
    "unknown metric": (
        "mean_days__kontrakt_til",
        "mean_days__larefag",
        "kwargs.column must be one of rows_read",
    ),
    "unknown expectation": (
        "expect_column_values_to_be_between",
        "expect_column_mean_to_be_between",
        "type must be one of",
    ),
    "unknown argument": ("min_value: 180", "minimum: 180", "kwargs.minimum is not enforced"),
    "limit no number": ("min_value: 180", "min_value: many", "min_value must be a number"),
    "no limit": (", min_value: 180, max_value: 1500", "", "sets no limit"),
    "unknown severity": (
        "severity: critical",
        "severity: error",
        "severity must be one of critical, warning",
    ),
    "same expectation twice": ("- name: has_rows", "- name: rejected_share", "same name"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_wrong_contract_is_one_sentence_with_file_and_place(tmp_path, case):
    old, new, expected = BROKEN[case]
    text = (DATA_CONTRACTS / "apprentices.odcs.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "apprentices.odcs.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UsageError) as caught:
        load_contract(path)
    message = str(caught.value)
    assert "apprentices.odcs.yaml, " in message
    assert expected in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("validValues: [1, 2, 3]", "validValues: ['1', 2, 3]"),
        ("validValues: [1, 2, 3]", "validValues: [1, yes, 3]"),
        ("validValues: [SOM, PHVV, PHBU, TSB]", "validValues: [SOM, 1]"),
        ("validValues: [SOM, PHVV, PHBU, TSB]", "validValues: []"),
        ("mustBe: 0", "mustBe: 1"),
        ("metric: invalidValues", "metric: nullValues"),
        ("Europe/Oslo", "UTC"),
        ("timezone: false", "timezone: true"),
    ],
)
def test_code_lists_and_times_are_read_strictly(tmp_path, old, new):
    text = (DATA_CONTRACTS / "inpatient_stays.odcs.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "inpatient_stays.odcs.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(UsageError, match=r"inpatient_stays\.odcs\.yaml, schema\[0\]\.properties\[\d+\]"):
        load_contract(path)


def test_a_folder_without_contracts_and_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UsageError, match="holds no file"):
        load_contracts(tmp_path)
    with pytest.raises(UsageError, match="cannot be read"):
        load_contract(tmp_path / "missing.odcs.yaml")
    for content, expected in ((b"id: \xff", "UTF-8"), (b"", "None is not of type"), (b"a: \x00", "YAML")):
        path = tmp_path / "wrong.odcs.yaml"
        path.write_bytes(content)
        with pytest.raises(UsageError, match=expected):
            load_contract(path)


def test_yaml_cannot_make_objects(tmp_path):
    path = tmp_path / "wrong.odcs.yaml"
    path.write_text("id: !!python/object/apply:os.getcwd []\n")
    with pytest.raises(UsageError, match="no YAML"):
        load_contract(path)
