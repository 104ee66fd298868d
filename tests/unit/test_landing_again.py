"""Deliveries judged again: new contracts, new reference data, and the verdict of the gate."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from landing_kit import (
    MORE,
    PERIOD,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration.contracts.suite import GateResult
from orchestration.landing import loading

__all__ = ["house", "no_gate"]


ACCEPTED, HELD = ("accepted", None), ("held_back", None)
BROKEN = csv([waiting(1, tjenesteomraade="X")])
MANY_BAD = ("rejected", "too_many_rejected")


def ids(house: House) -> list[str]:
    return [row[0] for row in house.rows("henvisning_id")]


def change_contract(house: House, **changes: object) -> None:
    """Another contract for waiting_times from now on."""
    old = house.contracts["waiting_times"]
    columns = tuple(
        dataclasses.replace(column, **changes) if column.name == "pasient_id" else column
        for column in old.columns
    )
    house.contracts["waiting_times"] = dataclasses.replace(
        old,
        columns=columns,
        index={column.name: column for column in columns},
        fingerprint=str(sorted(changes.items())),
        version="2.0.0",
    )


def test_new_rules_judge_the_newest_delivery_again(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([{**row, "pasient_id": ""} for row in many(2)]))
    house.put("waiting_times/2024-03/2024-04-20/a.csv", csv([{**row, "pasient_id": ""} for row in many(2)]))
    house.put(
        "waiting_times/2024-03/2024-04-20/s/b.csv", csv([{**row, "foretak_orgnr": MORE} for row in many(2)])
    )
    house.load()
    assert set(house.status().values()) == {ACCEPTED}
    loaded = house.ask("select delivery_id, loaded_at from raw.delivery_file order by all")
    change_contract(house, required=True)
    assert house.pending() == {"waiting_times": {"2024-03"}}
    result = house.load()
    assert result.deliveries == ("waiting_times/2024-03/2024-04-20", "waiting_times/2024-03/2024-04-20/s")
    assert house.status() == {
        f"{PERIOD}/a.csv": ACCEPTED,
        "waiting_times/2024-03/2024-04-20/a.csv": MANY_BAD,
        "waiting_times/2024-03/2024-04-20/s/b.csv": ACCEPTED,
    }
    assert {row[0] for row in house.rows("delivery_id")} == {PERIOD, "waiting_times/2024-03/2024-04-20/s"}
    assert dict(house.ask("select delivery_id, contract_version from raw.delivery_file"))[PERIOD] == "1.0.0"
    after = dict(house.ask("select delivery_id, loaded_at from raw.delivery_file order by all"))
    assert after["waiting_times/2024-03/2024-04-20/s"] == dict(loaded)["waiting_times/2024-03/2024-04-20/s"]
    assert house.pending() == {}
    change_contract(house, required=False)
    house.load()
    assert set(house.status().values()) == {ACCEPTED}


def test_new_rules_and_a_vanished_file(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([{**row, "pasient_id": ""} for row in many(2)]))
    house.load()
    house.remove(f"{PERIOD}/a.csv")
    change_contract(house, required=True)
    house.load()
    assert house.status() == {f"{PERIOD}/a.csv": MANY_BAD}
    assert house.rows() == []


def test_new_rules_and_new_content_that_is_no_better(house: House) -> None:
    """Both the new content and what is in force are judged by the new rules."""
    house.put(f"{PERIOD}/a.csv", csv([{**row, "pasient_id": ""} for row in many(2)]))
    house.put(f"{PERIOD}/s/a.csv", csv(many(2, 20, foretak_orgnr=MORE)))
    house.load()
    house.put(f"{PERIOD}/a.csv", BROKEN)
    house.put(f"{PERIOD}/s/a.csv", BROKEN + "\n")
    change_contract(house, required=True)
    house.load()
    assert sorted(house.status(PERIOD).values()) == [MANY_BAD, ("replaced", None)]
    assert sorted(house.status(f"{PERIOD}/s").values()) == [ACCEPTED, MANY_BAD]
    assert ids(house) == ["H20", "H21"]
    assert house.pending() == {}


def test_a_changed_trust_list_counts_as_new_rules(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    house.load()
    monkeypatch.setitem(house.reference.__dict__, "trusts", frozenset({MORE}))
    house.load()
    assert house.one("a.csv") == MANY_BAD
    assert {fault[1] for fault in house.faults("a.csv")} == {"unknown_trust", "too_many_rejected"}


def failing(severity: str) -> object:
    def judge(contract: object, profile: pd.DataFrame) -> list[GateResult]:
        return [
            GateResult(str(number), "volume", severity, bool(row["rows_read"] > 2))  # type: ignore[arg-type]
            for number, row in profile.set_index("delivery_id").iterrows()
        ]

    return judge


def test_a_critical_expectation_rejects_the_delivery(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "judge", failing("critical"))
    house.put(f"{PERIOD}/a.csv", csv(many(1)))
    house.put(f"{PERIOD}/b.csv", csv(many(1, 5)))
    house.put("waiting_times/2024-03/2024-04-11/a.csv", csv(many(5)))
    house.put("waiting_times/2024-03/2024-04-12/a.csv", csv(many(1)))
    house.put("waiting_times/2024-03/2024-04-12/b.csv", "\0")
    result = house.load()
    assert house.one_status(PERIOD) == dict.fromkeys(("a.csv", "b.csv"), ("rejected", "volume"))
    assert house.one_status("waiting_times/2024-03/2024-04-11") == {"a.csv": ACCEPTED}
    assert house.one_status("waiting_times/2024-03/2024-04-12") == {
        "a.csv": HELD,
        "b.csv": ("rejected", "nul"),
    }
    assert house.faults("b.csv") == {(None, "volume", 1, None), (None, "nul", 1, 1)}
    assert len(ids(house)) == 5
    assert sorted(house.ask("select delivery_id, success from raw.gate_result")) == [
        (PERIOD, False),
        ("waiting_times/2024-03/2024-04-11", True),
        ("waiting_times/2024-03/2024-04-12", False),
    ]
    assert [(one.delivery_id, one.success) for one in result.gate][:1] == [(PERIOD, False)]
    house.remove(f"{PERIOD}/a.csv")
    house.remove(f"{PERIOD}/b.csv")
    house.load()
    assert house.ask("select count(*) from raw.gate_result where delivery_id = ?", PERIOD) == [(0,)]


def test_a_warning_rejects_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "judge", failing("warning"))
    house.put(f"{PERIOD}/a.csv", csv(many(1)))
    assert [one.success for one in house.load().gate] == [False]
    assert house.one("a.csv") == ACCEPTED


def test_nothing_new_does_not_ask_the_gate(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(1)))
    house.load()
    monkeypatch.setattr(loading, "judge", None)
    house.load()
    house.put(f"{PERIOD}/a.csv", "\0")
    house.load()
