"""What a release is made from, as one fingerprint: how a run knows that there is nothing new.

Belongs here: what counts as an input (deliveries, reference data, contracts, settings, as-of date, code).
Does not belong here: reading or judging any of it.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.contracts.model import Contract
from orchestration.reference import Reference
from orchestration.release import store
from orchestration.settings import DBT_PROJECT, PROJECT, Settings

MARKER = "_SYNTETISKE_DATA.txt"
"""File that the sample leaves in the landing folder."""


def inputs_fingerprint(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    reference: Reference,
    contracts: Mapping[str, Contract],
) -> str:
    """SHA-256 over everything that decides what a release says; ``con`` is on the warehouse.

    A file counts with everything known about it but the time when it was loaded.
    """
    files = con.execute("select * exclude (loaded_at) from raw.delivery_file").fetchall()
    parts = {
        "files": sorted(json.dumps(row, default=str) for row in files),
        "reference": reference.fingerprint,
        "contracts": {name: contract.fingerprint for name, contract in contracts.items()},
        "suppression_limit": settings.suppression_limit,
        "as_of": settings.as_of,
        "code": code_version(),
        "synthetic": is_synthetic(settings),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def current_inputs(published: Path) -> str | None:
    """The fingerprint that the current release was made from; None when there is no release.

    Raises:
        IntegrityError: the link or the manifest was changed.
    """
    release = store.current(published)
    return release.inputs if release else None


@functools.cache
def code_version() -> str:
    """SHA-256 over the files that decide what is computed and shown: orchestration and dbt project."""
    digest = hashlib.sha256()
    for path in sorted(_code_files()):
        name = path.relative_to(PROJECT).as_posix()
        digest.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _code_files() -> list[Path]:
    """Python, SQL, YAML and templates; nothing that is made by running them."""
    folders = [PROJECT / "orchestration", *(DBT_PROJECT / name for name in ("models", "macros", "tests"))]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [
        path
        for path in [*found, DBT_PROJECT / "dbt_project.yml"]
        if "__pycache__" not in path.parts and not path.name.startswith(".")
    ]


def is_synthetic(settings: Settings) -> bool:
    """True when the landing folder holds the marker of the sample."""
    return (settings.landing / MARKER).is_file()


def newest_extract_date(con: duckdb.DuckDBPyConnection) -> dt.date | None:
    """Extract date of the newest delivery in force, whatever the as-of date; None when there is none."""
    sql = "select max(extract_date) from raw.delivery_file where status = 'accepted'"
    return con.execute(sql).fetchall()[0][0]
