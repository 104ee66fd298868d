"""The dbt project as assets and checks: one step builds it all, every node reports for itself.

Belongs here: names and groups of dbt's nodes in Dagster, and what a failed node means for the run. Does not
belong here: which arguments dbt gets (``transform.py``) and how it is run (``dbt_runner.py``).
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration import fault_points, transform
from orchestration.dbt_runner import Failure
from orchestration.failures import BugError, told_without_values
from orchestration.pipeline import Pipeline
from orchestration.release import AuditFailed, import_ahead, remember_published
from orchestration.transform import TARGET_TAG, Manifest
from orchestration.warehouse import ResourceExhausted


class Translator(DagsterDbtTranslator):
    """dbt's names in Dagster: ``<schema>/<model>``, and a source ``raw.<dataset>`` is the extract's asset."""

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The node's own description, without its SQL."""
        return str(dbt_resource_props.get("description", ""))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The dbt group: the room the model stands in; seeds are the reference data."""
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        return super().get_group_name(dbt_resource_props)


TRANSLATOR = Translator()


def model_assets(manifest: Manifest) -> dg.AssetsDefinition:
    """All models and seeds with their tests as checks, targets excepted."""

    @dbt_assets(
        manifest=manifest,
        exclude=f"tag:{TARGET_TAG}",
        name="transform",
        dagster_dbt_translator=TRANSLATOR,
        required_resource_keys={"pipeline"},
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.connected() as con:
            remember_published(pipeline.settings, con)
            fault_points.reach("build.remembered")
            transform.drop_unknown_relations(con, manifest)
        arguments = transform.build_arguments(pipeline.settings)
        total = sum(node["resource_type"] != "test" for node in manifest["nodes"].values())
        done = 0
        with told_without_values(pipeline.log_folder), ThreadPoolExecutor(1) as beside:
            beside.submit(import_ahead)
            for event in pipeline.start_dbt().invoke(arguments):
                fault_points.reach(f"build.{_schema(manifest, event)}")
                done += event["info"]["name"] != "LogTestResult"
                pipeline.progress("dbt", done, total)
                pipeline.warnings += warnings_of(manifest, event)
                yield from _as_asked(context, manifest, event)
            raise_failures(pipeline, pipeline.start_dbt().failures)
            fault_points.reach("build.done")

    return models


def _schema(manifest: Manifest, event: Mapping[str, Any]) -> str:
    """The schema of the node that has ended."""
    return str(manifest["nodes"][event["data"]["node_info"]["unique_id"]]["schema"])


def _as_asked(
    context: dg.AssetExecutionContext, manifest: Manifest, event: Mapping[str, Any]
) -> Iterator[Any]:
    """The Dagster events of a dbt event; the project is built whole, and what was asked for is told."""
    message = DbtCoreCliEventMessage(raw_event=dict(event), event_history_metadata={})
    for told in message.to_default_asset_events(manifest, TRANSLATOR, context):
        if (
            not isinstance(told, dg.Output)
            or told.output_name in context.op_execution_context.selected_output_names
        ):
            yield told


def warnings_of(manifest: Manifest, event: Mapping[str, Any]) -> list[str]:
    """What a test that only warns has found, one sentence with a count: which model, how many, what to do."""
    node = event["data"]["node_info"]
    if node["node_status"] != "warn":
        return []
    test = manifest["nodes"][node["unique_id"]]
    model = manifest["nodes"][test["attached_node"]]["name"]
    return [f"{model}: {event['data']['num_failures']} {test['config']['meta']['warning']}."]


def raise_failures(pipeline: Pipeline, failures: list[Failure]) -> None:
    """Tell what failed nodes mean.

    Raises:
        ResourceExhausted: memory or disk was not enough.
        BugError: a model or test could not be run.
        AuditFailed: a data-quality test of the built tables failed; they stay for inspection.
    """
    if any(failure.kind != "other" for failure in failures):
        raise ResourceExhausted(
            "The tables could not be built: disk full or memory limit reached; make room in "
            f"{pipeline.settings.workspace} or raise the limit, and run again. The release before stays current."
        )
    errors = [failure for failure in failures if failure.status != "fail"]
    if errors:
        names = "; ".join(f"{_name(failure)}: {failure.text or failure.status}" for failure in errors)
        raise BugError(f"dbt could not build {names}")
    if failures:
        raise AuditFailed(
            [f"Data-quality test {_name(failure)} found {failure.rows} rows." for failure in failures],
            pipeline.settings.warehouse,
        )


def _name(failure: Failure) -> str:
    """Name of a node without its project and hash."""
    parts = failure.unique_id.split(".")
    return parts[2] if len(parts) > 2 else "the project"
