"""One build for the tests that only look at what it made, shared by all test processes."""

from __future__ import annotations

import fcntl

import pytest

from tests.built import build
from tests.integration import forms, letters
from tests.integration.place import Place


@pytest.fixture(scope="session")
def many_regions(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Place:
    """The region in all its forms, and the regions of the second letter: one landing, one warehouse."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "many_regions"
    home.mkdir(exist_ok=True)
    place, built = Place(home), home / "built"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _prepare(place)
            assert build(home, place.reference).warehouse == place.warehouse
            built.touch()
    return place


def _prepare(place: Place) -> None:
    """Landing and reference folder."""
    forms.deliver(place)
    letters.deliver(place)
    place.refer("organisations", [*forms.organisations(), *letters.rows_of("organisations")])
    targets = forms.for_all(place.seed("targets"), "region_id")
    place.refer("targets", [*targets, *letters.rows_of("targets")])
    population = [row for row in place.seed("population") if row["org_id"] == "983658776"]
    place.refer("population", forms.for_all(population, "org_id"))
