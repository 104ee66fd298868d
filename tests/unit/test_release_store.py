"""The kept releases: listed, verified, taken back, pruned."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from release_marts import World, primary_rule_only  # noqa: F401 (a fixture)
from rich.console import Console

from orchestration.release import IntegrityError, store
from orchestration.settings import UsageError
from orchestration.terminal import releases as terminal


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Three releases, each with another figure."""
    world = World(tmp_path_factory.mktemp("releases"))
    for share in (160, 150, 120):
        world.share = share
        world.build().publish()
    return world


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    """A copy that a test may damage."""
    for path in sorted(made.settings.published.rglob("*")):
        target = tmp_path / "published" / path.relative_to(made.settings.published)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            target.symlink_to(path.readlink())
        elif path.is_file():
            target.write_bytes(path.read_bytes())
    return World(tmp_path)


def ids(world: World) -> list[str]:
    return [info.release_id for info in store.releases(world.settings.published)[0]]


def test_ids_sort_in_the_order_of_making(world: World) -> None:
    assert ids(world) == sorted(ids(world), reverse=True)
    assert len(set(ids(world))) == 3
    assert world.current() == ids(world)[0]


def test_an_id_sorts_last_also_when_the_clock_was_set_back(world: World) -> None:
    earlier = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    assert store.new_id(world.settings.published, earlier, "ab" * 32) > ids(world)[0]
    assert store.new_id(world.root / "none", earlier, "ab" * 32) == "20010101T000000Z-abababab"


def test_verify_takes_the_current_release_by_default(world: World) -> None:
    assert store.verify(world.settings.published).release_id == ids(world)[0]
    assert store.verify(world.settings.published, ids(world)[2]).release_id == ids(world)[2]


@pytest.mark.parametrize(
    "name", ["indicators.duckdb", "indicators.csv", "parquet/spc.parquet", "release.json"]
)
def test_one_flipped_bit_is_found_and_named(world: World, name: str) -> None:
    path = world.settings.published / "current" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(IntegrityError, match=Path(name).name):
        store.verify(world.settings.published)


def test_a_missing_and_a_foreign_file_are_found(world: World) -> None:
    folder = (world.settings.published / "current").resolve()
    (folder / "indicators.duckdb.wal").touch()
    with pytest.raises(IntegrityError, match=r"indicators\.duckdb\.wal does not belong"):
        store.verify(world.settings.published)
    (folder / "indicators.duckdb.wal").unlink()
    (folder / "indicators.csv").unlink()
    with pytest.raises(IntegrityError, match=r"indicators\.csv is missing"):
        store.verify(world.settings.published)
    (folder / "indicators.csv").symlink_to("/dev/null")
    with pytest.raises(IntegrityError, match=r"indicators\.csv is no ordinary file"):
        store.verify(world.settings.published)


def test_the_manifest_of_another_release_is_found(world: World) -> None:
    new, old = (world.settings.published / "releases" / name for name in ids(world)[:2])
    (new / "release.json").write_bytes((old / "release.json").read_bytes())
    with pytest.raises(IntegrityError, match="another release"):
        store.verify(world.settings.published)


def test_a_changed_release_keeps_no_other_from_being_listed(world: World) -> None:
    _, changed, _ = before = ids(world)
    path = world.settings.published / "releases" / changed / "release.json"
    path.write_bytes(path.read_bytes() + b" ")
    written = io.StringIO()
    with pytest.raises(IntegrityError, match=changed):
        terminal.show(Console(file=written, width=200), world.settings)
    assert [one in written.getvalue() for one in before] == [True, False, True]


def test_rollback_switches_and_keeps_the_rest(world: World) -> None:
    newest, _, oldest = ids(world)
    assert store.rollback(world.settings.published, oldest).current
    assert world.current() == oldest
    assert newest in ids(world)
    assert len(ids(world)) == 3


def test_rollback_refuses_a_damaged_release(world: World) -> None:
    newest, _, oldest = ids(world)
    path = world.settings.published / "releases" / oldest / "indicators.csv"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(IntegrityError, match=r"indicators\.csv was changed"):
        store.rollback(world.settings.published, oldest)
    assert world.current() == newest


@pytest.mark.parametrize("name", ["20200101T000000Z-00000000", "../../etc", "."])
def test_an_unknown_release_is_wrong_usage(world: World, name: str) -> None:
    with pytest.raises(UsageError, match="holds no release"):
        store.rollback(world.settings.published, name)
    with pytest.raises(UsageError, match="holds no release"):
        store.verify(world.settings.published, name)


def test_no_release_at_all(tmp_path: Path) -> None:
    assert store.releases(tmp_path) == ([], [])
    assert store.current(tmp_path) is None
    with pytest.raises(UsageError, match="no current release"):
        store.verify(tmp_path)


def test_a_link_that_leads_elsewhere_is_refused(world: World) -> None:
    link = world.settings.published / "current"
    for target in ("/etc", "releases/../../etc", "releases"):
        link.unlink()
        link.symlink_to(target)
        with pytest.raises(IntegrityError, match="no link to a release"):
            store.current(world.settings.published)


def test_pruning_keeps_current_and_the_one_before(world: World) -> None:
    newest, middle, oldest = ids(world)
    assert store.prune(world.settings.published, 1) == [oldest]
    assert ids(world) == [newest, middle]


def test_pruning_after_a_rollback_keeps_what_is_current(world: World) -> None:
    newest, middle, oldest = ids(world)
    store.rollback(world.settings.published, oldest)
    assert store.prune(world.settings.published, 1) == [middle]
    assert ids(world) == [newest, oldest]
    assert world.current() == oldest


def test_publishing_prunes(world: World) -> None:
    newest = world.current()
    world.share = 110
    made = world.build().publish(keep_releases=1)
    assert world.folders() == [newest, made.release_id]
    assert store.verify(world.settings.published).previous == newest


def test_a_lost_current_folder_is_made_anew(world: World) -> None:
    store.remove_tree((world.settings.published / "current").resolve())
    assert store.current(world.settings.published) is None
    world.share = 120
    outcome = world.build().publish()
    assert outcome.made_current
    assert world.current() == outcome.release_id


def test_a_damaged_current_release_stops_publishing(world: World) -> None:
    path = (world.settings.published / "current").resolve() / "indicators.csv"
    path.write_bytes(b"x")
    world.build()
    with pytest.raises(IntegrityError, match=r"indicators\.csv was changed"):
        world.publish()


def test_what_a_killed_run_left_is_removed_and_releases_are_not(world: World) -> None:
    published, before = world.settings.published, ids(world)
    store.candidate(published, "20990101T000000Z-00000000").mkdir(mode=0o500)
    (published / "releases" / f".{before[2]}.removed").mkdir()
    (published / ".current.new").symlink_to("nowhere")
    store.tidy(published, keep=3)
    assert sorted(path.name for path in published.iterdir()) == ["current", "releases"]
    assert sorted(path.name for path in (published / "releases").iterdir()) == sorted(before)


def test_what_a_killed_run_did_not_come_to_prune_goes_too(world: World) -> None:
    newest, middle, _ = ids(world)
    store.tidy(world.settings.published, keep=1)
    assert ids(world) == [newest, middle]
