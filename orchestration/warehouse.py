"""The warehouse: one DuckDB file, its private folder, the settings of every connection, and the run lock.

Belongs here: opening the file, holding it for one run at a time, cleaning up after runs that died, keeping
folders and files private. Does not belong here: any table, and anything that knows of extracts or indicators.
The file is never opened, hashed or copied by another route while a connection is open: DuckDB's own lock
would be lost without a word.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import fcntl
import json
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from orchestration import engine
from orchestration.settings import Settings, UsageError

SPOOL = "spool"
"""Folder in the workspace for copies of files that are being read; emptied when a run starts."""
SPILL = "spill"
"""Folder in the workspace for what does not fit in memory; emptied when a run starts."""
MEMORY_LIMIT = "60%"
"""Share of the machine's memory that DuckDB may use; the rest is for Python, dbt and the file cache."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM)
_NO_ROOM_TEXT = (
    "No space left on device",
    "Disk quota exceeded",
    "failed to offload data block",
    "database or disk is full",
)
_TOO_LITTLE = 1 << 20
"""Bytes left on a disk under which SQLite's errors are laid to it."""
_held: dict[Path, int] = {}
"""Lock files that this process holds, with the number of times it has entered."""


class WarehouseBusy(Exception):  # noqa: N818 - the name is part of the agreed interface
    """Another run holds the warehouse (exit code 5); ``run_id`` and ``started_at`` say which, where known."""

    def __init__(self, run_id: str | None = None, started_at: str | None = None) -> None:
        self.run_id = run_id
        self.started_at = started_at
        holder = f"Run {run_id}, started {started_at}," if run_id else "Another program"
        super().__init__(f"{holder} holds the warehouse; wait until it has ended, then run again.")


class ResourceExhausted(Exception):  # noqa: N818
    """Disk full, or the memory limit reached (exit code 6)."""


@contextlib.contextmanager
def resource_errors(*folders: Path) -> Iterator[None]:
    """Say «disk full» or «memory» in one sentence instead of the engine's words, which may quote a row.

    Args:
        folders: where files are written meanwhile; the fullest is named.

    Raises:
        ResourceExhausted: in place of an error for lack of disk or memory; other errors pass unchanged.
    """
    try:
        yield
    except (duckdb.Error, sqlite3.Error, OSError, MemoryError) as error:
        no_room = isinstance(error, OSError) and error.errno in _NO_ROOM
        if isinstance(error, sqlite3.Error):  # its words for a full disk differ with what it was writing
            no_room = any(shutil.disk_usage(one).free < _TOO_LITTLE for one in folders if one.is_dir())
        if no_room or any(text in str(error) for text in _NO_ROOM_TEXT):
            raise ResourceExhausted(
                f"The disk of {_fullest(folders)} is full; nothing was changed. Make room, then run again."
            ) from None
        if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
            raise ResourceExhausted(
                "The memory limit was reached; nothing was changed. Run again with more memory."
            ) from None
        raise


def _fullest(folders: Iterable[Path]) -> Path | str:
    """The folder with the least room left on its disk."""
    there = [folder for folder in folders if folder.is_dir()]
    return min(there, key=lambda folder: shutil.disk_usage(folder).free, default="the warehouse folder")


def connect(settings: Settings, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse with the project's settings.

    No extension is installed or loaded, no file is reached but those of the spool folder, spilled data stays
    in the private workspace, times are in Europe/Oslo; nothing of it can be changed. All connections of a
    process to the same file must agree on ``read_only``.

    Raises:
        WarehouseBusy: another process has the file open.
        UsageError: the file is no warehouse, does not exist though ``read_only``, or this DuckDB is wrong.
    """
    make_workspace(settings)
    with private_files(), resource_errors(settings.workspace):
        try:
            con = duckdb.connect(settings.warehouse, read_only=read_only, config=configuration(settings))
        except duckdb.Error as error:
            if "Could not set lock on file" in str(error):
                raise WarehouseBusy(*_holder(_lock_file(settings))) from None
            if isinstance(error, duckdb.IOException) and "No space left" not in str(error):
                raise UsageError(
                    f"{settings.warehouse} cannot be opened as a warehouse; move it away, or choose another."
                ) from None
            raise
    engine.lock(con, settings.workspace / SPOOL)
    _refuse_bad_engine(con)
    return con


def configuration(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    """Settings of a connection that may need room; equal within a process, as DuckDB demands."""
    return {
        **engine.CLOSED,
        "memory_limit": MEMORY_LIMIT,
        "threads": str(len(os.sched_getaffinity(0))),
        "temp_directory": str(settings.workspace / SPILL),
        "preserve_insertion_order": "true",
    }


def _refuse_bad_engine(con: duckdb.DuckDBPyConnection) -> None:
    """DuckDB 1.x counts overlapping stays wrongly when EXISTS holds ``<>`` beside another inequality."""
    found = con.execute(
        "with stay(id, patient, starts) as (values (1, 'x', 10), (2, 'x', 20), (3, 'y', 15)) "
        "select list(s.id order by s.id) from stay s where exists (select 1 from stay o "
        "where o.patient = s.patient and o.id <> s.id and o.starts <= s.starts)"
    ).fetchall()
    if found != [([2],)]:
        raise UsageError(
            f"DuckDB {duckdb.__version__} answers a known question wrongly; install the locked version."
        )


@contextlib.contextmanager
def run_lock(settings: Settings, run_id: str) -> Iterator[None]:
    """Hold the warehouse for one run; the kernel lets go when the process ends, however it ends.

    A process that holds it may enter again. What a dead run left in spool and spill folders is removed first.

    Raises:
        WarehouseBusy: another process holds it; names that run and when it started.
    """
    path = _lock_file(settings)
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    make_workspace(settings)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseBusy(*_holder(path)) from None
        _held[path] = 1
        started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with resource_errors(settings.workspace):
            os.ftruncate(descriptor, 0)
            os.pwrite(
                descriptor,
                json.dumps({"run_id": run_id, "pid": os.getpid(), "started_at": started}).encode(),
                0,
            )
            for folder in (SPOOL, SPILL):
                shutil.rmtree(settings.workspace / folder, ignore_errors=True)
                private_folder(settings.workspace / folder)
        yield
    finally:
        if _held.pop(path, 0):
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def _lock_file(settings: Settings) -> Path:
    """Beside the warehouse, never the warehouse itself."""
    return settings.warehouse.with_name(f"{settings.warehouse.name}.lock")


def _holder(path: Path) -> tuple[str | None, str | None]:
    """Run id and start time written in a lock file; None where nobody wrote any."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return str(holder["run_id"]), str(holder["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None


def holds(settings: Settings, run_id: str) -> bool:
    """True while the process that holds the warehouse for this run is there."""
    try:
        holder = json.loads(_lock_file(settings).read_text(encoding="utf-8"))
        return bool(holder["run_id"] == run_id and Path(f"/proc/{holder['pid']}").exists())
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextlib.contextmanager
def spool_folder(settings: Settings) -> Iterator[Path]:
    """A private folder for copies of the files being read, removed afterwards."""
    home = settings.workspace / SPOOL
    private_folder(home)
    with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def make_workspace(settings: Settings) -> None:
    """Make the warehouse's folder private: a new or empty one 0700, and the warehouse's own files 0600.

    A folder that already holds other people's files keeps its mode (it may be a home folder).

    Raises:
        UsageError: the folder cannot be made.
    """
    folder = settings.workspace
    try:
        if not folder.exists() or not any(folder.iterdir()):
            private_folder(folder)
        for suffix in ("", ".wal", ".lock"):
            path = settings.warehouse.with_name(settings.warehouse.name + suffix)
            if path.is_file():
                path.chmod(0o600)
        private_folder(folder / SPILL)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise
        raise UsageError(f"{folder} cannot be used as a folder for the warehouse; choose another.") from None


def private_folder(path: Path) -> None:
    """Make a folder that only the owner may enter (0700); those above it are made as this user makes folders."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """Files that come to be meanwhile may be read by the owner alone, and a crash writes no memory to disk."""
    umask, (core, most) = os.umask(0o077), resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (core, most))
        os.umask(umask)
