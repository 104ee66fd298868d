"""Which content is in force: atomic deliveries, corrections, late, vanished and repeated files."""

from __future__ import annotations

from landing_kit import (
    PERIOD,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration import landing
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
