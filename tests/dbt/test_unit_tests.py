"""The dbt unit tests: every boundary of the indicators, the roll-up and the verdicts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.dbt.project import unit_tests


@pytest.mark.slow
def test_every_unit_test_passes_and_every_indicator_has_one(tmp_path: Path) -> None:
    done = unit_tests(tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]
    passed = int(re.search(r"PASS=(\d+)", done.stdout)[1])  # type: ignore[index]
    manifest = json.loads((tmp_path / "target/manifest.json").read_text())
    assert passed == len(manifest["unit_tests"])
    tested = {test["model"] for test in manifest["unit_tests"].values()}
    indicators = {
        n["name"]
        for n in manifest["nodes"].values()
        if n["schema"] == "cells" and n["name"].startswith("ind_")
    }
    assert indicators <= tested
