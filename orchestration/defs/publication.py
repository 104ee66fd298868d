"""The release as an asset, and the targets as checks on the indicators once it is out.

Belongs here: the order dbt, release, targets, and a missed target as a check that stops nothing. Does not
belong here: what a release holds (``release/``) and when a target is met (``dbt_project/``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from orchestration import fault_points, transform
from orchestration.defs.models import TRANSLATOR, raise_failures
from orchestration.failures import told_without_values
from orchestration.pipeline import Pipeline
from orchestration.reference import load_reference
from orchestration.release import RunInfo, publish
from orchestration.settings import Settings
from orchestration.transform import TARGET_TAG, Manifest

RELEASE = dg.AssetKey("release")
CHECK = "meets_target"
"""Name of the check that each indicator has for its targets."""


def release_asset(manifest: Manifest) -> dg.AssetsDefinition:
    """The published release, made of the marts."""

    @dg.asset(
        key=RELEASE,
        description="A folder that is complete and audited before the link «current» is switched to it.",
        group_name="release",
        deps=[TRANSLATOR.get_asset_key(node) for node in _models(manifest, "marts").values()],
        required_resource_keys={"pipeline"},
    )
    def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        pipeline: Pipeline = context.resources.pipeline
        run = RunInfo(run_id=pipeline.run_id, started_at=pipeline.started_at)
        with told_without_values(pipeline.log_folder):
            outcome = publish(pipeline.settings, run, pipeline.reference, pipeline.contracts)
        pipeline.outcome = outcome
        return dg.MaterializeResult(
            metadata={
                "release": outcome.release_id or "none",
                "published": outcome.published,
                "current": outcome.made_current,
                "message": outcome.message,
                **({"folder": dg.MetadataValue.path(str(outcome.path))} if outcome.path else {}),
            }
        )

    return release


def target_checks(manifest: Manifest) -> dg.AssetChecksDefinition:
    """One check per indicator: dbt's ``meets_target`` tests, invoked by themselves after the release."""
    keys = indicator_of_test(manifest)

    @dg.multi_asset_check(
        name="targets",
        specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=key,
                description="The official targets of the newest complete period are met.",
                additional_deps=[RELEASE],
            )
            for key in keys.values()
        ],
        required_resource_keys={"pipeline"},
    )
    def targets(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        pipeline: Pipeline = context.resources.pipeline
        with told_without_values(pipeline.log_folder):
            for event in pipeline.start_dbt().invoke(transform.target_test_arguments(pipeline.settings)):
                node = event["data"]["node_info"]
                yield dg.AssetCheckResult(
                    check_name=CHECK,
                    asset_key=keys[node["unique_id"]],
                    passed=node["node_status"] == "pass",
                    severity=(
                        dg.AssetCheckSeverity.ERROR
                        if node["node_status"] == "fail"
                        else dg.AssetCheckSeverity.WARN
                    ),
                    metadata={"targets_missed": event["data"]["num_failures"]},
                )
            fault_points.reach("targets.done")
            raise_failures(pipeline, [one for one in pipeline.start_dbt().failures if one.status != "fail"])

    return targets


def indicator_of_test(manifest: Manifest) -> dict[str, dg.AssetKey]:
    """The asset of the indicator that each target test is about, by the test's id in dbt."""
    models = _models(manifest, "cells")
    names = {
        row["indicator_id"]: f"ind_{row['indicator_id'].replace('.', '_')}_{row['slug']}"
        for row in load_reference(Settings()).tables["indicators"]
    }
    return {
        unique_id: TRANSLATOR.get_asset_key(models[names[node["test_metadata"]["kwargs"]["indicator_id"]]])
        for unique_id, node in manifest["nodes"].items()
        if TARGET_TAG in node["tags"]
    }


def _models(manifest: Manifest, schema: str) -> dict[str, Mapping[str, Any]]:
    """The models of one schema, by name."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == schema
    }
