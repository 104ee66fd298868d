"""What runs share in Dagster: the run itself as a resource, and a storage that stores nothing.

Belongs here: opening a run that Dagster has started, and refusing to write an output. Does not belong here:
what a run is (``pipeline.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.pipeline import Pipeline
from orchestration.settings import Settings


@dg.resource(description="The run: settings from the environment, the warehouse held until the run ends.")
def pipeline_of_environment(context: dg.InitResourceContext) -> Iterator[Pipeline]:
    """A run that Dagster started (schedule, sensor, web interface)."""
    run_id = context.run.run_id if context.run else "dagster"
    with Pipeline.running(Settings.from_environment(), run_id) as pipeline:
        yield pipeline


class NothingStored(dg.IOManager):
    """Tables are in the warehouse; an output with a value would be pickled into Dagster's storage."""

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        """Accept that there is nothing.

        Raises:
            TypeError: there is something.
        """
        if obj is not None:
            raise TypeError(
                f"{context.step_key} returned a value; assets write to the warehouse and return none."
            )

    def load_input(self, context: dg.InputContext) -> Any:
        """Refuse.

        Raises:
            TypeError: always; assets read from the warehouse.
        """
        raise TypeError(f"{context.asset_key} asks for a stored value; assets read from the warehouse.")
