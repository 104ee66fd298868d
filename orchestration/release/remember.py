"""What the current release shows, brought into the warehouse before a new one is built.

Belongs here: the tables ``raw.published_*``, from which dbt makes ``revision``. Does not belong here: the
comparison itself (dbt) and any figure of the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from orchestration.engine import open_locked
from orchestration.reference import load_reference
from orchestration.release import manifest, store
from orchestration.release.build import DATABASE
from orchestration.release.inputs import code_version
from orchestration.release.tables import published_tables, quoted
from orchestration.settings import Settings

OLD = ("release_id", "code_version", "reference_fingerprint")
NEW = ("new_code_version", "new_reference_fingerprint")
"""Columns of ``raw.published_release``: from the manifest of the current release, and of the run going on."""


def remember_published(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Make ``raw.published_value``, ``_source``, ``_delivery``, ``_release`` anew; empty without a release.

    Raises:
        IntegrityError: the current release was changed.
    """
    tables = published_tables()
    shapes = {
        "indicator_value": tables["indicator_value"].columns,
        "value_source": tables["value_source"].columns,
        "delivery": {"delivery_id": "VARCHAR", "sha256": "VARCHAR"},
    }
    _make(con, "published_value", {**shapes["indicator_value"], "release_id": "VARCHAR"})
    _make(con, "published_source", shapes["value_source"])
    _make(con, "published_delivery", shapes["delivery"])
    _make(con, "published_release", dict.fromkeys((*OLD, *NEW), "VARCHAR"))

    if store.current(settings.published) is None:
        return
    release = store.verify(settings.published)
    old = manifest.read(release.path)
    with open_locked(release.path / DATABASE) as shown:
        for table, name, condition in (
            ("indicator_value", "published_value", "true"),
            ("value_source", "published_source", "true"),
            ("delivery", "published_delivery", "status = 'accepted'"),
        ):
            there = {row[0] for row in shown.execute(f"describe marts.{table}").fetchall()}
            columns = ", ".join(quoted(column) for column in shapes[table] if column in there)
            query = f"select distinct {columns} from marts.{table} where {condition}"
            con.register("shown_rows", shown.sql(query).to_arrow_table())
            con.execute(f"insert into raw.{name} by name from shown_rows")
            con.unregister("shown_rows")
    con.execute("update raw.published_value set release_id = ?", [release.release_id])
    con.execute(
        f"insert into raw.published_release ({', '.join((*OLD, *NEW))}) values (?, ?, ?, ?, ?)",
        [*(old[name] for name in OLD), code_version(), load_reference(settings).fingerprint],
    )


def _make(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str]) -> None:
    """An empty table in schema raw."""
    written = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    con.execute(f"create or replace table raw.{name} ({written})")
