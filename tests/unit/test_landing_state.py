"""Which content is in force: atomic deliveries, re-deliveries, late and vanished files, senders, rules."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from landing_kit import (
    BASE,
    MORE,
    OLAVS,
    PERIOD,
    TODAY,
    TRONDELAG,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration import landing
from orchestration.contracts.suite import GateResult
from orchestration.landing import commit, loading
from orchestration.landing.model import StandingRejection

__all__ = ["house", "no_gate"]

ACCEPTED, HELD = ("accepted", None), ("held_back", None)
BROKEN = csv([waiting(1, tjenesteomraade="X")])
MANY_BAD = ("rejected", "too_many_rejected")


def ids(house: House) -> list[str]:
    return [row[0] for row in house.rows("henvisning_id")]


def test_a_second_load_does_nothing(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([*many(30), waiting(31, tjenesteomraade="X")]))
    house.put(f"{PERIOD}/bad/b.csv", BROKEN)
    house.put("mistyped/c.csv", "x")
    assert house.pending() == {"waiting_times": {"2024-03"}}
    first = house.load()
    assert (first.rows_read, first.rows_accepted, first.rows_rejected) == (32, 30, 2)
    assert first.deliveries == (PERIOD, f"{PERIOD}/bad")
    assert house.pending() == {}
    before, times = house.everything(), house.ask("select loaded_at from raw.delivery_file order by all")
    assert house.load().deliveries == ()
    assert (house.everything(), house.ask("select loaded_at from raw.delivery_file order by all")) == (
        before,
        times,
    )


def test_a_touched_file_is_read_and_nothing_changes(house: House) -> None:
    path = house.put(f"{PERIOD}/a.csv", csv(many(3)))
    house.load()
    before = house.everything()
    path.touch()
    assert house.pending() == {"waiting_times": {"2024-03"}}
    assert house.load().deliveries == ()
    assert house.pending() == {}
    assert house.everything() == before


def test_a_delivery_is_atomic(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(3)))
    house.put(f"{PERIOD}/b.csv", BROKEN)
    house.load()
    assert house.one_status(PERIOD) == {"a.csv": HELD, "b.csv": MANY_BAD}
    assert (ids(house), house.ask("from raw.delivery_org")) == ([], [])
    house.put(f"{PERIOD}/b.csv", csv(many(1, 9)))
    house.load()
    assert house.status() == {
        f"{PERIOD}/a.csv": ACCEPTED,
        f"{PERIOD}/b.csv": ACCEPTED,
        f"{PERIOD}/b.csv#2": ("replaced", "too_many_rejected"),
    }
    assert ids(house) == ["H1", "H2", "H3", "H9"]
    house.put(f"{PERIOD}/c.csv", BROKEN)
    house.load()
    assert house.status()[f"{PERIOD}/c.csv"] == MANY_BAD
    assert ids(house) == ["H1", "H2", "H3", "H9"]
    house.put(f"{PERIOD}/a.csv", csv(many(3, 20)))
    house.load()
    assert ids(house) == ["H1", "H2", "H3", "H9"], "the new content of a waits for c to be corrected"
    found = house.status()
    assert found[f"{PERIOD}/a.csv"] == ACCEPTED
    assert found[f"{PERIOD}/a.csv#2"] == HELD
    house.remove(f"{PERIOD}/c.csv")
    house.load()
    assert ids(house) == ["H20", "H21", "H22", "H9"]
    assert f"{PERIOD}/c.csv" not in house.status()
    assert house.ask("select count(*) from raw.rejection where file_name = 'c.csv'") == [(0,)]
    assert house.ask("select count(*) from quarantine.rejected_row where file_name = 'c.csv'") == [(0,)]


def test_changed_content_replaces_and_may_come_back(house: House) -> None:
    for content in (many(2), many(2, 10), many(2)):
        house.put(f"{PERIOD}/a.csv", csv(content))
        house.load()
    assert ids(house) == ["H1", "H2"]
    assert sorted(house.status().values()) == [ACCEPTED, ("replaced", None)]


def test_what_was_in_force_stays_until_the_new_content_is_good(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    house.load()
    house.put(f"{PERIOD}/a.csv", BROKEN)
    house.load()
    assert ids(house) == ["H1", "H2"]
    assert sorted(house.status().values()) == [ACCEPTED, MANY_BAD]
    assert {one.rule for one in landing.standing_rejections(house.con)} == {"code", "too_many_rejected"}
    house.put(f"{PERIOD}/a.csv", BROKEN + "\n\n")
    house.load()
    assert sorted(house.status().values()) == [ACCEPTED, MANY_BAD, ("replaced", "too_many_rejected")]
    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    house.load()
    assert sorted(house.status().values()) == [ACCEPTED, *[("replaced", "too_many_rejected")] * 2]
    assert landing.standing_rejections(house.con) == []


def test_files_with_the_same_content_are_one(house: House) -> None:
    house.put(f"{PERIOD}/b.csv", csv(many(2)))
    house.load()
    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    assert house.load().deliveries == ()
    assert house.one_status(PERIOD) == {"b.csv": ACCEPTED}
    assert house.pending() == {}
    house.remove(f"{PERIOD}/b.csv")
    house.load()
    assert ids(house) == ["H1", "H2"]


def test_a_file_that_disappears_stays_in_force(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    house.put(f"{PERIOD}/b.csv", csv(many(2, 10)))
    house.load()
    house.remove(f"{PERIOD}/a.csv")
    assert house.pending() == {}
    house.load()
    assert ids(house) == ["H1", "H10", "H11", "H2"]
    house.put(f"{PERIOD}/b.csv", csv(many(1, 20)))
    house.load()
    assert ids(house) == ["H1", "H2", "H20"], "the vanished file is read again from where it is kept"
    house.put(f"{PERIOD}/c.csv", csv([waiting(1, pasient_id="other"), *many(9, 30)]))
    house.load()
    assert house.one("c.csv") == MANY_BAD, "its rows still take part in the rules over several files"
    (house.settings.landing / PERIOD / "b.csv").unlink()
    (house.settings.landing / PERIOD / "c.csv").unlink()
    (house.settings.landing / PERIOD).rmdir()
    house.load()
    assert ids(house) == ["H1", "H2", "H20"]


def test_a_rejected_file_that_is_removed_is_forgotten(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", BROKEN)
    house.load()
    house.remove(f"{PERIOD}/a.csv")
    assert house.pending() == {"waiting_times": {"2024-03"}}
    house.load()
    assert house.everything()[0] == []
    assert landing.standing_rejections(house.con) == []
    assert house.pending() == {}


def test_an_older_extract_that_comes_late_is_kept_and_stands_beside_the_newer(house: House) -> None:
    house.put("waiting_times/2024-03/2024-04-20/a.csv", csv(many(2)))
    house.load()
    house.put("waiting_times/2024-03/2024-04-10/a.csv", csv(many(2, 10)))
    house.load()
    assert house.rows("delivery_id, henvisning_id") == [
        ("waiting_times/2024-03/2024-04-10", "H10"),
        ("waiting_times/2024-03/2024-04-10", "H11"),
        ("waiting_times/2024-03/2024-04-20", "H1"),
        ("waiting_times/2024-03/2024-04-20", "H2"),
    ]


def test_a_newer_delivery_in_force_ends_a_rejection(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", BROKEN)
    house.put(f"{PERIOD}/other/a.csv", BROKEN + "\n")
    house.load()
    assert {one.delivery_id for one in landing.standing_rejections(house.con)} == {PERIOD, f"{PERIOD}/other"}
    house.put("waiting_times/2024-03/2024-04-11/b.csv", BROKEN)
    house.load()
    assert len({one.delivery_id for one in landing.standing_rejections(house.con)}) == 3
    house.put("waiting_times/2024-03/2024-04-12/c.csv", csv(many(1)))
    house.load()
    assert {one.delivery_id for one in landing.standing_rejections(house.con)} == {f"{PERIOD}/other"}


def test_standing_rejections_say_where(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([*many(3), waiting(9, tjenesteomraade="X", foretak_orgnr="1")]))
    house.put("waiting_times/2024-3/x\ny.csv", "x")
    house.load()
    assert landing.standing_rejections(house.con) == [
        StandingRejection("waiting_times", PERIOD, "a.csv", 5, "foretak_orgnr", "invalid_orgnr", 1),
        StandingRejection("waiting_times", PERIOD, "a.csv", 5, "tjenesteomraade", "code", 1),
        StandingRejection("waiting_times", PERIOD, "a.csv", None, None, "too_many_rejected", 1),
        StandingRejection(None, None, "waiting_times/2024-3/x\\ny.csv", None, None, "unrecognised_path", 1),
    ]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a"), ("ab",)])
def test_the_first_sender_holds_a_trust_whenever_it_arrives(house: House, order: tuple[str, ...]) -> None:
    for senders in order:
        for sender in senders:
            rows = [waiting(1, foretak_orgnr=OLAVS), waiting(2, foretak_orgnr=MORE)][
                : 1 if sender == "a" else 2
            ]
            house.put(f"{PERIOD}/{sender}/{sender}.csv", csv(rows))
        house.load()
    assert house.status() == {
        f"{PERIOD}/a/a.csv": ACCEPTED,
        f"{PERIOD}/b/b.csv": ("rejected", "same_trust_twice"),
    }
    assert house.rows("delivery_id, foretak_orgnr") == [(f"{PERIOD}/a", OLAVS)]
    assert house.ask("select delivery_id, org_id from raw.delivery_org") == [(f"{PERIOD}/a", OLAVS)]
    house.put(f"{PERIOD}/a/a.csv", csv([waiting(3, foretak_orgnr=TRONDELAG)]))
    house.load()
    assert house.rows("delivery_id, foretak_orgnr") == [
        (f"{PERIOD}/a", TRONDELAG),
        (f"{PERIOD}/b", OLAVS),
        (f"{PERIOD}/b", MORE),
    ]
    assert landing.standing_rejections(house.con) == []


def test_no_sender_comes_before_all_senders(house: House) -> None:
    house.put(f"{PERIOD}/a/a.csv", csv(many(1)))
    house.put(f"{PERIOD}/z.csv", csv(many(1, 5)))
    house.load()
    assert house.status() == {
        f"{PERIOD}/z.csv": ACCEPTED,
        f"{PERIOD}/a/a.csv": ("rejected", "same_trust_twice"),
    }


def test_a_rejected_delivery_holds_no_trust(house: House) -> None:
    house.put(f"{PERIOD}/a/a.csv", BROKEN)
    house.put(f"{PERIOD}/b/b.csv", csv(many(2)))
    house.load()
    assert house.status() == {f"{PERIOD}/a/a.csv": MANY_BAD, f"{PERIOD}/b/b.csv": ACCEPTED}
    house.put(f"{PERIOD}/a/a.csv", csv(many(1)))
    house.load()
    assert house.status()[f"{PERIOD}/b/b.csv"] == ("rejected", "same_trust_twice")


def test_what_was_in_force_is_fallen_back_on_when_only_the_new_content_clashes(house: House) -> None:
    house.put(f"{PERIOD}/a/a.csv", csv(many(1)))
    house.put(f"{PERIOD}/b/b.csv", csv([waiting(2, foretak_orgnr=MORE)]))
    house.load()
    house.put(f"{PERIOD}/b/b.csv", csv([waiting(3, foretak_orgnr=MORE), waiting(4)]))
    house.load()
    assert house.rows("delivery_id, henvisning_id") == [(f"{PERIOD}/a", "H1"), (f"{PERIOD}/b", "H2")]
    assert sorted(house.status(f"{PERIOD}/b").values()) == [ACCEPTED, ("rejected", "same_trust_twice")]
    before = house.everything()
    assert house.pending() == {}
    house.load()
    assert house.everything() == before


def test_other_extract_dates_may_hold_the_same_trust(house: House) -> None:
    house.put(f"{PERIOD}/b/a.csv", csv(many(1)))
    house.put("waiting_times/2024-03/2024-04-11/a/a.csv", csv(many(1)))
    house.load()
    assert set(house.status().values()) == {ACCEPTED}


def test_only_the_asked_periods_are_loaded(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(1)))
    house.put("waiting_times/2024-02/2024-04-10/a.csv", csv(many(1, ventetid_sluttdato="2024-02-05")))
    assert house.pending() == {"waiting_times": {"2024-02", "2024-03"}}
    house.load(periods={"2024-02"})
    assert house.pending() == {"waiting_times": {"2024-03"}}
    house.load(periods=set())
    assert len(ids(house)) == 1


def test_key_rules_go_across_the_files_of_a_delivery(house: House) -> None:
    filler = many(98, 100)
    house.put(f"{PERIOD}/a.csv", csv([*filler, waiting(1), waiting(2), waiting(3, vurderingsdato="")]))
    house.put(
        f"{PERIOD}/b.csv",
        csv(
            [
                waiting(2, pasient_id="other"),
                waiting(3, vurderingsdato="", ansiennitetsdato="10.01.2024"),
                *many(99, 300),
                waiting(4, tjenesteomraade="X"),
                waiting(4),
            ]
        ),
    )
    house.load()
    key = "foretak_orgnr, henvisning_id"
    assert house.counts("a.csv") == (101, 100, 1, 0)
    assert house.counts("b.csv") == (103, 100, 2, 1)
    assert house.faults("a.csv") == {(key, "key_clash", 1, 101)}
    assert house.faults("b.csv") == {(key, "key_clash", 1, 2), ("tjenesteomraade", "code", 1, 103)}
    assert house.ask("select file_name, line from raw.waiting_times where henvisning_id = 'H3'") == [
        ("a.csv", 102)
    ]
    clashes = (
        "select file_name, line, row_text from quarantine.rejected_row where rule = 'key_clash' order by 1"
    )
    assert house.ask(clashes) == [
        ("a.csv", 101, "H2;P2;883974832;SOM;2024-01-10;2024-01-12;2024-03-05;1;3;1"),
        ("b.csv", 2, "H2;other;883974832;SOM;2024-01-10;2024-01-12;2024-03-05;1;3;1"),
    ]  # fmt: skip


def test_a_missing_key_part_equals_a_missing_key_part(house: House) -> None:
    row = BASE["epicrises"]
    fine = [{**row, "opphold_id": f"O{n}"} for n in range(60)]
    sent = {**row, "epikrise_sendt_tid": "2024-01-03 10:00"}
    house.put("epicrises/2024-T1/2024-06-10/a.csv", csv([*fine, row, sent, {**row, "hdg": "5"}, sent]))
    house.load("epicrises")
    assert house.counts("a.csv") == (64, 61, 2, 1)


def test_summed_datasets_have_no_key_rule(house: House) -> None:
    row = BASE["antibiotics"]
    house.put("antibiotics/2024-T1/2024-06-10/a.csv", csv([row, row, {**row, "virkestoff_gram": "2"}]))
    house.load("antibiotics")
    assert house.counts("a.csv") == (3, 3, 0, 0)


@pytest.mark.parametrize(
    ("bad", "copies", "good"), [(5, 0, 95), (6, 0, 94), (1, 10, 9), (2, 9, 29), (2, 8, 29)]
)
def test_tolerance_is_strictly_more_than_five_percent(house: House, bad: int, copies: int, good: int) -> None:
    """Copies count in the total: 2 of 40 rows is 5 %, 2 of 39 is more."""
    rows = [*many(good), *[waiting(1)] * copies, *(waiting(900 + n, tjenesteomraade="X") for n in range(bad))]
    house.put(f"{PERIOD}/a.csv", csv(rows))
    house.load()
    assert house.one("a.csv") == (MANY_BAD if bad * 100 > 5 * len(rows) else ACCEPTED)
    assert house.counts("a.csv") == (len(rows), good, bad, copies)


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


@pytest.mark.parametrize(
    "step", ["keep", "_write_rows", "_write_files", "_write_quarantine", "_write_memory"]
)
def test_a_load_that_breaks_off_has_changed_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    house.put(f"{PERIOD}/a.csv", csv([*many(30), waiting(40, tjenesteomraade="X")]))
    house.load()
    before = house.everything()
    house.put(f"{PERIOD}/a.csv", csv([*many(30, 100), waiting(41, tjenesteomraade="Y")]))
    house.put(f"{PERIOD}/b.csv", csv(many(2, 200)))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*((loading, "keep") if step == "keep" else (commit, step)), stop)
        with pytest.raises(KeyboardInterrupt):
            house.load()
    assert house.everything() == before
    house.load()
    again = House(Path(house.settings.landing).parent / "again")
    again.settings = dataclasses.replace(again.settings, landing=house.settings.landing)
    again.load()
    assert house.rows() == again.rows()
    again.con.close()


def test_the_landing_folder_is_never_changed(house: House) -> None:
    import os

    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    house.put(f"{PERIOD}/s/b.csv", BROKEN)
    house.put("odd.txt", "x")

    def picture() -> list[tuple[str, bytes, int, int]]:
        return [
            (str(path), path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns)
            for path in sorted(house.settings.landing.rglob("*"))
            if path.is_file()
        ]

    before = picture()
    house.load()
    house.load()
    assert picture() == before
    for folder, _, files in os.walk(house.settings.workspace):
        assert Path(folder).stat().st_mode & 0o777 == 0o700
        assert all(
            (Path(folder) / name).stat().st_mode & 0o777 == 0o600
            for name in files
            if not name.endswith(".wal")
        )


def test_kept_files_are_the_accepted_ones_byte_for_byte(house: House) -> None:
    house.put(f"{PERIOD}/a.csv.gz", csv(many(2)))
    house.put(f"{PERIOD}/s/b.csv", BROKEN)
    house.load()
    (kept,) = (house.settings.workspace / "kept").iterdir()
    assert kept.read_bytes() == (house.settings.landing / PERIOD / "a.csv.gz").read_bytes()
    assert house.ask("select sha256 from raw.delivery_file where file_name = 'a.csv.gz'") == [(kept.name,)]


def test_prepare_follows_a_changed_contract(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv(many(2)))
    house.load()
    old = house.contracts["waiting_times"]
    changed = [
        dataclasses.replace(old.columns[5], name="ny_dato", optional_column=True),
        *reversed(old.columns[1:]),
    ]
    house.contracts["waiting_times"] = dataclasses.replace(old, columns=tuple(changed))
    landing.prepare(house.con, house.contracts)
    names = [row[0] for row in house.ask("describe raw.waiting_times")]
    assert names == ["delivery_id", "file_name", "line", *(column.name for column in changed)]
    assert house.ask("select count(*), count(ny_dato), count(pasient_id) from raw.waiting_times") == [
        (2, 0, 2)
    ]


def test_progress_is_told(house: House) -> None:
    for day in ("10", "11", "12"):
        house.put(f"waiting_times/2024-03/2024-04-{day}/a.csv", csv(many(1)))
    told: list[tuple[int, int]] = []
    landing.load(
        house.con,
        house.settings,
        house.contracts,
        house.reference,
        "waiting_times",
        None,
        lambda *x: told.append(x),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_day_is_the_day_in_norway(house: House) -> None:
    house.put(f"waiting_times/2024-03/{TODAY.isoformat()}/a.csv", csv(many(1)))
    house.load()
    assert house.one("a.csv") == ACCEPTED
