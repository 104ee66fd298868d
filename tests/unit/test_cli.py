"""The command line: wrong usage is one sentence and exit 2, another run exit 5, never a traceback."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from orchestration.cli import main
from orchestration.failures import known_errors
from orchestration.settings import PROJECT
from orchestration.terminal import words
from orchestration.terminal.rejections import ADVICE, line_of


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("VEDLEGG2_")]:
        monkeypatch.delenv(name)


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    told = capsys.readouterr()
    return ended.value.code, told.out, told.err


@pytest.mark.parametrize(
    ("arguments", "words_said"),
    [
        (["nonsense"], "No such command"),
        (["run", "--nonsense"], "No such option"),
        (["run", "--as-of", "01.02.2024"], "is no date; write YYYY-MM-DD"),
        (["run", "--as-of", "2024-02-30"], "is no date"),
        (["run", "--as-of", "20240201"], "is no date"),
        (["run"], "landing is no folder"),
        (
            ["run", "--landing", "there", "--dataset", "waiting"],
            "There is no dataset «waiting»; there are: antibiotics",
        ),
        (["run", "--landing", "there", "--reference", "nowhere"], "no such folder with reference data"),
        (["run", "--landing", "there", "--published", "file"], "is a file, not the folder of releases"),
        (["run", "--landing", "there", "--published", "file/below"], "is a file, not the folder of releases"),
        (["run", "--landing", "there", "--warehouse", "/proc/none/w.duckdb"], "folder for the warehouse"),
        (["run", "--landing", "there", "--reference", "own"], "targets.csv cannot be read"),
        (["status"], "holds no release yet"),
        (["status", "--year", "soon"], "not a valid integer"),
        (["explain", "3.6", "2024"], "holds no release yet"),
        (["explain", "3.6"], "Missing argument"),
        (["verify"], "holds no current release"),
        (["rollback"], "Missing argument"),
        (["rollback", "20240101T000000Z-00000000"], "holds no release"),
        (["sample"], "Missing argument"),
        (["sample", "out", "--from", "soon"], ""),
        (["sample", "file"], "cannot be written"),
        (["sample", "file/below"], "cannot be written"),
        (["sample", "out", "--to", "2098-12"], "in the future; choose an earlier --to"),
    ],
)
def test_wrong_usage_is_exit_2_and_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], words_said: str
):
    (tmp_path / "there").mkdir()
    (tmp_path / "own" / "targets.csv").mkdir(parents=True)
    (tmp_path / "file").touch()
    code, out, err = call(capsys, *arguments)
    assert code == 2
    assert words_said in " ".join(err.split())
    assert "Traceback" not in err
    assert not out
    assert not (tmp_path / "published").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VEDLEGG2_SUPPRESSION_LIMIT", "2"),
        ("VEDLEGG2_KEEP_RELEASES", "many"),
        ("VEDLEGG2_AS_OF", "yesterday"),
        ("VEDLEGG2_AS_OF", "20240201"),
    ],
)
def test_a_wrong_setting_is_exit_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    (tmp_path / "landing").mkdir()
    monkeypatch.setenv(name, value)
    code, _, err = call(capsys, "run")
    assert code == 2
    assert name in err
    assert len(err.splitlines()) == 1


def test_wrong_reference_data_and_contracts_are_exit_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "landing").mkdir()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "goals.csv").write_text("goal,name_no\nx,y\n")
    code, _, err = call(capsys, "run", "--reference", "own")
    assert code == 2
    assert "goals.csv, line 2, column goal" in err
    assert len(err.splitlines()) == 1
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "costs.odcs.yaml").write_text("a: 1\na: 2\n")
    monkeypatch.setenv("VEDLEGG2_CONTRACTS", str(tmp_path / "contracts"))
    code, _, err = call(capsys, "run")
    assert code == 2
    assert "costs.odcs.yaml" in err


def test_another_run_is_named_within_two_seconds(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "landing").mkdir()
    hold = (
        "import sys, time\n"
        "from orchestration.settings import Settings\n"
        "from orchestration.warehouse import run_lock\n"
        "with run_lock(Settings(), 'the-other-run'):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    ) as other:
        try:
            assert other.stdout.readline() == b"held\n"
            begun = time.process_time()
            code, out, err = call(capsys, "run")
            assert time.process_time() - begun < 2
        finally:
            other.kill()
    assert code == 5
    assert not out
    assert "the-other-run" in err
    assert "started 20" in err


def test_a_bug_is_exit_1_with_a_log_and_without_its_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("orchestration.terminal.status.show", broken)
    code, _, err = call(capsys, "status")
    assert code == 1
    assert "secret" not in err
    assert len(err.splitlines()) == 1
    (log,) = (tmp_path / "warehouse" / "log").iterdir()
    assert str(log) in err


def test_the_log_of_a_bug_lies_beside_the_warehouse_that_was_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("orchestration.terminal.run.run", broken)
    code, _, err = call(capsys, "run", "--landing", str(tmp_path), "--warehouse", str(tmp_path / "w" / "x"))
    assert code == 1
    (log,) = (tmp_path / "w" / "log").iterdir()
    assert str(log) in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 0), (["--org", "983658776"], 2), (["--org", "1"], 2), (["--year", "2024"], 2)],
)
def test_a_release_without_targets_has_no_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
):
    @contextlib.contextmanager
    def release_without_targets(_: Path) -> Iterator[tuple[SimpleNamespace, duckdb.DuckDBPyConnection]]:
        with duckdb.connect() as con:
            con.execute("create table target (year integer, region_id varchar)")
            con.execute(
                "create table organisation as select '983658776' as org_id, 'RHF' as name, "
                "'region' as org_level, null::varchar as parent_id"
            )
            yield SimpleNamespace(release_id="r", synthetic=False), con

    monkeypatch.setattr("orchestration.terminal.published.opened", release_without_targets)
    found, out, err = call(capsys, "status", *arguments)
    assert found == code
    assert ("mål skrives i targets.csv" in out) is (code == 0)
    assert len(err.splitlines()) == (code != 0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_being_told_to_stop(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int, code: int
):
    def stopped(*_: object) -> None:
        os.kill(os.getpid(), number)
        time.sleep(5)

    monkeypatch.setattr("orchestration.terminal.status.show", stopped)
    assert call(capsys, "status")[0] == code


def test_a_query_that_does_not_listen_is_ended(tmp_path: Path):
    deaf = (
        "import os, signal, sys, time\n"
        "from orchestration.terminal import stopping\n"
        "stopping.GRACE_SECONDS = 0.2\n"
        "with stopping.Stopping():\n"
        "    signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    time.sleep(30)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", deaf], env=environment, check=False, timeout=25)
    assert done.returncode == 143


def test_every_known_error_has_the_code_of_the_specification():
    codes = {error.__name__: code for error, code in known_errors().items()}
    assert codes == {
        "UsageError": 2,
        "AuditFailed": 4,
        "WarehouseBusy": 5,
        "ResourceExhausted": 6,
        "IntegrityError": 7,
        "BugError": 1,
    }


def test_reading_a_release_imports_nothing_heavy():
    code = (
        "import sys, orchestration.cli, orchestration.terminal.status, orchestration.terminal.explanation\n"
        "heavy = ('dagster', 'dbt', 'great_expectations', 'pandas', 'scipy')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.6815, "share", "68,2\u00a0%"),
        (0.0552, "growth", "5,52\u00a0%"),
        (1234567.0, "nok", "1\u00a0234\u00a0567 kr"),
        (63.44, "days", "63,4 dager"),
        (12345.0, "count", "12\u00a0345"),
        (12.5, "beds", "12,5"),
        (None, "share", "–"),
        (-3.0, "beds", "−3"),
    ],
)
def test_numbers_are_norwegian(value: float | None, unit: str, written: str):
    assert words.number(value, unit) == written


def test_targets_and_verdicts_in_words():
    assert words.target("at_least", 0.7, None, "share") == "minst 70\u00a0%"
    assert words.target("below_baseline", None, 2023, "days") == "lavere enn i 2023"
    assert words.target("growth_at_least", 0.15, 2023, "count") == "minst 15\u00a0% høyere enn i 2023"
    assert words.verdict("met", None) == "Nådd"
    assert words.verdict("not_assessable", "no_data") == "Kan ikke vurderes: ingen tall"


def test_a_rejection_is_one_harmless_line():
    from types import SimpleNamespace

    one = SimpleNamespace(
        delivery_id="costs/2023/2024-02-01",
        file_name="a\n\x1b[2J.csv",
        line=3,
        field="belop_nok",
        rule="type",
        row_count=2,
    )
    told = line_of(one)
    assert told == (
        "rejected: costs/2023/2024-02-01/a\\n\\x1b[2J.csv, line 3, column belop_nok: type, 2 times; "
        + ADVICE["type"]
        + "."
    )
    stray = SimpleNamespace(
        delivery_id=None, file_name="x.csv", line=None, field=None, rule="unrecognised_path", row_count=1
    )
    assert line_of(stray).startswith("rejected: x.csv: unrecognised_path, once; ")
