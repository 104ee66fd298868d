"""The five most dangerous fault points, with a real kill -9; ``make crash`` takes all of them, in whole runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from landing_kit import PERIOD, TODAY, House, csv, many, no_gate, waiting  # noqa: F401 (a fixture)
from release_marts import World, primary_rule_only  # noqa: F401 (a fixture)

from orchestration import fault_points, warehouse
from orchestration.landing import loading
from orchestration.release import store
from tests.crash.invariants import sha256

SOURCES = Path(fault_points.__file__).parent
SCHEMAS = ("reference", "staging", "intermediate", "cells", "marts")


def killed_at(point: str, do: Callable[[], object]) -> None:
    """Let a process of its own do something, and see that it kills itself at the point."""
    pid = os.fork()
    if pid == 0:
        try:
            os.environ[fault_points.VARIABLE] = point
            do()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def loaded(root: Path) -> House:
    """A house with one delivery in force, and its next one in the landing folder."""
    house = House(root)
    house.put(f"{PERIOD}/a.csv", csv(many(30)))
    house.load()
    rows = [*many(29, vurderingsdato="2024-01-13"), waiting(30, tjenesteomraade="X")]
    house.put("waiting_times/2024-03/2024-04-20/a.csv", csv(rows))
    return house


def load_again(house: House) -> None:
    with warehouse.run_lock(house.settings, "run"):
        house.con = warehouse.connect(house.settings)
        house.load()


def files_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("point", ["load.keeping", "load.written"])
def test_a_load_that_is_killed_has_not_happened(
    tmp_path: Path,
    no_gate: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    monkeypatch.setattr(loading, "today", lambda: TODAY)
    undisturbed, house = loaded(tmp_path / "undisturbed"), loaded(tmp_path / "killed")
    before, landing = house.everything(), files_of(house.settings.landing)
    house.con.close()
    killed_at(point, lambda: load_again(house))
    spool = house.settings.workspace / warehouse.SPOOL
    assert list(spool.iterdir())
    house.con = warehouse.connect(house.settings)
    assert house.everything() == before
    house.con.close()

    load_again(house)
    undisturbed.load()
    assert house.everything() == undisturbed.everything() != before
    assert not list(spool.iterdir())
    kept = [files_of(one.settings.workspace / "kept") for one in (house, undisturbed)]
    assert kept[0] == kept[1]
    assert files_of(house.settings.landing) == landing
    house.con.close()
    undisturbed.con.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One release is out, and the marts say something new."""
    world = World(tmp_path_factory.mktemp("made")).build()
    world.publish()
    world.share = 120
    return world.build()


def copy_of(made: World, folder: Path) -> World:
    shutil.copytree(made.root, folder, symlinks=True)
    return World(folder, share=120)


@pytest.mark.parametrize("point", ["release.database", "release.named", "release.linked"])
def test_a_release_that_is_killed_is_not_seen_and_not_made_twice(
    made: World, tmp_path: Path, point: str
) -> None:
    undisturbed, world = copy_of(made, tmp_path / "undisturbed"), copy_of(made, tmp_path / "killed")
    first, published = world.current(), world.settings.published
    killed_at(point, world.publish)
    assert store.verify(published).release_id == first
    whole = [name for name in world.folders() if not name.startswith(".")]

    world.publish()
    undisturbed.publish()
    now = store.verify(published)
    assert now.content_hash == store.verify(undisturbed.settings.published).content_hash
    assert now.previous == first
    assert world.folders() == [first, now.release_id]
    assert set(whole) <= set(world.folders())
    assert sorted(path.name for path in published.iterdir()) == ["current", "releases"]


def test_every_named_step_is_in_the_code_once() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    called = re.findall(r'fault_points\.reach\(f?"([^"]+)"\)', code)
    assert called.count("build.{_schema(manifest, event)}") == 1
    called.remove("build.{_schema(manifest, event)}")
    assert sorted([*called, *(f"build.{schema}" for schema in SCHEMAS)]) == sorted(fault_points.POINTS)


def test_a_step_is_passed_by_unless_it_is_armed_and_then_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, number: sent.append(number))
    monkeypatch.delenv(fault_points.VARIABLE, raising=False)
    fault_points.reach("load.kept")
    monkeypatch.setenv(fault_points.VARIABLE, "load.kept:TERM")
    fault_points.reach("load.copied")
    assert sent == []
    fault_points.reach("load.kept")
    fault_points.reach("load.kept")
    assert sent == [signal.SIGTERM]
