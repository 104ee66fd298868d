"""What must hold after every fault: the invariants I1 to I8, looked at from outside.

Belongs here: reading folders, files and tables, and saying what is wrong. Does not belong here: anything of the
program that is judged; only its layout and the names of its tables are known here.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.crash.world import CANARY
from tests.integration.place import Place

Violation = tuple[str, str]
"""Which invariant, and what is wrong."""
OF_THE_MACHINE = ("loaded_at", "signature")
"""Columns that hold times, and numbers of the file system."""


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def landing_state(place: Place) -> dict[str, tuple[str, int, int, int]]:
    """SHA-256, size, mode and time of each file."""
    return {
        str(path): (sha256(path), found.st_size, found.st_mode, found.st_mtime_ns)
        for path in place.landing.rglob("*")
        if path.is_file()
        for found in [path.stat()]
    }


def content_of(place: Place) -> str | None:
    """The content hash that the current release says it has."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        return str(json.loads((place.published / "current" / "release.json").read_text())["content_hash"])
    return None


def loaded(place: Place) -> dict[str, str]:
    """Digest of each table that loading owns, its rows in order, without what the machine adds."""
    with contextlib.closing(duckdb.connect(place.warehouse, read_only=True)) as con:
        tables = con.execute(
            "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() "
            "where schema_name in ('raw', 'quarantine') and not starts_with(table_name, 'published_') "
            "group by all order by all"
        ).fetchall()
        return {
            f"{schema}.{table}": _digest(
                con, f"{schema}.{table}", [c for c in columns if c not in OF_THE_MACHINE]
            )
            for schema, table, columns in tables
        }


def _digest(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    rows = con.execute(f"select {', '.join(columns)} from {table}").fetchall()
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def left_in(folder: Path) -> set[str]:
    """Names of what lies in a workspace, without the histories of Dagster and dbt."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.relative_to(folder).parts[0] not in ("dagster", "dbt")
    }


def number_of_releases(place: Place) -> int:
    """Also those that are half made or half removed."""
    return len(list((place.published / "releases").iterdir()))


@dataclass(frozen=True)
class Expected:
    """The state before the fault, and the one that an undisturbed run leads to."""

    landing: dict[str, tuple[str, int, int, int]]
    old_release: str
    old_content: str | None
    new_content: str | None
    loaded: dict[str, str]
    workspace: set[str]
    releases: int


def after_fault(place: Place, expected: Expected) -> Iterator[Violation]:
    """I1, I2, I3 and I6: what holds at any moment."""
    yield from _release(place)
    content = content_of(place)
    if content not in (expected.old_content, expected.new_content):
        yield "I2", "current is neither the old nor the new release"
    elif content == expected.old_content and place.current() != expected.old_release:
        yield "I2", "current has the old content under another name"
    if landing_state(place) != expected.landing:
        yield "I3", "the landing folder was changed"
    yield from _canaries(place)


def after_rerun(place: Place, expected: Expected, code: int) -> Iterator[Violation]:
    """All of them, once a plain run has ended."""
    yield from after_fault(place, expected)
    if code != 0:
        yield "I8", f"the plain rerun ended with {code}"
    if content_of(place) != expected.new_content:
        yield "I4", "the plain rerun did not come to the content of an undisturbed run"
    try:
        now = loaded(place)
    except duckdb.Error as error:
        yield "I4", f"the warehouse cannot be read: {type(error).__name__}"
    else:
        for table in sorted({*now, *expected.loaded}):
            if now.get(table) != expected.loaded.get(table):
                yield "I5", f"{table} has other rows than after an undisturbed run"
    if (number := number_of_releases(place)) != expected.releases:
        yield "I7", f"{number} folders of releases instead of {expected.releases}"
    if beside := [
        path.name for path in place.published.iterdir() if path.name not in ("current", "releases")
    ]:
        yield "I7", f"left in the published folder: {beside}"
    if differ := left_in(place.warehouse.parent) ^ expected.workspace:
        yield "I7", f"left in or missing from the workspace: {sorted(differ)}"
    if not _free(place):
        yield "I7", "the lock is still held"


def _release(place: Place) -> Iterator[Violation]:
    """I1: the current release is whole; what it lists is there, unchanged, and nothing else is."""
    folder = place.published / "current"
    try:
        listed = json.loads((folder / "release.json").read_text(encoding="utf-8"))["files"]
        found = {
            path.relative_to(folder).as_posix(): sha256(path)
            for path in folder.rglob("*")
            if path.is_file() and path.name != "release.json"
        }
    except (OSError, ValueError, KeyError) as error:
        yield "I1", f"the current release has no manifest that can be read: {type(error).__name__}"
        return
    if found != {name: file["sha256"] for name, file in listed.items()}:
        yield "I1", "the files of the current release are not those of its manifest"
    try:
        with contextlib.closing(duckdb.connect(folder / "indicators.duckdb", read_only=True)) as con:
            con.execute("from marts.indicator_value").fetchall()
    except duckdb.Error as error:
        yield "I1", f"the current release cannot be read: {type(error).__name__}"


def _canaries(place: Place) -> Iterator[Violation]:
    """I6: no pseudonym outside landing, warehouse, kept files and the private folders of a run going on."""
    home = place.warehouse.parent
    for folder in (place.published, *(home / name for name in ("dagster", "dbt", "log"))):
        for path in folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and CANARY.encode() in path.read_bytes():
                    yield "I6", f"a pseudonym in {path.relative_to(home.parent)}"
    for path in home.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            mode = path.lstat().st_mode & 0o777
            if path.parts[len(home.parts)] in ("spool", "spill", "kept") and mode & 0o077 and path.is_dir():
                yield "I6", f"others may enter {path.relative_to(home)}"


def _free(place: Place) -> bool:
    """Nobody holds the warehouse."""
    path = Path(f"{place.warehouse}.lock")
    if not path.exists():
        return True
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
