"""No byte of a made-up patient outside the warehouse, whether a run publishes or fails; and nobody is told."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration import transform
from tests.faults.model import CONTRACTS
from tests.privacy.canaries import FORMS, NAMES, NUMBERS, PSEUDONYM, found_in, sweep
from tests.privacy.place import Place
from tests.privacy.world import ACCEPTED, REJECTED, ROW_FAULTS, STRAY

pytestmark = pytest.mark.slow


def _without_a_route() -> list[str]:
    """A network namespace of its own has no route to anywhere; only some users may make one."""
    tool = shutil.which("unshare")
    if tool is None:
        return []
    mine = [tool, "--net"] if os.geteuid() == 0 else [tool, "--net", "--map-root-user"]
    return mine if subprocess.run([*mine, "true"], capture_output=True, check=False).returncode == 0 else []


class Ended(NamedTuple):
    """A process that has ended."""

    place: Place
    code: int
    out: str
    err: str


NO_ROUTE = _without_a_route()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A whole run, without a network where that can be had, every file free for all if nobody sees to it."""
    place = Place(tmp_path_factory.mktemp("published"))
    told = str(place.root / "cwd" / "asked_for")
    yield Ended(place, *place.start("tests.privacy.listening", told, "run", umask=0o000, before=NO_ROUTE))


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Runs that fail, over a copy of the dbt project as dbt has parsed it."""
    transform.load_manifest()
    place = Place(tmp_path_factory.mktemp("failed"))
    home = place.root / "broken"
    home.mkdir()
    return Ended(
        place, *place.start("tests.privacy.failing", str(home), umask=0o077)
    )  # as «vedlegg2 ui» has it


def test_the_runs_saw_the_patients(published: Ended) -> None:
    """Else nothing that follows proves anything: every rule was broken, and every canary is in the warehouse."""
    assert published.code == 3, published.err
    with duckdb.connect(published.place.warehouse, read_only=True) as con:

        def ask(sql: str) -> set[str]:
            return {row[0] for row in con.execute(sql).fetchall()}

        rules = ask("select distinct rule from quarantine.rejected_row")
        assert rules >= {*ROW_FAULTS, "range", "key_clash", "field_count"}
        broken = ask("select distinct rule from raw.rejection") - rules
        assert broken == {
            *("unreadable", "encoding", "nul", "missing_column", "duplicate_column", "no_rows", "too_large"),
            *("identity_number", "too_many_rejected", "same_trust_twice", "unrecognised_path"),
        }
        accepted = ask("select dataset from raw.delivery_file where status = 'accepted'")
        assert accepted == set(CONTRACTS)
        assert len(ask("select distinct file_name from raw.delivery_file where status = 'accepted'")) == 8
        text = repr(con.execute("from quarantine.rejected_row").fetchall()) + "".join(
            repr(con.execute(f"from raw.{dataset}").fetchall()) for dataset in ACCEPTED
        )
    assert [one for one in (*NUMBERS, PSEUDONYM) if one not in text] == []
    assert published.err.count("rejected: ") >= len(REJECTED)


def test_a_run_leaves_no_trace_of_a_patient_outside_the_warehouse(published: Ended) -> None:
    place = published.place
    assert (place.published / "current" / "report" / "index.html").is_file()
    assert list((place.workspace / "dagster").rglob("*.db"))
    assert list((place.workspace / "dbt" / "target").rglob("*.sql"))
    assert place.leaks() == {}
    assert [list((place.root / name).iterdir()) for name in ("home", "tmp")] == [[], []]
    assert [list((place.workspace / name).iterdir()) for name in ("spool", "spill")] == [[], []]


def test_names_with_a_number_are_masked(published: Ended) -> None:
    assert "rejected: ***********/***********.txt: unrecognised_path" in published.err
    assert "2024-04-10/***********/***********.csv, line 46: nul" in published.err
    with duckdb.connect(published.place.published / "current" / "indicators.duckdb", read_only=True) as con:
        names = {row[0] for row in con.execute("select file_name from marts.delivery").fetchall()}
    assert {"***********.csv", "x_***********.csv", "***********.txt"} <= names
    assert (published.place.root / "landing" / STRAY).is_file()


def test_a_run_that_fails_tells_nothing_of_a_patient(failed: Ended) -> None:
    ends = re.findall(r"^(load|load that fails|model|audit|program): (\w+)$", failed.out, re.M)
    assert dict(ends) == {
        "load that fails": "failed",
        "load": "succeeded",
        "model": "failed",
        "audit": "failed",
        "program": "1",
    }
    assert failed.err.count("Unexpected ConversionException") >= 2
    assert "dbt could not build int_referrals" in failed.err
    assert re.search(r"Data-quality test unique_grain_int_referrals\w* found \d+ rows", failed.err)
    assert list((failed.place.workspace / "log").iterdir())
    assert failed.place.leaks() == {}
    with duckdb.connect(failed.place.warehouse, read_only=True) as con:
        for sql in (
            "henvisning_id as date) from raw.waiting_times",
            "referral_id as date) from staging.stg_waiting_times",
        ):
            with pytest.raises(duckdb.ConversionException) as error:  # what these runs met does tell of one
                con.execute(f"select cast({sql}").fetchall()
            assert found_in(str(error.value).encode())


def test_only_this_user_can_read_what_a_run_leaves(published: Ended) -> None:
    place = published.place
    readable = [
        str(path)
        for path in (place.workspace, *place.workspace.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
    ]
    assert readable == []
    assert (place.workspace / "kept").is_dir()


def test_a_release_can_be_read_by_all_and_written_by_none(published: Ended) -> None:
    folder = published.place.published
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "releases")} == {0o755}
    for path in ((folder / "current").resolve(), *(folder / "current").resolve().rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o555 if path.is_dir() else 0o444), path


def test_a_run_asks_for_no_other_machine(published: Ended) -> None:
    assert (published.place.root / "cwd" / "asked_for").read_text() == ""


@pytest.mark.skipif(not NO_ROUTE, reason="left out: this user may not make a network namespace")
def test_a_run_needs_no_network(published: Ended) -> None:
    """The run was made in a network namespace without a route."""
    alone = subprocess.run([*NO_ROUTE, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True)
    assert [line.split(":")[0].strip() for line in alone.stdout.splitlines()[2:]] == ["lo"]
    assert published.code == 3


def _database(path: Path, text: str) -> None:
    with duckdb.connect(path) as con:
        con.execute("create table t as select ? || range as s from range(3000)", [text])


def _archive(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", text)


PLANTED = {
    **{
        f"form-{number}": lambda path, _, form=form: path.write_bytes(b"x" + form)
        for number, form in enumerate(FORMS)
    },
    "gzip": lambda path, text: path.write_bytes(gzip.compress(text.encode())),
    "zip": _archive,
    "parquet": lambda path, text: pq.write_table(pa.table({"a": [text] * 9}), path, compression="zstd"),
    "column": lambda path, text: pq.write_table(pa.table({text: [1]}), path),
    "database": _database,
}


@pytest.mark.parametrize("text", [NUMBERS[0], NUMBERS[-1], NAMES[0], PSEUDONYM])
def test_the_sweep_finds_what_was_planted(tmp_path: Path, text: str) -> None:
    for name, plant in PLANTED.items():
        (tmp_path / "in").mkdir()
        plant(tmp_path / "in" / "file", text)
        assert sweep([tmp_path]) != {}, name
        assert sweep([tmp_path], [tmp_path / "in"]) == {}
        shutil.rmtree(tmp_path / "in")
    (tmp_path / f"name_{text}").mkdir()
    assert sweep([tmp_path]) == {str(tmp_path / f"name_{text}"): {text}}
