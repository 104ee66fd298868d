"""The independent check against the pipeline: many made-up worlds, and the sample through a real run.

Belongs here: the long comparisons (``make proof``). Does not belong here: the short one that every ``make test``
runs (``test_small_worlds.py``) and the check's own examples (``tests/unit/test_oracle.py``).
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from tests.built import build
from tests.oracle.compare import Oracle, differences, report, warehouse_tables
from tests.oracle.deliveries import Judged, deliveries_of
from tests.oracle.landing import write
from tests.oracle.letters import read_reference, write_reference
from tests.oracle.rollup import INDICATORS
from tests.oracle.state import Row, State
from tests.oracle.worlds import World, make

SEEDS = Path(__file__).parents[2] / "seeds"
CASES = 200
"""Organisations with figures, at least, for each indicator: each is a case of its own in the one landing."""


def vedlegg2(*arguments: str | Path) -> None:
    command = "from orchestration.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def run(folder: Path, reference: Path) -> Path:
    """A whole run in the folder; the warehouse it made."""
    options = {"landing": "landing", "warehouse": "work/w.duckdb", "published": "published"}
    places = [part for name, place in options.items() for part in (f"--{name}", folder / place)]
    vedlegg2("run", *places, "--reference", reference)
    return folder / "work/w.duckdb"


@pytest.fixture(scope="module")
def world() -> World:
    return make(SEEDS)


@pytest.fixture(scope="module")
def worlds(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds")
    write(world.deliveries, folder / "landing")
    write_reference(world.reference, SEEDS, folder / "reference")
    return folder


def test_there_are_enough_cases_of_every_indicator(world: World) -> None:
    cases = defaultdict(set)
    for indicator, _, org, _ in Oracle.of(State(world.deliveries, world.reference)).values:
        cases[indicator].add(org)
    assert {kind.id: len(cases[kind.id]) >= CASES for kind in INDICATORS} == dict.fromkeys(
        (kind.id for kind in INDICATORS), True
    )


def test_the_check_reads_back_what_the_worlds_deliver(world: World, worlds: Path) -> None:
    judged = {found.delivery.id: found for found in deliveries_of(worlds / "landing", world.reference)}
    assert judged.keys() == {delivery.id for delivery in world.deliveries}
    for delivery in world.deliveries:
        assert judged[delivery.id].accepted, delivery.id
        assert in_order(judged[delivery.id].delivery.rows) == in_order(delivery.rows), delivery.id


def in_order(rows: list[Row]) -> list[str]:
    exact = [[Fraction(v) if isinstance(v, Decimal) else v for v in row.values()] for row in rows]
    return sorted(map(repr, exact))


@pytest.mark.slow
def test_made_up_worlds(world: World, worlds: Path) -> None:
    warehouse = build(worlds, worlds / "reference").warehouse
    oracle = Oracle.of(State(world.deliveries, world.reference))
    found = differences(oracle.tables(), warehouse_tables(warehouse))
    assert not found, report(found)


@pytest.mark.slow
def test_the_sample(tmp_path: Path) -> None:
    vedlegg2("sample", tmp_path / "landing", "--scale", "0.02")
    warehouse = run(tmp_path, SEEDS)
    reference = read_reference(SEEDS)
    judged = deliveries_of(tmp_path / "landing", reference)
    assert rows_of(judged) == published_rows(warehouse)
    oracle = Oracle.of(State([found.delivery for found in judged if found.accepted], reference))
    found = differences(oracle.tables(), warehouse_tables(warehouse))
    assert not found, report(found)


def rows_of(judged: list[Judged]) -> dict[str, tuple[int, int, int, int]]:
    """Delivery -> rows read, accepted, rejected, duplicate, over its files."""
    return {
        found.delivery.id: (
            sum(file.read for file in found.files),
            sum(len(file.rows) for file in found.files),
            sum(file.rejected.total() for file in found.files),
            sum(file.duplicates for file in found.files),
        )
        for found in judged
    }


def published_rows(warehouse: Path) -> dict[str, tuple[int, int, int, int]]:
    """The same from the warehouse's list of deliveries."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "SELECT delivery_id, sum(rows_read), sum(rows_accepted), sum(rows_rejected), sum(rows_duplicate)"
            " FROM marts.delivery GROUP BY delivery_id"
        ).fetchall()
    return {row[0]: tuple(map(int, row[1:])) for row in rows}
