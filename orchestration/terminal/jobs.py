"""Dagster's jobs, executed in this process: the same that the schedules start, with its history kept.

Belongs here: Dagster's home, the definitions over one run, and getting the run's own error back out of a job.
Does not belong here: which job is needed (``run.py``). Dagster is imported when the first job starts.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.failures import known_errors
from orchestration.periods import Period
from orchestration.pipeline import Pipeline
from orchestration.settings import Settings
from orchestration.warehouse import make_workspace, private_folder, resource_errors

if TYPE_CHECKING:
    import dagster as dg

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's own log stays off the terminal, as its standard error does; what it records is in its storage."""
CONFIGURATION = Path(__file__).parent.parent / "defs" / "dagster.yaml"


def dagster_environment(settings: Settings) -> dict[str, str]:
    """Dagster's home in the workspace, private, unless the environment names another; made ready for use."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.workspace / "dagster")
    if not os.environ.get("DAGSTER_HOME"):
        make_workspace(settings)
        private_folder(home)
        shutil.copyfile(CONFIGURATION, home / CONFIGURATION.name)
    return {
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
    }


class Jobs:
    """The jobs over one run."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    @cached_property
    def _definitions(self) -> dg.Definitions:
        os.environ.update(dagster_environment(self._pipeline.settings))
        import dagster as dg

        from orchestration.definitions import assemble

        return assemble(self._pipeline.contracts, dg.ResourceDefinition.hardcoded_resource(self._pipeline))

    def execute(self, job: str, wanted: Mapping[str, Collection[Period]] | None = None) -> None:
        """Execute one job, over the range of periods when it loads extracts.

        Args:
            job: its name.
            wanted: extracts to load and their periods; None for a job without partitions.

        Raises:
            KeyboardInterrupt: the run was told to stop.
            Exception: what a step raised, one of ``known_errors`` where it was one.
        """
        definitions = self._definitions
        import dagster as dg
        from dagster._core.errors import DagsterExecutionInterruptedError

        from orchestration.defs.dead_runs import RUN_TAG, end_dead_runs
        from orchestration.defs.extracts import extract_key
        from orchestration.defs.partitions import range_tags

        tags, selection = {RUN_TAG: self._pipeline.run_id}, None
        if wanted is not None:
            tags |= range_tags(period for periods in wanted.values() for period in periods)
            selection = [extract_key(name) for name in wanted]
        try:
            with (
                Path(os.devnull).open("w", encoding="utf-8") as nowhere,
                contextlib.redirect_stderr(nowhere),
                dg.DagsterInstance.get() as instance,
            ):
                end_dead_runs(instance, self._pipeline.settings)
                definitions.resolve_job_def(job).execute_in_process(
                    instance=instance, run_config=QUIET, tags=tags, asset_selection=selection
                )
        except DagsterExecutionInterruptedError:
            raise KeyboardInterrupt from None
        except Exception as error:
            for kinds in (tuple(known_errors()), sqlite3.Error):  # the latter from Dagster's own storage
                for one in (one for one in _chain(error) if isinstance(one, kinds)):
                    with resource_errors(self._pipeline.settings.workspace):
                        raise one from None
            raise


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
