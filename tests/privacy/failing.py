"""Runs that fail where an engine's own words quote a patient's row, started as Dagster and the program do.

Belongs here: breaking one step at a time, in a process of its own. Does not belong here: looking for what it
told (``test_leaks.py``). Prints what became of each run.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration import settings

MODEL = "models/intermediate/int_referrals.sql"
BROKEN = {
    "model": ("    referral_id,", "    cast(referral_id as date) as referral_id,"),
    "audit": ("from waits", "from waits cross join (values (1), (2)) as twice"),
}
"""What fails -> a line of the model, and what stands there instead."""


def copy_of_the_project(home: Path) -> Path:
    """The dbt project with what dbt has parsed of it, to be changed."""
    target = home / "dbt_project"
    shutil.copytree(
        settings.DBT_PROJECT,
        target,
        ignore=shutil.ignore_patterns("target", "logs", ".reference", ".user.yml"),
    )
    (home / "seeds").symlink_to(settings.SEEDS)
    parsed = settings.DBT_PROJECT / "target"
    (target / "target").mkdir()
    for name in ("manifest.json", "partial_parse.msgpack"):
        shutil.copy(parsed / name, target / "target" / name)
    return target


@contextmanager
def breaking(project: Path, what: str) -> Iterator[None]:
    """Change the model, with the manifest as it was."""
    model, manifest = project / MODEL, project / "target" / "manifest.json"
    sound = model.read_text()
    old, new = BROKEN[what]
    assert sound.count(old) == 1
    model.write_text(sound.replace(old, new))
    manifest.touch()
    yield
    model.write_text(sound)
    manifest.touch()


@contextmanager
def landing_that_fails() -> Iterator[None]:
    """A load whose verdict ends in an error that quotes a delivered value."""
    from orchestration.landing import loading

    judge_all = loading.judge_all

    def broken(stage: Any, arrivals: Any) -> Any:
        for column in stage.contract.columns:
            if column.identity_scan:
                stage.con.execute(f'select cast("{column.name}" as date) from landing_row').fetchall()
        return judge_all(stage, arrivals)

    loading.judge_all = broken
    yield
    loading.judge_all = judge_all


def main(home: Path) -> None:
    """All failing runs, one after the other."""
    project = copy_of_the_project(home)
    settings.DBT_PROJECT = project  # before anything else is imported
    from orchestration import transform
    from orchestration.cli import main as program
    from orchestration.terminal.jobs import dagster_environment

    os.environ.update(dagster_environment(settings.Settings.from_environment()))
    import dagster as dg

    from orchestration.definitions import defs

    build_arguments = transform.build_arguments
    transform.build_arguments = lambda chosen: [*build_arguments(chosen), "--select", "+int_referrals"]
    definitions = defs()
    march = {f"dagster/asset_partition_range_{end}": "2024-03" for end in ("start", "end")}

    def execute(name: str, job: str, tags: dict[str, str]) -> None:
        with dg.DagsterInstance.get() as instance:
            done = definitions.resolve_job_def(job).execute_in_process(
                instance=instance, tags=tags, raise_on_error=False
            )
        print(f"{name}: {'succeeded' if done.success else 'failed'}")

    with landing_that_fails():
        execute("load that fails", "load_month", march)
    execute("load", "load_month", march)
    for what in BROKEN:
        with breaking(project, what):
            execute(what, "publish", {})
    with landing_that_fails():
        try:
            program(["run"])
        except SystemExit as end:
            print(f"program: {end.code}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
