"""The program on all broken deliveries at once: exit code, messages, figures of the base, and a bomb.

Belongs here: whole runs, one per exit code. Does not belong here: the verdict on each case
(``test_faults.py``).
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import PROJECT
from tests.faults.house import BASE_REGION, House, as_told, digest_of
from tests.faults.test_faults import CASES

MEGABYTES = 400
"""Memory that a process may take to refuse a bomb; the imports alone take half of it."""


EVERY = 8
"""Of the accepted cases every eighth is run: each brings a trust with figures of its own, which take time."""


class Run:
    """``vedlegg2 run`` on the base and the cases of an exit code."""

    def __init__(self, root: Path, exit_code: int) -> None:
        some = [case for case in CASES if case.exit_code == exit_code]
        self.house = House(root, some if exit_code else some[::EVERY])
        self.house.put_base()
        self.house.put_cases()
        before = digest_of(self.house.settings.landing)
        settings = self.house.settings
        places = ("landing", "warehouse", "published", "reference")
        options = [part for name in places for part in (f"--{name}", str(getattr(settings, name)))]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VEDLEGG2_")}
        self.done = subprocess.run(
            [sys.executable, "-c", "from orchestration.cli import main; main()", "run", *options],
            cwd=root,
            env={**environment, "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert digest_of(settings.landing) == before

    def figures(self) -> list[tuple[object, ...]]:
        """Figures of the base's region and its trusts in the release."""
        path = self.house.settings.published / "current" / "indicators.duckdb"
        with duckdb.connect(path, read_only=True) as con:
            return con.execute(
                "select v.* from marts.indicator_value v join marts.organisation o using (org_id) "
                "where $region in (o.org_id, o.parent_id) order by all",
                {"region": BASE_REGION},
            ).fetchall()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Run]:
    return {code: Run(tmp_path_factory.mktemp(f"run{code}"), code) for code in (0, 3)}


@pytest.mark.slow
@pytest.mark.parametrize("code", [0, 3])
def test_exit_code_and_messages(code: int, runs: dict[int, Run]) -> None:
    run = runs[code]
    assert run.done.returncode == code, run.done.stderr
    told = run.done.stderr.splitlines()
    for case in run.house.cases:
        what = "rejected" if code else "quarantined"
        lines = [line for line in told if f"{what}: {as_told(case.told)}" in line]
        for field, rule, _, line in case.faults:
            wanted = (f", line {line}" if line is not None else "") + (f", column {field}" if field else "")
            assert any(f"{wanted}: {rule}," in one for one in lines), (case.name, rule)
    allowed = ("rejected: ", "quarantined: ") if code else ("quarantined: ",)
    assert all(line.startswith(allowed) for line in told)
    assert not any(": forged" in line for line in told)


@pytest.mark.slow
def test_no_figure_of_the_base_is_touched(runs: dict[int, Run]) -> None:
    figures = runs[3].figures()
    assert len(figures) > 100
    assert figures == runs[0].figures()


def test_a_bomb_is_refused_with_little_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", 1) as file:
        for _ in range(300):
            file.write(b"a;b\n" * (1 << 18))
    (tmp_path / "spool").mkdir()
    code = (
        "import re, sys; from pathlib import Path\n"
        "from orchestration.landing.model import LandingFile\n"
        "from orchestration.landing.take import take\n"
        "from orchestration.settings import Settings\n"
        "path = Path(sys.argv[1])\n"
        "taken = take(LandingFile(path, path.name, 'csv.gz'), path.parent / 'spool', Settings())\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text()).group(1)\n"
        "print(taken.fault.rule, int(peak) // 1024)  # ru_maxrss would count what the parent held\n"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    rule, megabytes = done.stdout.split()
    assert rule == "too_large"
    assert int(megabytes) < MEGABYTES
    assert time.monotonic() - begun < 30
