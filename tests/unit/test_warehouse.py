"""The warehouse file: who may open it, what is private, how lack of room is told, what a dead run leaves."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from orchestration import warehouse
from orchestration.settings import Settings, UsageError
from orchestration.warehouse import ResourceExhausted, WarehouseBusy, resource_errors, run_lock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(warehouse=tmp_path / "space" / "test.duckdb")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_connection_is_hardened(settings: Settings) -> None:
    con = warehouse.connect(settings)
    names = ["autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"]
    values = con.execute(f"select {', '.join(f'current_setting({name!r})' for name in names)}").fetchall()
    assert values == [(False, False, False)]
    assert con.execute("select current_setting('TimeZone')").fetchall() == [("Europe/Oslo",)]
    assert con.execute("select current_setting('temp_directory')").fetchall() == [
        (str(settings.workspace / "spill"),)
    ]
    with pytest.raises(duckdb.Error):
        con.execute("load httpfs")
    con.close()


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_folders_and_files_are_private_whatever_the_umask(settings: Settings, umask: int) -> None:
    before = os.umask(umask)
    try:
        with run_lock(settings, "r"), warehouse.spool_folder(settings) as spool:
            con = warehouse.connect(settings)
            con.execute("create table t as select 1")
            assert mode(settings.workspace) == mode(spool) == 0o700
            assert {mode(path) for path in settings.workspace.iterdir() if path.is_dir()} == {0o700}
            assert mode(settings.warehouse) == 0o600
            con.close()
        assert {mode(path) for path in settings.workspace.iterdir() if path.is_file()} == {0o600}
        assert os.umask(umask) == umask
    finally:
        os.umask(before)


def test_a_crash_writes_no_memory_to_disk() -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    with warehouse.private_files():
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, before[1])
        child = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
        assert subprocess.run([sys.executable, "-c", child], capture_output=True).stdout == b"0\n"
    assert resource.getrlimit(resource.RLIMIT_CORE) == before


def test_a_folder_of_others_keeps_its_mode(settings: Settings) -> None:
    settings.workspace.mkdir(mode=0o755)
    settings.workspace.chmod(0o755)
    (settings.workspace / "letter.txt").write_text("x")
    warehouse.connect(settings).close()
    assert mode(settings.workspace) == 0o755
    assert mode(settings.warehouse) == 0o600


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="choose another"):
        warehouse.connect(Settings(warehouse=tmp_path / "file" / "test.duckdb"))


def test_a_file_that_is_no_warehouse(settings: Settings) -> None:
    settings.workspace.mkdir()
    settings.warehouse.write_text("not a database, but long enough to be looked at" * 100)
    with pytest.raises(UsageError, match="cannot be opened as a warehouse"):
        warehouse.connect(settings)


def test_read_only(settings: Settings) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        warehouse.connect(settings, read_only=True)
    warehouse.connect(settings).close()
    con = warehouse.connect(settings, read_only=True)
    with pytest.raises(duckdb.InvalidInputException):
        con.execute("create table t as select 1")
    con.close()


def test_an_engine_that_counts_wrongly_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong:
        def execute(self, _sql: str) -> Wrong:
            return self

        def fetchall(self) -> list[tuple[list[int]]]:
            return [([],)]

    monkeypatch.setattr(duckdb, "connect", lambda *_, **__: Wrong())
    with pytest.raises(UsageError, match="answers a known question wrongly"):
        warehouse.connect(settings)


HOLDER = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from orchestration import warehouse
from orchestration.settings import Settings
settings = Settings(warehouse=Path(sys.argv[1]))
with warehouse.run_lock(settings, "the-first"):
    con = warehouse.connect(settings)
    (settings.workspace / "spool" / "left.csv").write_text("a patient")
    (settings.workspace / "spill" / "duckdb_temp_1.tmp").write_text("a patient")
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the warehouse."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(settings.warehouse)],
        cwd=Path(warehouse.__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_run_is_told_who_holds_the_warehouse(
    settings: Settings, holder: subprocess.Popen[str]
) -> None:
    started = time.monotonic()
    with pytest.raises(WarehouseBusy) as busy, run_lock(settings, "the-second"):
        pass
    assert time.monotonic() - started < 2
    assert busy.value.run_id == "the-first"
    assert "Run the-first, started 20" in str(busy.value)
    with pytest.raises(WarehouseBusy) as busy:
        warehouse.connect(settings)
    assert busy.value.run_id == "the-first"
    assert warehouse.holds(settings, "the-first") and not warehouse.holds(settings, "the-second")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert not warehouse.holds(settings, "the-first")
    assert (settings.workspace / "spool" / "left.csv").exists()
    with run_lock(settings, "the-third"):
        assert list((settings.workspace / "spool").iterdir()) == []
        assert list((settings.workspace / "spill").iterdir()) == []
        warehouse.connect(settings).close()


def test_a_process_may_enter_again(settings: Settings) -> None:
    with run_lock(settings, "one"):
        (settings.workspace / "spool" / "mine").write_text("x")
        with run_lock(settings, "two"):
            assert (settings.workspace / "spool" / "mine").exists()
        assert (settings.workspace / "test.duckdb.lock").read_text()
    assert (settings.workspace / "test.duckdb.lock").read_text() == ""
    with run_lock(settings, "three"):
        pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk"),
        (duckdb.IOException("Could not write file: No space left on device: row 12345"), "disk"),
        (duckdb.OutOfMemoryException("failed to offload data block of size 64.0 KiB"), "disk"),
        (duckdb.OutOfMemoryException("could not allocate block of size 12345"), "memory"),
        (MemoryError(), "memory"),
    ],
)
def test_lack_of_room_is_told_in_a_sentence_without_the_engines_words(error: Exception, words: str) -> None:
    with pytest.raises(ResourceExhausted, match=words) as told, resource_errors():
        raise error
    assert "12345" not in str(told.value)
    assert told.value.__suppress_context__


def test_other_errors_pass() -> None:
    with pytest.raises(duckdb.BinderException), resource_errors():
        duckdb.sql("select nothing")
    with pytest.raises(FileNotFoundError), resource_errors():
        Path("/nowhere/at/all").read_text()


def test_an_error_of_sqlite_is_laid_to_the_disk_when_that_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(sqlite3.OperationalError), resource_errors(tmp_path):
        raise sqlite3.OperationalError("disk I/O error")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4096))
    with pytest.raises(ResourceExhausted, match=re.escape(str(tmp_path))), resource_errors(tmp_path):
        raise sqlite3.OperationalError("disk I/O error")
