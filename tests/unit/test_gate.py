"""The gate judges every delivery by its profile, and no figure of the profile leaves it."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import fields, replace

import pandas as pd
import pytest

from orchestration.contracts import suite
from orchestration.contracts.load import load_contract, load_contracts
from orchestration.contracts.suite import EXPECTATIONS, GateResult, judge
from orchestration.settings import DATA_CONTRACTS

CONTRACTS = load_contracts(DATA_CONTRACTS)


def profile_of(contract, **metrics) -> pd.DataFrame:
    """A profile that meets every expectation, except for the metrics given as lists, one per delivery."""
    rows = len(next(iter(metrics.values()), [0]))
    frame = {"delivery_id": [f"{contract.dataset}/2024-T1/2024-06-0{i + 1}" for i in range(rows)]}
    for expectation in contract.expectations:
        arguments = expectation.arguments
        if "column_A" in arguments:
            frame |= {arguments["column_A"]: [10] * rows, arguments["column_B"]: [0] * rows}
        else:
            frame[arguments["column"]] = [arguments.get("min_value", arguments.get("max_value"))] * rows
    return pd.DataFrame(frame | metrics)


def failures(results) -> list[tuple[str, str]]:
    return [(result.delivery_id[-2:], result.expectation) for result in results if not result.success]


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_every_shipped_expectation_passes_at_its_limit_and_fails_beyond_it(dataset):
    contract = CONTRACTS[dataset]
    good = profile_of(contract)
    assert failures(judge(contract, good)) == []
    for expectation in contract.expectations:
        arguments = expectation.arguments
        column = arguments.get("column", arguments.get("column_A"))
        limits = [arguments[name] for name in ("min_value", "max_value") if name in arguments] or [0]
        beyond = [
            limits[0] - 0.001 if "max_value" not in arguments or len(limits) == 2 else limits[0] + 0.001
        ]
        beyond += [limits[1] + 0.001] if len(limits) == 2 else []
        profile = profile_of(contract, **{column: [*limits, *beyond, None]})
        if "column_A" in arguments:
            profile[arguments["column_B"]] = [-1, 0, 0]
        failed = {row for row, name in failures(judge(contract, profile)) if name == expectation.name}
        assert failed == {f"0{len(limits) + i + 1}" for i in range(len(beyond))}, expectation.name


def test_every_type_of_expectation_is_used_by_a_shipped_contract():
    assert {e.type for contract in CONTRACTS.values() for e in contract.expectations} == set(EXPECTATIONS)


def test_more_than_five_percent_is_critical_and_five_is_not():
    contract = CONTRACTS["waiting_times"]
    results = judge(contract, profile_of(contract, rejected_percent=[5.0, 5.0000001]))
    assert failures(results) == [("02", "rejected_share")]
    assert {r.severity for r in results if not r.success} == {"critical"}
    assert len(results) == 2 * len(contract.expectations)


def test_null_fails_nothing_whatever_its_type():
    contract = CONTRACTS["inpatient_stays"]
    for null in (None, float("nan"), pd.NA):
        metrics = {column: [null, null] for column in profile_of(contract).columns if column != "delivery_id"}
        assert failures(judge(contract, profile_of(contract, **metrics))) == []
    nullable = profile_of(contract, days_after_period=pd.array([31, None, 30], dtype="Int64"))
    assert failures(judge(contract, nullable)) == [("03", "followed_up_30_days")]


def test_a_pair_with_one_side_missing_fails_nothing():
    contract = CONTRACTS["waiting_times"]
    profile = profile_of(contract, rows_accepted=[3, 3, None], rows_duplicate=[3, None, 3])
    assert failures(judge(contract, profile)) == [("01", "fewer_copies_than_rows")]


def test_rows_are_found_whatever_the_index_and_order_of_the_profile():
    contract = CONTRACTS["waiting_times"]
    profile = profile_of(contract, volume_ratio=[1, 9, 1]).set_index(pd.Index([7, 7, 7])).iloc[::-1]
    results = judge(contract, profile)
    assert failures(results) == [("02", "volume")]
    assert [r.delivery_id[-2:] for r in results[:: len(contract.expectations)]] == ["03", "02", "01"]


def test_a_site_raises_a_warning_to_critical(tmp_path):
    path = tmp_path / "waiting_times.odcs.yaml"
    text = (DATA_CONTRACTS / path.name).read_text("utf-8")
    start = text.index("- name: volume\n")
    path.write_text(
        text[:start] + text[start:].replace("severity: warning", "severity: critical", 1), "utf-8"
    )
    shipped, raised = CONTRACTS["waiting_times"], load_contract(path)
    assert raised.fingerprint != shipped.fingerprint
    profile = profile_of(shipped, volume_ratio=[0.4])
    assert [r.severity for r in judge(shipped, profile) if not r.success] == ["warning"]
    assert [r.severity for r in judge(raised, profile) if not r.success] == ["critical"]


def test_two_limits_on_one_metric_are_judged_apart():
    contract = CONTRACTS["waiting_times"]
    first = contract.expectations[0]
    twice = replace(
        contract,
        expectations=(first, replace(first, name="stricter", arguments={**first.arguments, "max_value": 3})),
    )
    assert failures(judge(twice, profile_of(twice, rejected_percent=[4.0]))) == [("01", "stricter")]


def test_no_figure_of_the_profile_leaves_the_gate(tmp_path, monkeypatch, capfd, caplog):
    monkeypatch.chdir(tmp_path)
    contract = CONTRACTS["waiting_times"]
    with caplog.at_level("DEBUG"):
        results = judge(
            contract, profile_of(contract, volume_ratio=[98765.4321, 1], rows_accepted=[54321, 0])
        )
    assert len(failures(results)) == 3
    out, err = capfd.readouterr()
    told = f"{results!r}{out}{err}{caplog.text}"
    assert not [figure for figure in ("98765", "54321") if figure in told]
    assert (out, err) == ("", "")
    assert [field.name for field in fields(GateResult)] == [
        "delivery_id",
        "expectation",
        "severity",
        "success",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_missing_metric_and_a_judge_that_fails_are_no_silent_pass(monkeypatch):
    contract = CONTRACTS["waiting_times"]
    with pytest.raises(KeyError, match="volume_ratio"):
        judge(contract, profile_of(contract).drop(columns="volume_ratio"))
    broken = replace(contract.expectations[0], arguments={"column": "not_there", "max_value": 1})
    monkeypatch.setattr(suite, "_numbers", lambda contract, profile: profile[["rows_accepted"]])
    with pytest.raises(RuntimeError, match="could not judge «rejected_share» of waiting_times"):
        judge(replace(contract, expectations=(broken,)), profile_of(contract))


def test_nothing_to_judge_costs_nothing():
    assert judge(CONTRACTS["costs"], pd.DataFrame({"delivery_id": []})) == []
    assert judge(replace(CONTRACTS["costs"], expectations=()), pd.DataFrame({"delivery_id": ["x"]})) == []
    code = "import sys, orchestration.contracts.suite; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_hundred_and_twenty_deliveries_take_less_than_half_a_second():
    contract = CONTRACTS["inpatient_stays"]
    assert len(contract.expectations) == 7
    profile = profile_of(contract, volume_ratio=[0.1, 1.0] * 60)
    judge(contract, profile)
    spent = []
    for _ in range(3):
        start = time.process_time()
        judge(contract, profile)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.5
