"""What a run compares before it builds: the fingerprint of its inputs, and what the current release shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from release_marts import DELIVERY, TRUSTS, World, primary_rule_only  # noqa: F401 (a fixture)

from orchestration.release import code_version, current_inputs, inputs_fingerprint, remember_published
from orchestration.warehouse import connect


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).build()


def fingerprint(
    world: World, *, reference: str = "reference-1", contract: str = "contract-1", **changes: Any
) -> str:
    given: Any = SimpleNamespace(fingerprint=reference)
    contracts: Any = {"epicrises": SimpleNamespace(fingerprint=contract)}
    with duckdb.connect(world.settings.warehouse, read_only=True) as con:
        return inputs_fingerprint(replace(world.settings, **changes), con, given, contracts)


def test_the_release_carries_its_inputs(world: World) -> None:
    assert current_inputs(world.settings.published) is None
    world.publish()
    assert current_inputs(world.settings.published) == fingerprint(world)


def test_everything_that_decides_a_release_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = fingerprint(world)
    seen = {
        fingerprint(world, reference="reference-2"),
        fingerprint(world, contract="contract-2"),
        fingerprint(world, suppression_limit=7),
        fingerprint(world, as_of=dt.date(2024, 7, 1)),
    }
    with monkeypatch.context() as patched:
        patched.setattr("orchestration.release.inputs.code_version", lambda: "code-2")
        seen.add(fingerprint(world))
    world.change_marts("update raw.delivery_file set status = 'replaced'")
    seen.add(fingerprint(world))
    (world.settings.landing / "_SYNTETISKE_DATA.txt").touch()
    seen.add(fingerprint(world))
    assert len({plain, *seen}) == 8


def test_times_places_and_retention_do_not_count(world: World, tmp_path: Path) -> None:
    plain = fingerprint(world)
    world.change_marts("update raw.delivery_file set loaded_at = timestamp '2025-01-01'")
    assert fingerprint(world, keep_releases=3, published=tmp_path / "elsewhere", make_current=True) == plain


def test_the_code_version_is_that_of_the_files() -> None:
    assert len(code_version()) == 64


def remembered(world: World) -> duckdb.DuckDBPyConnection:
    con = connect(world.settings)
    remember_published(world.settings, con)
    return con


def test_without_a_release_the_tables_are_there_and_empty(world: World) -> None:
    with remembered(world) as con:
        for name in ("value", "source", "delivery", "release"):
            assert con.execute(f"select count(*) from raw.published_{name}").fetchall() == [(0,)]
        shape = con.execute("select value, period_start, release_id from raw.published_value").description
    assert [str(column[1]) for column in shape] == ["DOUBLE", "DATE", "VARCHAR"]


def test_the_current_release_is_remembered_as_it_was_shown(world: World) -> None:
    outcome = world.publish()
    world.share = 120
    world.build()
    remembered(world).close()
    with remembered(world) as con:
        values = con.execute(
            "select org_id, value, suppressed, release_id from raw.published_value"
        ).fetchall()
        sources = con.execute("select distinct delivery_id from raw.published_source").fetchall()
        deliveries = con.execute("from raw.published_delivery").fetchall()
        (release,) = con.execute("from raw.published_release").fetchall()
    assert len(values) == 10
    assert (TRUSTS[0], 0.8, False, outcome.release_id) in values
    assert (TRUSTS[2], None, True, outcome.release_id) in values
    assert sources == [(DELIVERY,)]
    assert deliveries == [(DELIVERY, f"{1:064x}")]
    assert release[:4] == (outcome.release_id, "code-1", "reference-1", code_version())
    assert len(release[4]) == 64
