"""Runs that were killed: Dagster's queue would wait for them for ever, since nobody tells it that they are over.

Belongs here: finding them and saying so to Dagster. Does not belong here: runs that Dagster itself started, whose
processes its code server watches.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from orchestration import warehouse
from orchestration.settings import Settings

RUN_TAG = "vedlegg2/run"
"""Tag of the runs of the command line; its value is the id under which they hold the warehouse."""


def end_dead_runs(instance: dg.DagsterInstance, settings: Settings) -> None:
    """Mark runs of the command line as failed that no longer hold the warehouse.

    They take it before Dagster hears of them, and let go of it after Dagster has heard of their end.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES)):
        if RUN_TAG in run.tags and not warehouse.holds(settings, run.tags[RUN_TAG]):
            instance.report_run_failed(run, "The process of this run was killed.")
