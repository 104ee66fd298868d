"""dbt's own connection to the warehouse: as closed as every other (``engine.py``).

Belongs here: the plugin that dbt-duckdb asks when it has opened the database (``dbt_project/profiles.yml``).
Does not belong here: what dbt runs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags

from orchestration import engine


class Plugin(BasePlugin):
    """Closes the connection: dbt reads the seeds and spills, and reaches no other file."""

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Settings that must be there when the database is opened."""
        config.update(engine.CLOSED)

    def configure_connection(self, conn: Any) -> None:
        """Lock it, for all cursors that dbt takes of it."""
        project = Path(get_flags().PROJECT_DIR)
        # dbt names a seed by project folder and seed path, dots and all
        seeds = project / os.environ.get("VEDLEGG2_SEED_PATH", "../seeds")
        engine.lock(conn, seeds, seeds.resolve())
