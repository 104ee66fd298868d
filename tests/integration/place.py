"""A place to work in: landing, reference, warehouse and releases in one folder, and the installed program.

Belongs here: calling ``vedlegg2`` as a user does, and opening what it made. Does not belong here: data.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from orchestration.settings import SEEDS

PROGRAM = Path(sys.executable).parent / "vedlegg2"


class Place:
    """One folder with everything of its own."""

    def __init__(self, folder: Path, limit: str = "5") -> None:
        self.limit = limit
        self.landing = folder / "landing"
        self.reference = folder / "reference"
        self.warehouse = folder / "warehouse" / "vedlegg2.duckdb"
        self.published = folder / "published"

    def vedlegg2(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the program and wait for it."""
        return subprocess.run(
            [PROGRAM, *arguments], env=self.environment(), capture_output=True, text=True, timeout=1200
        )

    def environment(self) -> dict[str, str]:
        """This process's environment, with the places of this folder and no other setting."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VEDLEGG2_")}
        names = ("landing", "reference", "warehouse", "published")
        kept["VEDLEGG2_SUPPRESSION_LIMIT"] = self.limit
        return {**kept, **{f"VEDLEGG2_{name.upper()}": str(getattr(self, name)) for name in names}}

    def current(self) -> str:
        """The id of the current release."""
        return str((self.published / "current").readlink())

    @contextlib.contextmanager
    def release(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The current release's database."""
        with contextlib.closing(
            duckdb.connect(self.published / "current" / "indicators.duckdb", read_only=True)
        ) as con:
            yield con

    @contextlib.contextmanager
    def engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The engineers' warehouse."""
        with contextlib.closing(duckdb.connect(self.warehouse, read_only=True)) as con:
            yield con

    def seed(self, name: str) -> list[dict[str, str]]:
        """The rows of a file of ``seeds/``."""
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def refer(self, name: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Put a file into the reference folder."""
        rows = list(rows)
        self.reference.mkdir(parents=True, exist_ok=True)
        with (self.reference / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows(rows)


@functools.cache
def organisation_number(number: int) -> str:
    """The n-th made-up organisation number with a valid control digit (MOD11)."""
    found = -1
    for base in range(82_000_000, 83_000_000):
        weighed = sum(
            int(digit) * weight for digit, weight in zip(f"{base}", (3, 2, 7, 6, 5, 4, 3, 2), strict=True)
        )
        control = -weighed % 11
        found += control != 10
        if found == number and control != 10:
            return f"{base}{control}"
    raise ValueError(f"{number} is too many")
