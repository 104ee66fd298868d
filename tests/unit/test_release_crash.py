"""Whatever goes wrong on the way, ``current`` is a whole release, old or new, and the next run tidies up."""

from __future__ import annotations

import errno
import importlib
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_marts import TRUSTS, World, primary_rule_only  # noqa: F401 (a fixture)

from orchestration.release import AuditFailed, store
from orchestration.warehouse import ResourceExhausted

SHARE = f"select value from marts.indicator_value where indicator_id = '3.6' and org_id = '{TRUSTS[0]}'"


class Killed(BaseException):
    """Stands for kill -9: nothing of ours tidies up after it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One release is out, and the marts say something new."""
    world = World(tmp_path_factory.mktemp("made")).build()
    world.publish()
    world.share = 120
    return world.build()


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    shutil.copytree(made.root, tmp_path, symlinks=True, dirs_exist_ok=True)
    return World(tmp_path, share=120)


STEPS = [
    ("orchestration.release.suppression", "suppress"),
    ("orchestration.release.build", "_write_database"),
    ("orchestration.release.build", "write_data"),
    ("orchestration.release.publishing", "_write_report"),
    ("orchestration.release.publishing", "audit"),
    ("orchestration.release.manifest", "files_of"),
    ("orchestration.release.manifest", "write"),
    ("orchestration.release.store", "sync"),
    ("orchestration.release.store", "complete"),
    ("pathlib.Path", "rename"),
    ("pathlib.Path", "symlink_to"),
    ("pathlib.Path", "replace"),
    ("orchestration.release.store", "switch"),
]


@pytest.mark.parametrize(("place", "step"), STEPS)
def test_a_kill_after_any_step_leaves_a_whole_release(
    world: World, monkeypatch: pytest.MonkeyPatch, place: str, step: str
) -> None:
    first = world.current()
    owner = Path if place == "pathlib.Path" else importlib.import_module(place)
    original = getattr(owner, step)

    def killed(*args: Any, **kwargs: Any) -> None:
        original(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        with pytest.raises(Killed):
            world.publish()
    left = store.verify(world.settings.published)
    switched = step in ("replace", "switch")
    assert (left.release_id != first) == switched

    assert world.publish().published != switched
    assert store.verify(world.settings.published).release_id != first
    assert world.shown(SHARE) == [(0.6,)]
    beside = [path.name for path in world.settings.published.rglob("*")]
    assert not [name for name in beside if name.startswith(".")]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
        duckdb.OutOfMemoryException("failed to allocate"),
    ],
)
def test_a_full_disk_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    first = world.current()

    def full(*_: Any) -> None:
        raise error

    step = "os.fsync" if isinstance(error, OSError) else "orchestration.release.build.write_csv"
    monkeypatch.setattr(step, full)
    with pytest.raises(ResourceExhausted):
        world.publish()
    assert world.folders() == [first]
    assert world.current() == first


def test_a_folder_that_may_not_be_written_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.current()
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(ResourceExhausted, match="published cannot be written"):
        world.publish()
    assert world.folders() == [first]


def test_another_error_is_no_matter_of_resources(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        world.publish()
    assert world.folders() == [world.current()]


def test_a_candidate_that_fails_its_audit_is_kept_in_the_workspace(world: World) -> None:
    first = world.current()
    world.change_marts("insert into marts.target from marts.target")
    with pytest.raises(AuditFailed, match=r"1 keys of target occur more than once\.") as failure:
        world.publish()
    kept = failure.value.path
    assert kept.parent == world.settings.workspace / "rejected_candidate"
    assert (kept / "indicators.duckdb").is_file()
    assert (kept.parent / "audit.txt").read_text() == "1 keys of target occur more than once.\n"
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert world.folders() == [first]
    assert world.current() == first
