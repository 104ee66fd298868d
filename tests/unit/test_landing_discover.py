"""The layout of the landing folder: what is a delivery, what is ignored, what is reported as unrecognised."""

from __future__ import annotations

import datetime as dt
import os
import socket
import unicodedata
from pathlib import Path

import pytest
from landing_kit import CONTRACTS, TODAY, House, csv, house, no_gate, waiting

from orchestration.landing.discover import discover
from orchestration.landing.model import Discovery, shown
from orchestration.settings import UsageError

__all__ = ["house", "no_gate"]


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


def put(landing: Path, *paths: str) -> None:
    for path in paths:
        target = landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("x")


def found(landing: Path, today: dt.date = TODAY) -> Discovery:
    return discover(landing, CONTRACTS, today)


def paths(discovery: Discovery) -> set[str]:
    return {f"{key.id}/{file.name}" for key, files in discovery.deliveries.items() for file in files}


GOOD = [
    "waiting_times/2024-03/2024-04-10/a.csv",
    "waiting_times/2024-03/2024-04-10/b.csv.gz",
    "waiting_times/2024-03/2024-04-10/C.PARQUET",
    "waiting_times/2024-03/2024-04-10/fil[1].csv",
    "waiting_times/2024-03/2024-04-10/st*r ?.csv",
    "waiting_times/2024-03/2024-04-10/x; drop table t--.csv",
    'waiting_times/2024-03/2024-04-10/o\'brien "x".csv',
    "waiting_times/2024-03/2024-04-10/sender/a.csv",
    "waiting_times/2024-03/2024-04-10/status=HEMMELIG/a.csv",
    "waiting_times/2024-03/2024-04-10/Helse Møre/a.xlsx",
    "waiting_times/2019-01/2019-01-01/a.csv",
    "waiting_times/2026-06/2026-06-01/a.csv",
    "planned_contacts/2024-T3/2025-01-10/a.csv",
    "costs/2024/2025-02-20/a.xlsx",
    "psychiatric_beds/2024/2025-06-20/a.json",
]
BAD = [
    "readme.txt",
    "a.csv",
    "waiting_time/2024-03/2024-04-10/a.csv",
    "Waiting_times/2024-03/2024-04-10/a.csv",
    "waiting_times/a.csv",
    "waiting_times/2024-03/a.csv",
    "waiting_times/2024-13/2024-04-10/a.csv",
    "waiting_times/2024-3/2024-04-10/a.csv",
    "waiting_times/2024-T1/2024-05-10/a.csv",
    "waiting_times/2024/2024-05-10/a.csv",
    "waiting_times/2018-12/2019-01-10/a.csv",
    "waiting_times/2026-07/2026-06-01/a.csv",
    "waiting_times/2024-03/2024-04-31/a.csv",
    "waiting_times/2024-03/20240410/a.csv",
    "waiting_times/2024-03/2024-04-1/a.csv",
    "waiting_times/2024-03/2026-06-02/a.csv",
    "waiting_times/2024-03/2024-W15-3/a.csv",
    "waiting_times/2024-03/2024-04-10/a.txt",
    "waiting_times/2024-03/2024-04-10/a",
    "waiting_times/2024-03/2024-04-10/a.csv.zip",
    "waiting_times/2024-03/2024-04-10/a.json",
    "waiting_times/2024-03/2024-04-10/a.json.gz",
    "waiting_times/2024-03/2024-04-10/sender/a.txt",
    "waiting_times/2024-03/2024-04-10/sender/deeper/a.csv",
    "planned_contacts/2024-T4/2025-01-10/a.csv",
    "planned_contacts/2024-01/2025-01-10/a.csv",
    "costs/2024-T1/2025-02-20/a.csv",
]
IGNORED = [
    ".DS_Store",
    "_SYNTETISKE_DATA.txt",
    "waiting_times/2024-03/2024-04-10/.hidden.csv",
    "waiting_times/2024-03/2024-04-10/~$a.xlsx",
    "waiting_times/2024-03/2024-04-10/_a.csv",
    "waiting_times/2024-03/2024-04-10/a.csv.part",
    "waiting_times/2024-03/2024-04-10/b.TMP",
    "waiting_times/_old/2024-04-10/a.csv",
    "waiting_times/2024-03/2024-04-10/sender.part/a.csv",
    ".git/config",
]


def test_every_path_is_a_delivery_unrecognised_or_ignored(landing: Path) -> None:
    put(landing, *GOOD, *BAD, *IGNORED)
    discovery = found(landing)
    assert paths(discovery) == set(GOOD)
    assert {one.path for one in discovery.unrecognised} == set(BAD)


def test_the_day_decides_what_may_be_there(landing: Path) -> None:
    path = "waiting_times/2026-06/2026-06-02/a.csv"
    put(landing, path)
    assert [one.path for one in found(landing).unrecognised] == [path]
    assert paths(found(landing, dt.date(2026, 6, 2))) == {path}


def test_empty_folders(landing: Path) -> None:
    for path in ("waiting_times/2024-03/2024-04-10", "costs", "mistyped/inner"):
        (landing / path).mkdir(parents=True)
    discovery = found(landing)
    assert not discovery.deliveries
    assert [one.path for one in discovery.unrecognised] == ["mistyped/inner"]


def test_no_landing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such landing folder"):
        found(tmp_path / "nowhere")


def test_what_is_no_file_is_never_opened(landing: Path, tmp_path: Path) -> None:
    folder = landing / "waiting_times/2024-03/2024-04-10"
    folder.mkdir(parents=True)
    outside = tmp_path / "outside.csv"
    outside.write_text("x")
    put(landing, "waiting_times/2024-03/2024-04-10/real.csv")
    os.mkfifo(folder / "pipe.csv")
    here = Path.cwd()
    os.chdir(folder)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.csv")
    os.chdir(here)
    (folder / "folder.csv").mkdir()
    put(landing, "waiting_times/2024-03/2024-04-10/spark.parquet/part-0.parquet")
    (folder / "leaves.csv").symlink_to(outside)
    (folder / "dots.csv").symlink_to("../../../../outside.csv")
    (folder / "device.csv").symlink_to("/dev/zero")
    (folder / "nowhere.csv").symlink_to("gone.csv")
    (folder / "round.csv").symlink_to("round.csv")
    (folder / "stays.csv").symlink_to("real.csv")
    (folder / "sender").symlink_to(tmp_path, target_is_directory=True)
    (landing / "waiting_times/2024-03/2024-04-11").symlink_to("2024-04-10", target_is_directory=True)
    discovery = found(landing)
    here, again = "waiting_times/2024-03/2024-04-10", "waiting_times/2024-03/2024-04-11"
    assert paths(discovery) == {
        f"{day}/{name}" for day in (here, again) for name in ("real.csv", "stays.csv")
    }
    odd = ["pipe", "socket", "folder", "leaves", "dots", "device", "nowhere", "round"]
    assert {one.path for one in discovery.unrecognised} == {
        f"{day}/{name}"
        for day in (here, again)
        for name in (*(f"{one}.csv" for one in odd), "spark.parquet", "sender")
    }


def test_names_are_composed_and_escaped(landing: Path) -> None:
    base = "waiting_times/2024-03/2024-04-10"
    put(
        landing,
        f"{base}/{unicodedata.normalize('NFD', 'måned')}/{unicodedata.normalize('NFD', 'blåbær')}.csv",
    )
    put(landing, f"{base}/a\nb\x1b[31m.csv", f"{base}/\u202egpj.csv", "x\ny.txt")
    put(landing, f"{base}/{os.fsdecode(bytes([0xE5, 0x20]))}.csv")
    discovery = found(landing)
    assert paths(discovery) == {
        f"{base}/måned/blåbær.csv",
        f"{base}/a\\nb\\x1b[31m.csv",
        f"{base}/\\u202egpj.csv",
        f"{base}/\\udce5 .csv",
    }
    assert [one.path for one in discovery.unrecognised] == ["x\\ny.txt"]


def test_shown_leaves_ordinary_names_alone() -> None:
    for name in ("fil[1].csv", 'o\'brien "x".csv', "æøå ÆØÅ.csv", "a=b;c.csv", "日本.csv", "<script>.csv"):
        assert shown(name) == name


def test_unrecognised_paths_are_listed_without_being_read(house: House) -> None:
    house.put("waiting_time/2024-03/2024-04-10/a.csv", csv([waiting(1)]))
    house.put("waiting_time/2024-03/2024-04-11/a.csv", csv([waiting(1)]))
    house.put("waiting_times/2024-03/2024-04-10/a.txt", "x")
    house.put("waiting_times/2024-03/2024-04-10/a.csv", csv([waiting(1)]))
    house.load()
    rows = house.ask(
        "select delivery_id, dataset, period, extract_date, sender, file_name, bytes, status, reason "
        "from raw.delivery_file where delivery_id is null order by bytes"
    )
    nothing = (None, None, None, None, "")
    assert [row[:6] + row[7:] for row in rows] == [
        (*nothing, name, "rejected", "unrecognised_path") for name in ("a.txt", "a.csv", "a.csv")
    ]
    assert house.ask("select count(distinct (delivery_id, file_name, sha256)) from raw.delivery_file") == [
        (4,)
    ]
    assert house.one_status("waiting_times/2024-03/2024-04-10") == {"a.csv": ("accepted", None)}


def test_names_with_glob_characters_are_exactly_those_files(house: House) -> None:
    for number, name in enumerate(("fil[1].csv", "fil1.csv", "f*.csv", "f?l1.csv")):
        house.put(f"waiting_times/2024-03/2024-04-10/{name}", csv([waiting(number)]))
    house.load()
    assert house.rows("file_name, henvisning_id") == [
        ("f*.csv", "H2"),
        ("f?l1.csv", "H3"),
        ("fil1.csv", "H1"),
        ("fil[1].csv", "H0"),
    ]


def test_a_workspace_with_glob_characters(
    tmp_path: Path, no_gate: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.landing import loading

    monkeypatch.setattr(loading, "today", lambda: TODAY)
    house = House(tmp_path / "a[1] *=b")
    house.put("waiting_times/2024-03/2024-04-10/k=v/a.csv", csv([waiting(1)]))
    house.load()
    assert house.rows("delivery_id, file_name") == [("waiting_times/2024-03/2024-04-10/k=v", "a.csv")]
    assert [row[0] for row in house.ask("describe raw.waiting_times")][3:] == list(waiting(1))
    house.con.close()
