"""One run: its settings, contracts, reference data, the lock it holds and the dbt process it keeps warm.

Belongs here: what the steps of a run share, opened once and closed whatever happens. Does not belong here:
the steps themselves, and anything of Dagster.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration import fault_points, transform, warehouse
from orchestration.dbt_runner import DbtRunner
from orchestration.failures import told_without_values
from orchestration.reference import Reference, load_reference, materialise
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.contracts.model import Contract
    from orchestration.release.publishing import Outcome

Progress = Callable[[str, int, int], None]
"""Told of a step's name, how much of it is done and how much there is."""


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def new_run_id() -> str:
    """A name for a run that Dagster did not start: when it began (UTC), and chance."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"


class Pipeline:
    """What the steps of one run share."""

    def __init__(self, settings: Settings, run_id: str, progress: Progress = no_progress) -> None:
        self.settings = settings
        self.run_id = run_id
        self.progress = progress
        self.started_at = dt.datetime.now(dt.UTC)
        self.outcome: Outcome | None = None
        """What publishing came to, once it has been done."""
        self.warnings: list[str] = []
        """What was passed over while loading, one sentence each."""
        self.deliveries: list[str] = []
        """The deliveries that were judged."""
        self._dbt: DbtRunner | None = None

    @classmethod
    @contextlib.contextmanager
    def running(cls, settings: Settings, run_id: str, progress: Progress = no_progress) -> Iterator[Pipeline]:
        """A run that holds the warehouse, with all its raw tables, until it ends.

        What is slow to import comes after the lock, so that a second run is told at once.

        Raises:
            UsageError: reference data or contracts are wrong.
            WarehouseBusy: another run holds the warehouse.
            BugError: what nobody foresaw, whoever raised it; its log lies beside the warehouse.
        """
        pipeline = cls(settings, run_id, progress)
        with (
            told_without_values(pipeline.log_folder),
            warehouse.run_lock(settings, run_id),
            warehouse.private_files(),
        ):
            fault_points.reach("run.locked")
            from orchestration import landing

            try:
                pipeline.check()
                with pipeline.connected() as con:
                    landing.prepare(con, pipeline.contracts)
                fault_points.reach("run.prepared")
                yield pipeline
            finally:
                if pipeline._dbt is not None:
                    pipeline._dbt.close()

    def check(self) -> None:
        """Read reference data and contracts.

        Raises:
            UsageError: one of them is wrong; the sentence names the file.
        """
        _ = self.contracts, self.reference

    @cached_property
    def contracts(self) -> Mapping[str, Contract]:
        """The contracts by dataset."""
        from orchestration.contracts.load import load_contracts

        return load_contracts(self.settings.contracts)

    @cached_property
    def reference(self) -> Reference:
        """The checked reference data."""
        return load_reference(self.settings)

    @property
    def log_folder(self) -> Path:
        """Where the way to an unexpected error is written."""
        return self.settings.workspace / "log"

    @contextlib.contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse, open for this step; an error that leaves here holds no value."""
        with (
            told_without_values(self.log_folder),
            contextlib.closing(warehouse.connect(self.settings)) as con,
        ):
            yield con

    def start_dbt(self) -> DbtRunner:
        """The dbt process of this run, started when first asked for: it parses while other work goes on."""
        if self._dbt is None:
            with told_without_values(self.log_folder):
                self._dbt = transform.start(self.settings, materialise(self.reference))
        return self._dbt
