"""What Dagster sees: names, partitions, requests of schedules and sensor, checks that stop nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration import landing, transform
from orchestration.contracts.load import load_contracts
from orchestration.dbt_runner import DbtRunner, Failure, _failure
from orchestration.definitions import LOAD, defs
from orchestration.defs.arrivals import Arrival, arrivals, complete, remembered
from orchestration.defs.dead_runs import RUN_TAG, end_dead_runs
from orchestration.defs.extracts import gate_result
from orchestration.defs.history import KeptOpenEventLog
from orchestration.defs.models import raise_failures, warnings_of
from orchestration.defs.partitions import PARTITIONS, key_of, period_of, range_tags
from orchestration.defs.resources import NothingStored
from orchestration.defs.schedules import REFRESH
from orchestration.failures import BugError, told_without_values
from orchestration.periods import Period
from orchestration.release import AuditFailed
from orchestration.settings import DATA_CONTRACTS, Settings
from orchestration.terminal.jobs import Jobs, dagster_environment
from orchestration.warehouse import ResourceExhausted, run_lock

CONTRACTS = load_contracts(DATA_CONTRACTS)
START, END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@pytest.fixture(scope="module")
def repository() -> dg.RepositoryDefinition:
    return defs().get_repository_def()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("landing", "warehouse", "published"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("VEDLEGG2_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("VEDLEGG2_WAREHOUSE", str(tmp_path / "warehouse" / "vedlegg2.duckdb"))
    monkeypatch.setenv("VEDLEGG2_PUBLISHED", str(tmp_path / "published"))
    return tmp_path


def test_names(repository: dg.RepositoryDefinition):
    jobs = {job.name for job in repository.get_all_jobs() if not job.name.startswith("__")}
    assert jobs == {*LOAD.values(), *REFRESH.values(), "publish"}
    schedules = {one.name: (one.job_name, one.cron_schedule) for one in repository.schedule_defs}
    assert schedules == {
        "monthly_refresh_schedule": ("monthly_refresh", "0 6 12 * *"),
        "tertial_refresh_schedule": ("tertial_refresh", "0 8 12 1,5,9 *"),
        "yearly_refresh_schedule": ("yearly_refresh", "0 6 20 1 *"),
    }
    assert {one.execution_timezone for one in repository.schedule_defs} == {"Europe/Oslo"}
    assert all(one.default_status == dg.DefaultScheduleStatus.RUNNING for one in repository.schedule_defs)
    (sensor,) = repository.sensor_defs
    assert (sensor.name, sensor.minimum_interval_seconds) == ("new_deliveries", 60)
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING


def test_every_extract_is_a_partitioned_asset_that_dbt_reads(repository: dg.RepositoryDefinition):
    graph = repository.asset_graph
    for contract in CONTRACTS.values():
        node = graph.get(dg.AssetKey(["raw", contract.dataset]))
        assert node.partitions_def == PARTITIONS[contract.cadence]
        assert node.backfill_policy == dg.BackfillPolicy.single_run()
        assert dg.AssetKey(["staging", f"stg_{contract.dataset}"]) in node.child_keys
        assert {key.name for key in node.check_keys} == {"contract_gate"}
    release = graph.get(dg.AssetKey("release"))
    assert dg.AssetKey(["marts", "indicator_status"]) in release.parent_keys


def test_every_dbt_test_is_a_check_and_every_indicator_has_its_targets(repository: dg.RepositoryDefinition):
    checks = repository.asset_graph.asset_check_keys
    targets = {key.asset_key.path[-1] for key in checks if key.name == "meets_target"}
    assert len(targets) == 16
    assert all(name.startswith("ind_") for name in targets)
    tests = [node for node in transform.load_manifest()["nodes"].values() if node["resource_type"] == "test"]
    told = {key.name for key in checks}
    missing = {node["name"] for node in tests if "target" not in node["tags"]} - told
    assert not missing


def test_jobs_hold_what_they_should_and_run_in_one_process(repository: dg.RepositoryDefinition):
    for cadence, name in REFRESH.items():
        job = repository.get_job(name)
        keys = {key.to_user_string() for key in job.asset_layer.selected_asset_keys}
        extracts = {
            f"raw/{contract.dataset}" for contract in CONTRACTS.values() if contract.cadence == cadence
        }
        assert {key for key in keys if key.startswith("raw/")} == extracts
        assert {"release", "marts/indicator_status"} <= keys
        loading = repository.get_job(LOAD[cadence])
        assert {key.to_user_string() for key in loading.asset_layer.selected_asset_keys} == extracts
    publish = {key.to_user_string() for key in repository.get_job("publish").asset_layer.selected_asset_keys}
    assert not any(key.startswith("raw/") for key in publish)
    for job in repository.get_all_jobs():
        assert job.executor_def is dg.in_process_executor
        assert isinstance(job.resource_defs["io_manager"].resource_fn(None), NothingStored)


def test_dagsters_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    settings = Settings(warehouse=tmp_path / "w" / "vedlegg2.duckdb")
    for name, value in dagster_environment(settings).items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "w" / "dagster"
    assert os.environ["DAGSTER_HOME"] == str(home)
    assert home.stat().st_mode & 0o077 == 0
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        assert instance.get_settings("concurrency") == {"runs": {"max_concurrent_runs": 1}}
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled

        @dg.asset
        def nothing() -> None: ...

        result = dg.materialize([nothing], instance=instance, resources={"io_manager": NothingStored()})
        logged = len(instance.all_logs(result.run_id))
        assert logged >= len(result.all_events)
    with dg.DagsterInstance.get() as instance:
        assert len(instance.all_logs(result.run_id)) >= logged  # an event may be written after the last look
        assert instance.get_latest_materialization_event(dg.AssetKey("nothing")) is not None
    assert not list(home.rglob("*.pickle"))
    assert not (home / "storage").exists()


def test_an_output_with_a_value_is_refused():
    @dg.asset
    def leaks():
        return [1]

    resources = {"io_manager": NothingStored()}
    result = dg.materialize([leaks], resources=resources, raise_on_error=False)
    assert not result.success


@pytest.mark.parametrize(
    ("label", "cadence", "key"),
    [
        ("2024-03", "month", "2024-03"),
        ("2024-T1", "tertial", "2024-01"),
        ("2024-T2", "tertial", "2024-05"),
        ("2019-T3", "tertial", "2019-09"),
        ("2024", "year", "2024"),
    ],
)
def test_a_period_is_a_partition_and_back(label: str, cadence, key: str):
    period = Period.parse(label, cadence)
    assert key_of(period) == key
    assert period_of(key, cadence) == period
    assert PARTITIONS[cadence].has_partition_key(key)


def test_the_current_period_is_a_partition_and_the_next_is_not():
    now = dt.datetime(2024, 5, 2, 12)
    keys = {cadence: one.get_partition_keys(current_time=now) for cadence, one in PARTITIONS.items()}
    assert {cadence: found[-1] for cadence, found in keys.items()} == {
        "month": "2024-05",
        "tertial": "2024-05",
        "year": "2024",
    }
    assert keys["tertial"][:4] == ["2019-01", "2019-05", "2019-09", "2020-01"]
    assert keys["year"][0] == "2019"
    with pytest.raises(ValueError, match="no tertial"):
        period_of("2024-02", "tertial")


def evaluate(repository: dg.RepositoryDefinition, name: str) -> dg.RunRequest | dg.SkipReason:
    schedule = repository.get_schedule_def(f"{name}_schedule")
    when = dt.datetime(2024, 5, 12, 8)
    with dg.build_schedule_context(scheduled_execution_time=when) as context:
        return schedule(context)


def test_a_schedule_asks_for_one_range_over_all_that_is_new(
    repository: dg.RepositoryDefinition, workspace: Path, monkeypatch: pytest.MonkeyPatch
):
    new = {"epicrises": {"2024-T2", "2023-T3"}, "antibiotics": {"2024-T1"}, "costs": {"2023"}}
    monkeypatch.setattr(landing, "pending", lambda *_: new)
    request = evaluate(repository, "tertial_refresh")
    assert (request.tags[START], request.tags[END]) == ("2023-09", "2024-05")
    request = evaluate(repository, "yearly_refresh")
    assert (request.tags[START], request.tags[END]) == ("2023", "2023")
    assert isinstance(evaluate(repository, "monthly_refresh"), dg.SkipReason)


def test_a_schedule_asks_for_all_there_is_while_a_run_holds_the_warehouse(
    repository: dg.RepositoryDefinition, workspace: Path, monkeypatch: pytest.MonkeyPatch
):
    deliver(workspace / "landing" / "waiting_times" / "2024-02" / "2024-03-10" / "a.csv")
    deliver(workspace / "landing" / "waiting_times" / "2024-04" / "2024-05-10" / "a.csv")
    import orchestration.defs.schedules as module

    def busy(*_):
        raise module.warehouse.WarehouseBusy("other", "now")

    monkeypatch.setattr(module.warehouse, "run_lock", busy)
    request = evaluate(repository, "monthly_refresh")
    assert (request.tags[START], request.tags[END]) == ("2024-02", "2024-04")


def deliver(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def tick(repository: dg.RepositoryDefinition, cursor: str | None) -> dg.SensorResult:
    context = dg.build_sensor_context(
        cursor=cursor, repository_def=repository, instance=dg.DagsterInstance.ephemeral()
    )
    return repository.get_sensor_def("new_deliveries")(context)


def test_the_sensor_waits_two_ticks_and_asks_once(repository: dg.RepositoryDefinition, workspace: Path):
    home = workspace / "landing" / "waiting_times"
    deliver(home / "2024-01" / "2024-02-10" / "a.csv")
    deliver(home / "2024-03" / "2024-04-10" / "north" / "a.csv")
    deliver(workspace / "landing" / "costs" / "2023" / "2024-02-10" / "a.csv")
    deliver(workspace / "landing" / "costs" / "not_a_year" / "a.csv")

    first = tick(repository, None)
    assert not first.run_requests
    assert first.skip_reason
    second = tick(repository, first.cursor)
    asked = {one.job_name: (one.tags[START], one.tags[END]) for one in second.run_requests}
    assert asked == {"monthly_refresh": ("2024-01", "2024-03"), "yearly_refresh": ("2023", "2023")}
    third = tick(repository, second.cursor)
    assert not third.run_requests

    deliver(home / "2024-03" / "2024-04-10" / "north" / "a.csv", "changed")
    fourth = tick(repository, third.cursor)
    assert not fourth.run_requests
    (again,) = tick(repository, fourth.cursor).run_requests
    assert (again.tags[START], again.tags[END]) == ("2024-03", "2024-03")


def test_the_sensor_waits_for_files_that_are_being_written(
    repository: dg.RepositoryDefinition, workspace: Path
):
    home = workspace / "landing" / "waiting_times"
    deliver(home / "2024-01" / "2024-02-10" / "a.csv")
    part = deliver(home / "2024-02" / "2024-03-10" / "b.csv.part")
    deliver(home / "2024-03" / "2024-04-10" / "c.csv")
    cursor = tick(repository, None).cursor
    second = tick(repository, cursor)
    (request,) = second.run_requests
    assert (request.tags[START], request.tags[END]) == ("2024-01", "2024-01")
    part.rename(part.with_suffix(""))
    third = tick(repository, second.cursor)
    fourth = tick(repository, third.cursor)
    ranges = [(one.tags[START], one.tags[END]) for one in (*third.run_requests, *fourth.run_requests)]
    assert ranges == [("2024-03", "2024-03"), ("2024-02", "2024-02")]


def test_an_unfinished_period_waits_and_so_does_what_lies_beyond_it():
    def arrival(label: str, state: str, being_written: bool = False) -> Arrival:
        return Arrival("waiting_times", Period.parse(label, "month"), state, being_written)

    found = [arrival("2024-01", "a"), arrival("2024-02", "b", True), arrival("2024-03", "c")]
    memory = remembered(found, {}, {"month": ()})
    assert [one.label for one in sorted(complete(found, memory))] == ["2024-01"]
    memory = remembered(found, memory, {"month": complete(found, memory)})
    assert [one.label for one in sorted(complete(found, memory))] == ["2024-03"]
    assert not complete(found[:1], memory)
    assert set(remembered([], memory, {"month": ()})) == set()


def test_what_is_ignored_when_looking_at_the_landing_folder(tmp_path: Path):
    home = tmp_path / "costs" / "2023" / "2024-02-10"
    for name in (".hidden", "~$a.xlsx", "_note.txt"):
        deliver(home / name)
    assert not list(arrivals(tmp_path, CONTRACTS))
    assert not list(arrivals(tmp_path / "nowhere", CONTRACTS))


def test_range_tags_cover_the_periods():
    tags = range_tags([Period.parse("2024-T3", "tertial"), Period.parse("2023-T2", "tertial")])
    assert tags == {START: "2023-05", END: "2024-09"}


def gate(monkeypatch: pytest.MonkeyPatch, results: list[tuple], rejected: int = 0) -> dg.AssetCheckResult:
    con = duckdb.connect()
    con.execute("create schema raw")
    con.execute(
        "create table raw.delivery_file (delivery_id varchar, dataset varchar, period varchar, "
        "extract_date date, sender varchar)"
    )
    con.execute(
        "create table raw.gate_result (delivery_id varchar, dataset varchar, expectation varchar, "
        "severity varchar, success boolean)"
    )
    for day in ("2024-02-01", "2024-03-01"):
        con.execute(
            "insert into raw.delivery_file values (?, 'costs', '2023', ?, '')", [f"costs/2023/{day}", day]
        )
    for row in results:
        con.execute("insert into raw.gate_result values (?, 'costs', ?, ?, ?)", row)
    one = SimpleNamespace(dataset="costs", delivery_id="costs/2023/2024-03-01", file_name="a.csv")
    monkeypatch.setattr(landing, "standing_rejections", lambda _: [one] * rejected)
    return gate_result(con, "costs")


OLD, NEW = "costs/2023/2024-02-01", "costs/2023/2024-03-01"


@pytest.mark.parametrize(
    ("results", "rejected", "passed", "severity"),
    [
        ([(NEW, "volume", "warning", True)], 0, True, dg.AssetCheckSeverity.WARN),
        ([(NEW, "volume", "warning", False)], 0, False, dg.AssetCheckSeverity.WARN),
        (
            [(NEW, "volume", "warning", False), (NEW, "share", "critical", False)],
            0,
            False,
            dg.AssetCheckSeverity.ERROR,
        ),
        (
            [(OLD, "share", "critical", False), (NEW, "share", "critical", True)],
            0,
            True,
            dg.AssetCheckSeverity.WARN,
        ),
        ([], 2, False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_the_gate_is_a_check_of_the_newest_deliveries(
    monkeypatch: pytest.MonkeyPatch, results: list[tuple], rejected: int, passed: bool, severity
):
    result = gate(monkeypatch, results, rejected)
    assert (result.passed, result.severity) == (passed, severity)


def test_dbt_arguments(tmp_path: Path):
    settings = Settings(warehouse=tmp_path / "w" / "vedlegg2.duckdb")
    build = transform.build_arguments(settings)
    assert build[0] == "build"
    assert build[build.index("--exclude") + 1] == "tag:target"
    assert build[build.index("--exclude-resource-type") + 1] == "unit_test"
    assert build[build.index("--target-path") + 1] == str(tmp_path / "w" / "dbt" / "target")
    assert build[build.index("--threads") + 1] == "2"
    assert "--vars" not in build
    for arguments in (build, transform.target_test_arguments(settings), transform.parse_arguments(settings)):
        assert arguments[arguments.index("--log-level-file") + 1] == "none"
        assert arguments[arguments.index("--log-level") + 1] == "none"
        assert "--no-send-anonymous-usage-stats" in arguments
        assert "--no-write-json" in arguments
    test = transform.target_test_arguments(settings)
    assert (test[0], test[test.index("--select") + 1]) == ("test", "tag:target")


def test_dbt_arguments_with_an_as_of_date(tmp_path: Path):
    settings = Settings(warehouse=tmp_path / "vedlegg2.duckdb", as_of=dt.date(2024, 5, 1))
    arguments = transform.build_arguments(settings)
    assert json.loads(arguments[arguments.index("--vars") + 1]) == {"as_of": "2024-05-01"}


def test_dbt_environment(tmp_path: Path):
    settings = Settings(warehouse=tmp_path / "name.duckdb", enforce_targets=True)
    variables = transform.environment(settings, ".reference/abc")
    assert variables["VEDLEGG2_WAREHOUSE"] == "name.duckdb"
    assert variables["VEDLEGG2_SEED_PATH"] == ".reference/abc"
    assert variables["VEDLEGG2_TARGET_SEVERITY"] == "error"
    assert variables["DO_NOT_TRACK"] == "1"


def test_relations_that_no_model_makes_any_more_are_dropped():
    con = duckdb.connect()
    con.execute("create schema marts; create schema raw; create table marts.kept as select 1 as x")
    con.execute('create view marts."old ""one""" as select 1 as x; create table marts.old as select 1 as x')
    con.execute("create table raw.old as select 1 as x")
    manifest = {"nodes": {"m": {"resource_type": "model", "schema": "marts", "alias": "kept"}}}
    assert sorted(transform.drop_unknown_relations(con, manifest)) == ["marts.old", 'marts.old "one"']
    left = con.execute(
        "select table_schema, table_name from information_schema.tables order by all"
    ).fetchall()
    assert left == [("marts", "kept"), ("raw", "old")]


def failure(status: str, message: str) -> Failure:
    return Failure(**_failure("test.vedlegg2.some_test.abc", status, 3, message))


def test_what_failed_nodes_mean(tmp_path: Path):
    pipeline = SimpleNamespace(settings=Settings(warehouse=tmp_path / "w.duckdb"))
    raise_failures(pipeline, [])
    with pytest.raises(AuditFailed, match="some_test found 3 rows"):
        raise_failures(pipeline, [failure("fail", "Got 3 results, configured to fail if != 0")])
    with pytest.raises(ResourceExhausted):
        raise_failures(pipeline, [failure("error", "IO Error: No space left on device")])
    with pytest.raises(ResourceExhausted):
        raise_failures(pipeline, [failure("error", "Out of Memory Error: could not allocate block")])
    with pytest.raises(BugError, match="Binder Error: column x"):
        raise_failures(pipeline, [failure("error", "Runtime Error\n  Binder Error: column x")])
    conversion = "Conversion Error: could not convert 'Binder Error: secret' to DATE"
    for secret in (conversion, f"Runtime Error in model x (x.sql)\n  {conversion}\n  Catalog Error: secret"):
        with pytest.raises(BugError) as caught:
            raise_failures(pipeline, [failure("error", secret), failure("fail", "Got 1 result")])
        assert "secret" not in str(caught.value)


def test_what_only_warns_is_said_with_its_count():
    manifest = transform.load_manifest()
    warning = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node["config"]["severity"] == "warn"
        and "target" not in node["tags"]
    ]
    said = [
        warnings_of(
            manifest,
            {
                "data": {
                    "node_info": {"unique_id": node["unique_id"], "node_status": "warn"},
                    "num_failures": 7,
                }
            },
        )
        for node in warning
    ]
    assert sorted(text.split(" keys")[0] for (text,) in said if "keys occur in deliveries" in text) == [
        f"stg_{name}: 7"
        for name in (
            "cancer_pathways",
            "epicrises",
            "outpatient_contacts",
            "treatment_plans",
            "waiting_times",
        )
    ]
    assert any(text.startswith("int_antibiotic_purchases: 7 purchases") for (text,) in said)
    passed = {"data": {"node_info": {"unique_id": warning[0]["unique_id"], "node_status": "pass"}}}
    assert warnings_of(manifest, passed) == []


def test_an_unexpected_error_leaves_without_its_words(tmp_path: Path):
    def fail() -> None:
        try:
            raise KeyError("secret one")
        except KeyError as error:
            raise ValueError("secret two") from error

    with pytest.raises(BugError) as caught, told_without_values(tmp_path / "log"):
        fail()
    assert caught.value.__cause__ is None
    (log,) = (tmp_path / "log").iterdir()
    for text in (str(caught.value), log.read_text()):
        assert "secret" not in text
        assert "ValueError" in text
    assert "KeyError" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_lack_of_disk_is_no_bug(tmp_path: Path):
    with pytest.raises(ResourceExhausted), told_without_values(tmp_path):
        raise OSError(28, "No space left on device")


def test_dagster_shares_the_lock(workspace: Path):
    from orchestration.pipeline import Pipeline

    settings = Settings.from_environment()
    with Pipeline.running(settings, "one"), run_lock(settings, "two"):
        assert json.loads(settings.warehouse.with_name("vedlegg2.duckdb.lock").read_text())["run_id"] == "one"


def test_runs_that_were_killed_do_not_hold_up_the_queue(workspace: Path):
    settings = Settings.from_environment()
    with dg.DagsterInstance.ephemeral() as instance, run_lock(settings, "alive"):
        for number, tags in enumerate(({RUN_TAG: "alive"}, {RUN_TAG: "killed"}, {})):
            instance.add_run(
                dg.DagsterRun(
                    job_name="publish", run_id=str(number), status=dg.DagsterRunStatus.STARTED, tags=tags
                )
            )
        end_dead_runs(instance, settings)
        found = {run.run_id: run.status for run in instance.get_runs()}
    assert found == {
        "0": dg.DagsterRunStatus.STARTED,
        "1": dg.DagsterRunStatus.FAILURE,
        "2": dg.DagsterRunStatus.STARTED,
    }


def test_dbt_killed_by_the_system_is_lack_of_memory(tmp_path: Path):
    dbt = DbtRunner(["parse"], {}, tmp_path)
    dbt._process.kill()
    with pytest.raises(ResourceExhausted, match="dbt was killed"):
        dbt.parse()
    dbt.close()


def test_an_unexpected_error_is_told_also_where_no_log_can_be_written(tmp_path: Path):
    (tmp_path / "log").write_text("no folder")
    with (
        pytest.raises(BugError, match="Unexpected ValueError .* could not be written"),
        told_without_values(tmp_path / "log"),
    ):
        raise ValueError("secret")


@pytest.mark.parametrize(
    ("words", "kind"),
    [("database or disk is full", ResourceExhausted), ("database is locked", sqlite3.OperationalError)],
)
def test_no_room_for_dagsters_own_storage_is_lack_of_disk(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, words: str, kind: type[Exception]
):
    def full(*_: Any, **__: Any) -> None:
        print("Dagster says something", file=sys.stderr)
        try:
            raise sqlite3.OperationalError(words)
        except sqlite3.Error as error:
            raise RuntimeError("as the layer above it says") from error

    from orchestration.pipeline import Pipeline

    settings = Settings.from_environment()
    monkeypatch.setattr(dg.JobDefinition, "execute_in_process", full)
    monkeypatch.setattr(Jobs, "_definitions", defs())
    for name, value in dagster_environment(settings).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(kind, match="disk" if kind is ResourceExhausted else "locked"):
        Jobs(Pipeline(settings, "run")).execute("publish")
    assert capsys.readouterr().err == ""
