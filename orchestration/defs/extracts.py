"""One asset per extract: what was delivered for a range of periods, with the contract's gate as its check.

Belongs here: the asset around ``landing.load`` and what Dagster is told about it. Does not belong here: how
a delivery is found, read or judged (``landing/``); a rejected one is a failed check, never a failed run.
"""

from typing import Any

import dagster as dg
import duckdb

from orchestration import landing
from orchestration.contracts.model import Contract
from orchestration.defs.partitions import PARTITIONS, period_of
from orchestration.pipeline import Pipeline

GATE = "contract_gate"
"""Name of the asset check of every extract."""


def extract_key(dataset: str) -> dg.AssetKey:
    """The asset of an extract; dbt's source of the same name has the same key."""
    return dg.AssetKey(["raw", dataset])


def extract_asset(contract: Contract) -> dg.AssetsDefinition:
    """The asset of one extract, partitioned by its cadence; a range of periods is loaded in one run."""

    @dg.asset(
        key=extract_key(contract.dataset),
        description=contract.description,
        group_name="extracts",
        kinds={"duckdb", "greatexpectations"},
        owners=[],
        metadata={"contract": dg.MetadataValue.path(str(contract.path)), "version": contract.version},
        partitions_def=PARTITIONS[contract.cadence],
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[
            dg.AssetCheckSpec(
                GATE,
                asset=extract_key(contract.dataset),
                description="The newest deliveries fulfil the contract, and no file stands rejected.",
            )
        ],
        required_resource_keys={"pipeline"},
    )
    def extract(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        pipeline: Pipeline = context.resources.pipeline
        periods = {period_of(key, contract.cadence).label for key in context.partition_keys}
        with pipeline.connected() as con:
            loaded = landing.load(
                con,
                pipeline.settings,
                pipeline.contracts,
                pipeline.reference,
                contract.dataset,
                periods,
                lambda done, total: pipeline.progress(contract.dataset, done, total),
            )
            gate = gate_result(con, contract.dataset)
        pipeline.warnings += loaded.warnings
        pipeline.deliveries += loaded.deliveries
        return dg.MaterializeResult(
            metadata={
                "rows_read": loaded.rows_read,
                "rows_accepted": loaded.rows_accepted,
                "rows_rejected": loaded.rows_rejected,
                "rows_duplicate": loaded.rows_duplicate,
                "deliveries": dg.MetadataValue.json(sorted(loaded.deliveries)),
                "warnings": dg.MetadataValue.json(list(loaded.warnings)),
                "seconds": round(loaded.seconds, 3),
                "contract": dg.MetadataValue.path(str(contract.path)),
            },
            check_results=[gate],
        )

    return extract


def gate_result(con: duckdb.DuckDBPyConnection, dataset: str) -> dg.AssetCheckResult:
    """Where the extract stands now: its newest delivery per period and sender, and its rejected files.

    A failed critical expectation or a rejected file is an ERROR, a failed warning a WARN; neither blocks.
    """
    failed: list[tuple[str, str, int]] = con.execute(
        "with newest as (select delivery_id from raw.delivery_file where dataset = $dataset "
        "qualify extract_date = max(extract_date) over (partition by period, sender)) "
        "select expectation, severity, count(*) from raw.gate_result "
        "where dataset = $dataset and not success and delivery_id in (from newest) group by all order by all",
        {"dataset": dataset},
    ).fetchall()
    rejected = [one for one in landing.standing_rejections(con) if one.dataset == dataset]
    broken = bool(rejected) or any(severity == "critical" for _, severity, _ in failed)
    metadata: dict[str, Any] = {
        **{f"{severity}: {name}": count for name, severity, count in failed},
        "rejected_files": len({(one.delivery_id, one.file_name) for one in rejected}),
    }
    return dg.AssetCheckResult(
        check_name=GATE,
        asset_key=extract_key(dataset),
        passed=not failed and not rejected,
        severity=dg.AssetCheckSeverity.ERROR if broken else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
