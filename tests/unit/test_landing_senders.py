"""Senders that must not hold the same trust, and rules over the rows of several files."""

from __future__ import annotations

import pytest
from landing_kit import (
    BASE,
    MORE,
    OLAVS,
    PERIOD,
    TRONDELAG,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration import landing

__all__ = ["house", "no_gate"]


ACCEPTED, HELD = ("accepted", None), ("held_back", None)
BROKEN = csv([waiting(1, tjenesteomraade="X")])
MANY_BAD = ("rejected", "too_many_rejected")


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
    assert len(house.rows()) == 1


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
