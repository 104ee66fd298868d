"""When the refresh jobs start: on their day of the calendar, and when a delivery has come in whole.

Belongs here: schedules, the sensor, and which range of periods they ask for. Does not belong here: what is
new in a delivery (``landing.pending``) and what the jobs do.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence

import dagster as dg

from orchestration import landing, warehouse
from orchestration.contracts.load import load_contracts
from orchestration.defs.arrivals import Memory, arrivals, complete, remembered
from orchestration.defs.dead_runs import end_dead_runs
from orchestration.defs.partitions import range_tags
from orchestration.periods import OSLO, Cadence, Period
from orchestration.pipeline import Pipeline
from orchestration.settings import Settings

REFRESH: Mapping[Cadence, str] = {
    "month": "monthly_refresh",
    "tertial": "tertial_refresh",
    "year": "yearly_refresh",
}
"""The job of each cadence."""
CRON: Mapping[Cadence, str] = {"month": "0 6 12 * *", "tertial": "0 8 12 1,5,9 *", "year": "0 6 20 1 *"}
"""12th of the month at 06:00; 12 January, May and September at 08:00; 20 January at 06:00."""
TICK_SECONDS = 60


def refresh_schedule(cadence: Cadence) -> dg.ScheduleDefinition:
    """The schedule of one refresh job: one run over all periods that have something new, or none."""

    @dg.schedule(
        name=f"{REFRESH[cadence]}_schedule",
        job_name=REFRESH[cadence],
        cron_schedule=CRON[cadence],
        execution_timezone=str(OSLO),
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Loads every new delivery of this cadence and publishes.",
    )
    def schedule(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        periods = new_periods(Settings.from_environment(), cadence)
        if not periods:
            return dg.SkipReason("No new delivery.")
        return dg.RunRequest(tags=range_tags(periods))

    return schedule


def new_periods(settings: Settings, cadence: Cadence) -> set[Period]:
    """Periods of this cadence with something in the landing folder that the warehouse does not hold.

    While a run holds the warehouse it cannot be asked: then every period that has a delivery.
    """
    pipeline = Pipeline(settings, "schedule")
    if not settings.landing.is_dir():
        return set()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(warehouse.run_lock(settings, "schedule"))
        except warehouse.WarehouseBusy:
            found = arrivals(settings.landing, pipeline.contracts)
            return {one.period for one in found if one.period.cadence == cadence}
        con = stack.enter_context(pipeline.connected())
        landing.prepare(con, pipeline.contracts)
        pending = landing.pending(con, settings, pipeline.contracts, pipeline.reference)
    return {
        Period.parse(label, cadence)
        for dataset, labels in pending.items()
        if pipeline.contracts[dataset].cadence == cadence
        for label in labels
    }


def arrival_sensor(jobs: Sequence[dg.UnresolvedAssetJobDefinition]) -> dg.SensorDefinition:
    """The sensor that starts the refresh jobs when deliveries have come in whole."""

    @dg.sensor(
        name="new_deliveries",
        jobs=jobs,
        minimum_interval_seconds=TICK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts the refresh job of deliveries that have stood unchanged for two ticks.",
    )
    def new_deliveries(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        settings = Settings.from_environment()
        end_dead_runs(context.instance, settings)
        memory: Memory = json.loads(context.cursor) if context.cursor else {}
        found = list(arrivals(settings.landing, load_contracts(settings.contracts)))
        asked = {
            cadence: complete([one for one in found if one.period.cadence == cadence], memory)
            for cadence in REFRESH
        }
        requests = [
            dg.RunRequest(job_name=REFRESH[cadence], tags=range_tags(periods))
            for cadence, periods in asked.items()
            if periods
        ]
        return dg.SensorResult(
            run_requests=requests,
            skip_reason=None if requests else "No delivery has come in whole since the last tick.",
            cursor=json.dumps(remembered(found, memory, asked), sort_keys=True),
        )

    return new_deliveries
