"""What a load never does: change the landing folder, keep half of anything, lose a file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from landing_kit import (
    PERIOD,
    TODAY,
    House,
    csv,
    house,
    many,
    no_gate,
    waiting,
)

from orchestration import landing
from orchestration.landing import commit, loading

__all__ = ["house", "no_gate"]


ACCEPTED, HELD = ("accepted", None), ("held_back", None)
BROKEN = csv([waiting(1, tjenesteomraade="X")])
MANY_BAD = ("rejected", "too_many_rejected")


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
