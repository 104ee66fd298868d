"""The whole deployment in one screen: what there is, when it runs, and what every run shares.

Belongs here: putting the pieces of ``defs/`` together. Does not belong here: any of the pieces.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from orchestration import transform
from orchestration.contracts.load import load_contracts
from orchestration.contracts.model import Contract
from orchestration.defs.extracts import extract_asset
from orchestration.defs.models import model_assets
from orchestration.defs.publication import release_asset, target_checks
from orchestration.defs.resources import NothingStored, pipeline_of_environment
from orchestration.defs.schedules import REFRESH, arrival_sensor, refresh_schedule
from orchestration.settings import DATA_CONTRACTS

LOAD = {"month": "load_month", "tertial": "load_tertial", "year": "load_year"}
"""The jobs that load the extracts of a cadence and do nothing else."""
PUBLISH = "publish"


def assemble(contracts: Mapping[str, Contract], pipeline: dg.ResourceDefinition) -> dg.Definitions:
    """All definitions, over these contracts and with this run as the resource ``pipeline``."""
    manifest = transform.load_manifest()
    extracts = {dataset: extract_asset(contract) for dataset, contract in contracts.items()}
    models, release, targets = model_assets(manifest), release_asset(manifest), target_checks(manifest)
    publication = dg.AssetSelection.assets(models, release) | dg.AssetSelection.checks(targets)
    loading = {
        cadence: dg.AssetSelection.assets(
            *(extracts[c.dataset] for c in contracts.values() if c.cadence == cadence)
        )
        for cadence in LOAD
    }
    load_jobs = [dg.define_asset_job(LOAD[cadence], loading[cadence]) for cadence in LOAD]
    refresh_jobs = [
        dg.define_asset_job(REFRESH[cadence], loading[cadence] | publication) for cadence in REFRESH
    ]
    return dg.Definitions(
        assets=[*extracts.values(), models, release],
        asset_checks=[targets],
        jobs=[*load_jobs, *refresh_jobs, dg.define_asset_job(PUBLISH, publication)],
        schedules=[refresh_schedule(cadence) for cadence in REFRESH],
        sensors=[arrival_sensor(refresh_jobs)],
        resources={"pipeline": pipeline, "io_manager": NothingStored()},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``dagster`` serves and schedules."""
    return assemble(load_contracts(DATA_CONTRACTS), pipeline_of_environment)
