"""What the gate is shown of a delivery, and that it is asked once for all of them."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from landing_kit import (
    BASE,
    CONTRACTS,
    EXTRACT_DATE,
    MORE,
    OLAVS,
    PERIOD,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration.contracts import suite
from orchestration.contracts.model import Contract
from orchestration.landing import loading

__all__ = ["house", "no_gate"]


@pytest.fixture
def shown(house: House, monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """Every profile that the gate was shown."""
    profiles: list[pd.DataFrame] = []

    def judge(contract: Contract, profile: pd.DataFrame) -> list[suite.GateResult]:
        used = {
            value
            for one in contract.expectations
            for value in one.arguments.values()
            if isinstance(value, str)
        }
        assert used <= set(profile.columns)
        profiles.append(profile)
        return []

    monkeypatch.setattr(loading, "judge", judge)
    return profiles


def test_profile(house: House, shown: list[pd.DataFrame]) -> None:
    earlier = {"ansiennitetsdato": "2023-02-01", "vurderingsdato": "", "ventetid_sluttdato": "2023-03-05"}
    house.put("waiting_times/2023-03/2023-04-10/a.csv", csv(many(10, **earlier)))
    house.load()
    rows = [*many(30), waiting(1), waiting(40, vurderingsdato=""), waiting(41, foretak_orgnr=MORE)]
    house.put(f"{PERIOD}/a.csv", csv(rows))
    house.put(f"{PERIOD}/b.csv", csv([*many(39, 100), waiting(99, tjenesteomraade="X")]))
    house.put(f"{PERIOD}/s/c.csv", "\0")
    house.load()
    assert len(shown) == 2
    (found,) = shown[1].to_dict("records")
    expected = {
        "rows_read": 73,
        "rows_accepted": 71,
        "rows_rejected": 1,
        "rows_duplicate": 1,
        "rejected_percent": 2.5,
        "files": 2,
        "orgs": 2,
        "days_after_period": 10,
        "rows_before": 10,
        "volume_ratio": 7.1,
        "missing_percent__vurderingsdato": 100 / 71,
        "mean_days__ventetid_sluttdato": 55,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert math.isnan(shown[0].to_dict("records")[0]["rows_before"])


def test_profiles_hold_every_metric_that_the_contracts_expect_of(
    house: House, shown: list[pd.DataFrame]
) -> None:
    for dataset, row in BASE.items():
        period = "2024-T1" if CONTRACTS[dataset].cadence == "tertial" else "2024"
        house.put(f"{dataset}/{period}/{EXTRACT_DATE[period]}/a.csv", csv([row]))
        house.load(dataset)
    assert len(shown) == len(BASE)
    assert not any(frame.isin([OLAVS, "P", "O"]).any(axis=None) for frame in shown)


def test_unknown_hospitals_are_counted(house: House, shown: list[pd.DataFrame]) -> None:
    row = BASE["icu_capacity"]
    house.put(
        "icu_capacity/2024/2025-02-20/a.csv",
        csv([row, *({**row, "behandlingssted_orgnr": f"x{n}"} for n in range(3))]),
    )
    house.load("icu_capacity")
    assert shown[0]["hospitals_unknown"].tolist() == [3]


def test_great_expectations_judges_all_deliveries_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "judge", suite.judge)
    house.put(f"{PERIOD}/a.csv", csv(many(30)))
    house.put(
        "waiting_times/2024-03/2024-04-20/b.csv", csv([{**row, "vurderingsdato": ""} for row in many(30)])
    )
    house.put("waiting_times/2024-03/2024-04-21/c.csv", csv(many(30, tjenesteomraade="X")))
    result = house.load()
    failed = {(one.delivery_id[-2:], one.expectation, one.severity) for one in result.gate if not one.success}
    assert failed == {
        ("20", "vurderingsdato_filled_in", "warning"),
        ("21", "rejected_share", "critical"),
        ("21", "has_rows", "critical"),
        ("21", "fewer_copies_than_rows", "warning"),
    }
    assert len(result.gate) == 3 * len(CONTRACTS["waiting_times"].expectations)
    assert [reason for (reason,) in house.ask("select reason from raw.delivery_file order by file_name")] == [
        None,
        None,
        "too_many_rejected",
    ]
    assert house.ask("select count(*) from raw.gate_result where not success") == [(4,)]
