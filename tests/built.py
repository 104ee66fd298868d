"""A landing folder as built marts: loaded and computed by the functions that a run calls, and not published.

Belongs here: the way to the warehouse's ``marts`` without suppression, report and release. Does not belong here:
anything about figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from orchestration import landing, transform
from orchestration.contracts.load import load_contracts
from orchestration.defs.models import warnings_of
from orchestration.reference import load_reference, materialise
from orchestration.release import remember_published
from orchestration.settings import Settings
from orchestration.warehouse import connect


class Built(NamedTuple):
    """The warehouse, in a folder of its own, and what the tests that only warn have said."""

    warehouse: Path
    warnings: list[str]


def build(folder: Path, reference: Path) -> Built:
    """Load ``folder/landing`` whole, build and test every model."""
    settings = Settings(
        landing=folder / "landing",
        warehouse=folder / "warehouse" / transform.WAREHOUSE_NAME,
        published=folder / "published",
        reference=reference,
    )
    manifest = transform.load_manifest()
    contracts, tables = load_contracts(settings.contracts), load_reference(settings)
    dbt = transform.start(settings, materialise(tables))
    try:
        with connect(settings) as con:
            landing.prepare(con, contracts)
            for dataset in contracts:
                landing.load(con, settings, contracts, tables, dataset, None)
            rejected = landing.standing_rejections(con)
            remember_published(settings, con)
        assert not rejected, f"{len(rejected)} rejections, the first: {rejected[0]}"
        events = list(dbt.invoke(transform.build_arguments(settings)))
        assert not dbt.failures, dbt.failures
    finally:
        dbt.close()
    return Built(settings.warehouse, [said for event in events for said in warnings_of(manifest, event)])
