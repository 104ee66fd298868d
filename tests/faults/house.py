"""A landing folder with a good base and many cases, each with a trust and a sender folder of its own.

Belongs here: laying out folders, loading them, and reading back what became of a case. Does not belong here:
what is expected.
"""

from __future__ import annotations

import hashlib
import shutil
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from orchestration import landing, warehouse
from orchestration.landing.model import StandingRejection, shown
from orchestration.reference import load_reference
from orchestration.settings import SEEDS, Settings
from tests.faults.model import CONTRACTS, Case, place
from tests.faults.rows import ROWS, csv, good_rows

BASE_TRUSTS = ("883974832", "983974791", "997005562")
BASE_REGION = "983658776"
REGION = "Feilregionen"
STRAYS = "left join raw.unrecognised u on f.delivery_id is null and u.sha256 = f.sha256"


def organisation_numbers() -> list[str]:
    """Organisation numbers with right control digits that no real reference row has."""
    found = []
    for number in range(81_500_000, 81_502_000):
        rest = -sum(w * int(d) for w, d in zip((3, 2, 7, 6, 5, 4, 3, 2), str(number), strict=True)) % 11
        if rest < 10:
            found.append(f"{number}{rest}")
    return found


class House:
    """Folders for some cases on top of the good base."""

    def __init__(self, root: Path, cases: Sequence[Case]) -> None:
        self.root = root
        self.cases = cases
        self.settings = Settings(
            landing=root / "landing",
            warehouse=root / "space" / "w.duckdb",
            published=root / "published",
            reference=root / "reference",
        )
        numbers = organisation_numbers()
        self.trusts = {case.name: number for case, number in zip(cases, numbers[1:], strict=False)}
        self._write_reference(numbers[0])

    def put_base(self) -> None:
        """Write good deliveries of every dataset, one per trust of the base's region."""
        for dataset in ROWS:
            for trust in BASE_TRUSTS:
                path = self.settings.landing / place(dataset, f"base-{trust}") / "base.csv"
                path.parent.mkdir(parents=True)
                path.write_text(csv(good_rows(dataset, trust)))

    def _write_reference(self, region: str) -> None:
        self.settings.reference.mkdir(parents=True)
        target = self.settings.reference / "organisations.csv"
        shutil.copy(SEEDS / "organisations.csv", target)
        rows = [f"{region},{REGION},region,,2002-01-01,,,made up"]
        rows += [f"{trust},{name},trust,{region},2002-01-01,,,made up" for name, trust in self.trusts.items()]
        with target.open("a", encoding="utf-8") as file:
            file.write("".join(f"{one}\n" for one in rows))

    def put_cases(self) -> None:
        """Write the files of all cases."""
        for case in self.cases:
            for name, make in case.files.items():
                path = self.settings.landing / name
                path.parent.mkdir(parents=True, exist_ok=True)
                make(path, self.trusts[case.name])

    def load(self) -> Loaded:
        """Load every dataset as a run does."""
        with closing(warehouse.connect(self.settings)) as con:
            landing.prepare(con, CONTRACTS)
            reference = load_reference(self.settings)
            for dataset in landing.pending(con, self.settings, CONTRACTS, reference):
                landing.load(con, self.settings, CONTRACTS, reference, dataset, None)
            return Loaded(con)


class Loaded:
    """What a load has written, read back at once."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        def ask(sql: str) -> list[tuple[Any, ...]]:
            return con.execute(sql).fetchall()

        self.files: dict[str, tuple[str, str | None, int]] = {}
        self.faults: dict[str, set[tuple[Any, ...]]] = {}
        self.quarantine: dict[str, set[tuple[Any, ...]]] = {}
        for path, status, reason, accepted in ask(
            "select coalesce(u.path, f.delivery_id || '/' || file_name), status, reason, rows_accepted "
            f"from raw.delivery_file f {STRAYS}"
        ):
            self.files[path] = (status, reason, accepted)
        for path, *fault in ask(
            "select coalesce(u.path, f.delivery_id || '/' || file_name), field, rule, row_count, first_line "
            f"from raw.rejection f {STRAYS}"
        ):
            self.faults.setdefault(path, set()).add(tuple(fault))
        for path, *fault in ask(
            "select delivery_id || '/' || file_name, field, rule, line from quarantine.rejected_row"
        ):
            self.quarantine.setdefault(path, set()).add(tuple(fault))
        self.base = [
            ask(f"from raw.{dataset} where file_name = 'base.csv' order by all") for dataset in CONTRACTS
        ]
        self.columns = ask(
            "select table_name, column_name from duckdb_columns() where schema_name = 'raw' order by all"
        )
        self.rows = {
            delivery: count
            for dataset in CONTRACTS
            for delivery, count in ask(f"select delivery_id, count(*) from raw.{dataset} group by all")
        }
        self.standing: list[StandingRejection] = landing.standing_rejections(con)


def as_told(path: str) -> str:
    """A path as landing shows it."""
    return "/".join(shown(part) for part in path.split("/"))


def digest_of(folder: Path) -> list[tuple[str, int, str]]:
    """Name, mode and SHA-256 of everything below a folder; what is no file is not opened."""
    found = []
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        content = path.read_bytes() if stat.S_ISREG(mode) else b""
        found.append((str(path.relative_to(folder)), mode, hashlib.sha256(content).hexdigest()))
    return sorted(found)
