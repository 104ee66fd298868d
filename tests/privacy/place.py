"""A folder for runs of their own process: where they work, what they print, and everything that they leave.

Belongs here: paths, environment, starting a process. Does not belong here: what is in the landing folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestration.settings import DBT_PROJECT, PROJECT
from tests.privacy.canaries import sweep
from tests.privacy.world import LONGEST_LINE, build

HOMES = ("home", "tmp", "cwd", "printed")


class Place:
    """Landing folder and everything else below one folder; the home folder and the temporary one too."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workspace, self.published = root / "space", root / "published"
        self.warehouse = self.workspace / "w.duckdb"
        for name in HOMES:
            (root / name).mkdir(parents=True, mode=0o700)
        build(root / "landing")

    def environment(self) -> dict[str, str]:
        """Of a process that works here."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VEDLEGG2_", "DAGSTER_", "XDG_", "PYTEST_"))
        }
        return {
            **inherited,
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "PYTHONPATH": str(PROJECT),
            "VEDLEGG2_LANDING": str(self.root / "landing"),
            "VEDLEGG2_WAREHOUSE": str(self.warehouse),
            "VEDLEGG2_PUBLISHED": str(self.published),
            "VEDLEGG2_MAX_LINE_BYTES": str(LONGEST_LINE),
        }

    def start(
        self, module: str, *arguments: str, umask: int, before: Sequence[str] = ()
    ) -> tuple[int, str, str]:
        """Run a module to its end; what it prints is kept for the sweep.

        Returns:
            Exit code, standard output, standard error.
        """
        done = subprocess.run(
            [*before, sys.executable, "-m", module, *arguments],
            cwd=self.root / "cwd",
            env=self.environment(),
            umask=umask,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        (self.root / "printed" / "out").write_text(done.stdout)
        (self.root / "printed" / "err").write_text(done.stderr)
        return done.returncode, done.stdout, done.stderr

    def leaks(self) -> dict[str, set[str]]:
        """Canaries in everything but the landing folder, the warehouse and the kept files."""
        inside = {self.root / "landing", self.warehouse, self.workspace / "kept"}
        inside |= {self.warehouse.with_name(f"{self.warehouse.name}.wal")}
        folders = [self.root, *(DBT_PROJECT / name for name in ("target", "logs"))]
        return sweep(folders, inside)
