"""A release: what it holds, what it hides, and that it is the same at every run."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path

import duckdb
import pytest
from release_marts import DELIVERY, REGION, TRUSTS, World, primary_rule_only  # noqa: F401 (a fixture)

from orchestration.release import attack, store, suppression
from orchestration.release.attack import audit_suppression
from orchestration.release.suppression import suppress
from orchestration.release.tables import KEYS


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).build()


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_release_holds_exactly_what_is_promised(world: World) -> None:
    outcome = world.publish()
    assert outcome.published
    assert outcome.made_current
    assert world.current() == outcome.release_id
    names = {name for name in files(outcome.path) if not name.startswith("report/")}
    assert names == {
        "indicators.duckdb",
        "indicators.csv",
        "release.json",
        *(f"parquet/{t}.parquet" for t in KEYS),
    }
    assert world.shown("select distinct schema_name from duckdb_tables()") == [("marts",)]
    assert len(world.shown("select table_name from duckdb_tables() where comment is not null")) == len(KEYS)
    assert world.shown("select count(*) from duckdb_columns() where not internal and comment is null") == [
        (0,)
    ]
    header = (outcome.path / "indicators.duckdb").read_bytes()[8:20]
    assert header[:4] == b"DUCK"
    assert int.from_bytes(header[4:], "little") <= 67, "DuckDB 1.4 reads storage versions up to 67"


def test_the_manifest_says_what_the_release_is_made_of(world: World) -> None:
    outcome = world.publish()
    content = json.loads((outcome.path / "release.json").read_text())
    assert content["release_id"] == outcome.release_id
    assert content["row_counts"]["indicator_value"] == 10
    assert content["deliveries"] == [{"delivery_id": DELIVERY, "file_name": "a.csv", "sha256": f"{1:064x}"}]
    assert content["synthetic"] is False
    assert content["as_of"] is None
    assert content["code_version"] == "code-1"
    hashes = {name: entry["sha256"] for name, entry in content["files"].items()}
    found = files(outcome.path)
    del found["release.json"]
    assert hashes == found
    assert str(world.root) not in (outcome.path / "release.json").read_text()


def test_a_release_of_the_sample_says_so(world: World) -> None:
    (world.settings.landing / "_SYNTETISKE_DATA.txt").touch()
    outcome = world.publish()
    content = json.loads((outcome.path / "release.json").read_text())
    assert content["synthetic"] is True
    assert content["data"] == "syntetiske data"
    comments = world.shown("select comment from duckdb_tables()")
    assert all(comment.startswith("Syntetiske data. ") for (comment,) in comments)


def test_files_are_read_only(world: World) -> None:
    outcome = world.publish()
    modes = {path: path.stat().st_mode & 0o777 for path in [outcome.path, *outcome.path.rglob("*")]}
    assert all(mode == (0o555 if path.is_dir() else 0o444) for path, mode in modes.items())


def test_hidden_figures_are_in_no_file(world: World) -> None:
    path = world.publish().path
    hidden, shown = world.few / 7919, world.share / 200
    where = f"org_id = '{TRUSTS[2]}'"
    row = "numerator, denominator, value, ci_low, ci_high, suppressed"
    assert world.shown(f"select {row} from marts.indicator_value where {where}") == [(*[None] * 5, True)]
    status = "value, gap, detail, status, reason"
    assert world.shown(f"select {status} from marts.indicator_status where {where}") == [
        (None, None, None, "not_assessable", "suppressed")
    ]
    with duckdb.connect() as con:
        for table in ("indicator_value", "indicator_status"):
            (values,) = con.execute(f"select list(value) from '{path}/parquet/{table}.parquet'").fetchall()[0]
            assert hidden not in values
            assert shown in values
    everything = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    assert b"160 av 200" in everything, "a shown text is found, so a hidden one would be"
    assert b"3 av 7919" not in everything
    assert repr(shown).replace(".", ",").encode() in everything
    assert repr(hidden).replace(".", ",").encode() not in everything


def test_the_suppression_of_the_specification(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "suppress", suppress)
    monkeypatch.setattr(attack, "audit_suppression", audit_suppression)
    first = world.publish()
    assert first.published
    hidden = "select count(*) from marts.indicator_value where suppressed and indicator_id = '3.6'"
    assert world.shown(hidden)[0][0] >= 2, "the small one, and one that it could be worked out from"
    assert not world.build(shuffled=True).publish().published
    world.share = 150
    assert world.build().publish().published


def test_what_depends_on_figures_is_counted_from_published_ones(world: World) -> None:
    world.publish()
    overall = f"select status, official_met from marts.indicator_overall where org_id = '{TRUSTS[2]}'"
    assert world.shown(overall) == [("not_assessable", 0)]
    points = world.shown(f"select period, value, mean from marts.spc where org_id = {REGION!r} order by 1")
    assert points == [("2024-01", 30.0, 30.0), ("2024-02", 30.0, 30.0), ("2024-03", None, 30.0)]


def test_a_model_that_reads_more_than_the_marts_is_refused(world: World) -> None:
    compiled = world.settings.workspace / "dbt/target/compiled/vedlegg2/models/marts/spc.sql"
    compiled.write_text('select * from "vedlegg2"."cells"."figure"')
    with pytest.raises(ValueError, match="spc reads cells"):
        world.publish()
    assert world.folders() == []


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name, shuffled in (("one", False), ("two", True)):
        (tmp_path / name).mkdir()
        made.append(files(World(tmp_path / name).build(shuffled=shuffled).publish().path))
    one, two = made
    different = {name for name in one if one[name] != two[name]}
    assert different == {"indicators.duckdb", "release.json"}


def test_equal_content_is_not_published_again(world: World) -> None:
    first = world.publish()
    world.build(shuffled=True)
    world.change_marts("update marts.delivery set loaded_at = timestamp '2025-01-01'")
    again = world.publish()
    assert (again.published, again.made_current, again.release_id) == (False, False, first.release_id)
    assert world.folders() == [first.release_id]


def test_a_changed_figure_is_a_new_release(world: World) -> None:
    first = world.publish()
    world.share = 150
    old, new = "'3.6', 'somatic', '883974832', '2024-T1', ?, 0.8, 0.75, 'new_delivery'", first.release_id
    world.build().change_marts(f"insert into marts.revision values ({old.replace('?', repr(new))})")
    second = world.publish()
    assert second.published
    assert second.release_id > first.release_id
    listed, _ = store.releases(world.settings.published)
    assert [(info.release_id, info.current, info.previous, info.figures_changed) for info in listed] == [
        (second.release_id, True, first.release_id, 1),
        (first.release_id, False, None, None),
    ]


def test_a_revision_of_a_hidden_figure_shows_no_value(world: World) -> None:
    world.few = 30
    first = world.build().publish()
    world.few = 3
    values = f"'2024-T1', '{first.release_id}', {30 / 7919}, {3 / 7919}, 'new_delivery'"
    rows = ", ".join(f"('3.6', 'somatic', '{org}', {values})" for org in (TRUSTS[2], REGION))
    world.build().change_marts(f"insert into marts.revision values {rows}")
    world.publish()
    shown = world.shown("select org_id, old_value is null, new_value is null from marts.revision order by 1")
    assert shown == [(REGION, False, False), (TRUSTS[2], True, True)]


def test_nothing_accepted_is_no_release(world: World) -> None:
    world.change_marts("update raw.delivery_file set status = 'rejected'")
    outcome = world.publish()
    assert (outcome.release_id, outcome.published) == (None, False)
    assert world.current() is None
    assert world.folders() == []


def test_an_earlier_as_of_date_leaves_current_alone(world: World) -> None:
    first = world.publish()
    world.share = 120
    world.build()
    world.change_marts(
        "insert into raw.delivery_file (status, extract_date) values ('accepted', date '2024-12-01')"
    )
    early = world.publish(as_of=dt.date(2024, 7, 1))
    assert early.published
    assert not early.made_current
    assert early.path.is_dir()
    assert world.current() == first.release_id
    assert str(early.release_id) in early.message
    forced = world.publish(as_of=dt.date(2024, 7, 1), make_current=True)
    assert forced.made_current
    assert world.current() == forced.release_id == early.release_id  # made once, and then made current


def test_a_reader_keeps_the_release_it_has_open(world: World) -> None:
    first = world.publish()
    link = world.settings.published / "current" / "indicators.duckdb"
    question = f"select value from marts.indicator_value where unit = 'share' and org_id = '{TRUSTS[0]}'"
    with duckdb.connect(link, read_only=True) as reader:
        assert reader.execute(question).fetchall() == [(0.8,)]
        world.share = 120
        second = world.build().publish()
        store.prune(world.settings.published, 1)
        assert reader.execute(question).fetchall() == [(0.8,)]
    assert world.shown(question) == [(0.6,)]
    assert {first.release_id, second.release_id} == set(world.folders())


def test_the_csv_is_the_status_table(world: World) -> None:
    path = world.publish().path / "indicators.csv"
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    shown = next(row for row in rows if row["org_id"] == TRUSTS[0])
    assert (shown["indicator_id"], shown["value"], shown["threshold"], shown["official"]) == (
        "3.6",
        "0,8",
        "0,7",
        "true",
    )
    assert [row["org_id"] for row in rows] == sorted(row["org_id"] for row in rows)
