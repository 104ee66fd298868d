"""The independent check against the pipeline in every ``make test``: a few made-up worlds, file to figure.

Belongs here: one small landing, loaded and built, compared as a whole. Does not belong here: many worlds and the
sample (``test_oracle.py``, ``make proof``).
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from orchestration.settings import SEEDS
from tests.built import build
from tests.oracle.compare import Oracle, differences, report, warehouse_tables
from tests.oracle.landing import write
from tests.oracle.letters import write_reference
from tests.oracle.rollup import INDICATORS
from tests.oracle.state import State
from tests.oracle.worlds import make

REGIONS = 8
SEED = 2
"""The first worlds of the long comparison."""
KEYS = {
    "waiting_times": "henvisning_id",
    "outpatient_contacts": "kontakt_id",
    "epicrises": "opphold_id",
    "treatment_plans": "forlop_id",
}
"""Dataset -> what tells its rows apart within a trust, where a row belongs to one period only."""


@pytest.mark.slow
def test_small_worlds(tmp_path: Path) -> None:
    world = make(SEEDS, REGIONS, SEED)
    write(world.deliveries, tmp_path / "landing")
    write_reference(world.reference, SEEDS, tmp_path / "reference")
    state = State(world.deliveries, world.reference)
    expected = Oracle.of(state).tables()
    assert {key[0] for key in expected["indicator_status"]} == {kind.id for kind in INDICATORS}
    warehouse, warnings = build(tmp_path, tmp_path / "reference")
    found = differences(expected, warehouse_tables(warehouse))
    assert not found, report(found)
    for dataset, key in KEYS.items():
        number = keys_in_several_periods(state, dataset, key)
        assert number > 0
        assert any(said.startswith(f"stg_{dataset}: {number} keys occur") for said in warnings), dataset


def keys_in_several_periods(state: State, dataset: str, key: str) -> int:
    """Rules for all, 9: keys of a trust that are in force for more than one period."""
    periods = defaultdict(set)
    for name, period, org in state.in_force:
        for row in state.rows(name, period, org) if name == dataset else ():
            periods[org, row[key]].add(period)
    return sum(len(found) > 1 for found in periods.values())
