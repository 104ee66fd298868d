"""The audit of a release finds every broken promise in one round, and says which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_marts import REGION, TRUSTS, World, primary_rule_only  # noqa: F401 (a fixture)

from orchestration.release import AuditFailed, attack, build, publishing

HIDDEN = f"where org_id = '{TRUSTS[2]}'"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).build()


def faults(world: World) -> list[str]:
    """What the audit says; nothing is published."""
    with pytest.raises(AuditFailed) as failure:
        world.publish()
    assert world.current() is None
    assert world.folders() == []
    return failure.value.faults


def test_tables_of_another_shape(world: World) -> None:
    world.change_marts("alter table marts.spc alter phase type varchar")
    world.change_marts("comment on table marts.target is null")
    world.change_marts("comment on column marts.comment.year is null")
    assert faults(world) == [
        "comment.year has no comment.",
        "Columns or types of spc are not those of its contract.",
        "The table target has no comment.",
    ]


def test_double_keys_and_names_of_folders(world: World) -> None:
    world.change_marts("insert into marts.organisation from marts.organisation")
    world.change_marts(f"update marts.delivery set sender = 'x{world.settings.landing}/y'")
    said = faults(world)
    assert "4 keys of organisation occur more than once." in said
    assert "delivery.sender names a folder of this machine." in said


def test_files_of_unrecognised_paths_have_no_key(world: World) -> None:
    unrecognised = "(file_name, sha256, status) values ('a.csv', 'x', 'rejected'), ('a.csv', 'x', 'rejected')"
    world.change_marts(f"insert into marts.delivery {unrecognised}")
    assert world.publish().published


def test_figures_that_suppression_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    damages = (
        "update marts.indicator_value set value = 'nan' where unit = 'days'",
        "update marts.indicator_value set ci_high = 'inf' where ci_high is not null",
        f"update marts.indicator_value set ci_low = 0 {HIDDEN}",
        f"update marts.indicator_status set detail = '3 av 7' {HIDDEN}",
        "update marts.spc set value = 29 where value is null",
        "insert into marts.revision "
        f"values ('3.6', 'somatic', '{TRUSTS[2]}', '2024-T1', 'r', 0.1, 0.2, 'code')",
        f"delete from marts.exclusion where org_id = '{REGION}'",
    )
    written = build.write_data

    def damaged(con: duckdb.DuckDBPyConnection, *args: Any, **kwargs: Any) -> None:
        for damage in damages:
            con.execute(damage)
        written(con, *args, **kwargs)

    monkeypatch.setattr(build, "write_data", damaged)
    assert faults(world) == [
        "indicator_value.value holds NaN or infinity.",
        "indicator_value.ci_high holds NaN or infinity.",
        "3 hidden rows of indicator_value show a figure.",
        "1 hidden rows of indicator_status show a figure.",
        "1 rows of indicator_status show something of a hidden figure.",
        "2 rows of spc show something of a hidden figure.",
        "1 rows of revision show something of a hidden figure.",
        "exclusion has not as many rows as in the warehouse.",
        "revision has not as many rows as in the warehouse.",
    ]


def with_files(monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]) -> None:
    """Change the candidate after its files were written."""
    write = publishing._write_report

    def written_and_changed(folder: Path, *others: Any) -> None:
        write(folder, *others)
        change(folder)

    monkeypatch.setattr(publishing, "_write_report", written_and_changed)


def test_files_that_do_not_belong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(folder: Path) -> None:
        (folder / "indicators.duckdb.wal").touch()
        (folder / "notes.txt").touch()
        (folder / "report/index.html").write_text(f"<p>{world.settings.workspace}/x</p>")
        (folder / "parquet/comment.parquet").unlink()

    with_files(monkeypatch, damaged)
    assert faults(world) == [
        "report/index.html names a folder of this machine.",
        "The file indicators.duckdb.wal does not belong in a release.",
        "The file notes.txt does not belong in a release.",
        "The file parquet/comment.parquet is missing.",
    ]


def test_files_with_other_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(folder: Path) -> None:
        (folder / "indicators.csv").write_bytes(b"a;b\r\n")
        path = folder / "parquet/comment.parquet"
        with duckdb.connect() as con:
            con.execute(f"create table other as select * replace (2025 as year) from '{path}'")
            con.execute(f"copy other to '{path}'")

    with_files(monkeypatch, damaged)
    assert faults(world) == [
        "indicators.csv has other rows than indicator_status.",
        "parquet/comment.parquet has other rows than indicators.duckdb.",
    ]


def test_a_database_with_more_in_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(folder: Path) -> None:
        with duckdb.connect(folder / "indicators.duckdb") as con:
            con.execute("create schema raw; create table raw.patient (pasient_id varchar)")
            con.execute("create view marts.shortcut as from marts.spc")

    with_files(monkeypatch, damaged)
    said = faults(world)
    assert "raw.patient does not belong in indicators.duckdb." in said
    assert "marts.shortcut does not belong in indicators.duckdb." in said


def test_a_hidden_number_that_can_be_worked_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def attacked(_: object, limit: int, before: object, **places: str) -> list[str]:
        asked.update(limit=limit, before=before, **places)
        return ["A hidden number can be worked out: 3.6."]

    monkeypatch.setattr(attack, "audit_suppression", attacked)
    assert faults(world) == ["A hidden number can be worked out: 3.6."]
    assert asked == {"limit": 5, "before": None, "marts": "release.marts", "truth": "warehouse.marts"}


def test_what_no_contract_names_stays_in_the_warehouse(world: World) -> None:
    world.change_marts("create table marts.patient as select 'canary' as pasient_id")
    world.change_marts("alter table marts.target add column pasient_id varchar default 'canary'")
    path = world.publish().path
    assert path is not None
    assert all(b"canary" not in file.read_bytes() for file in path.rglob("*") if file.is_file())
