"""From the engineers' tables to the files of a release: copied, protected, written.

Belongs here: the in-memory copy of the marts, what is computed again on published values, and the files
of data. Does not belong here: which numbers are hidden (``suppression.py``), the manifest, the link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from orchestration import fault_points
from orchestration.csv_text import write_csv
from orchestration.engine import literal
from orchestration.release.tables import FIGURE, Table, quoted
from orchestration.settings import Settings
from orchestration.warehouse import configuration

DATABASE = "indicators.duckdb"
STORAGE_VERSION = "v1.4.0"
"""Oldest DuckDB that can open a release."""
CSV = "indicators.csv"
CSV_TABLE = "indicator_status"
SYNTHETIC = "Syntetiske data. "
"""Begins the comment of every table of a release that was made from the sample."""

COMPUTED_AGAIN = ("indicator_overall", "spc")
"""Tables that are counted from what is published, by the SQL of their dbt model."""


def open_marts(settings: Settings, tables: Iterable[Table]) -> duckdb.DuckDBPyConnection:
    """An in-memory database with a copy of the marts; the warehouse beside it as ``warehouse``, read-only.

    One thread, so that sums of floating-point numbers and the bytes of files are the same at every run.
    """
    con = duckdb.connect(config={**configuration(settings), "threads": "1"})
    con.execute(f"attach {literal(settings.warehouse)} as warehouse (read_only)")
    con.execute("create schema memory.marts")
    for table in tables:
        con.execute(f'create table memory.marts."{table.name}" as from warehouse.marts."{table.name}"')
    return con


def compute_again(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Count the dependent tables from the published values, by the models that dbt compiled."""
    compiled = settings.workspace / "dbt" / "target" / "compiled" / "vedlegg2" / "models" / "marts"
    for name in COMPUTED_AGAIN:
        sql = _on_published(name, (compiled / f"{name}.sql").read_text("utf-8"), settings.warehouse.stem)
        con.execute(f'delete from memory.marts."{name}"')
        con.execute(f'insert into memory.marts."{name}" by name select * from (\n{sql}\n)')


def _on_published(name: str, sql: str, database: str) -> str:
    """The model's SQL with its marts in memory and its reference data in the warehouse.

    Raises:
        ValueError: it reads anything else, which would bring unprotected figures into the release.
    """

    def target(match: re.Match[str]) -> str:
        schema = match[1]
        if schema not in ("marts", "reference"):
            raise ValueError(f"The model {name} reads {schema}; let it read marts and reference data only.")
        return f'"{"memory" if schema == "marts" else "warehouse"}"."{schema}".'

    return re.sub(rf'"{re.escape(database)}"\."(\w+)"\.', target, sql)


def hide_revisions(con: duckdb.DuckDBPyConnection) -> None:
    """No old and no new value where the figure is hidden now (where it was hidden before there is no row)."""
    con.execute(
        "update memory.marts.revision as r set old_value = null, new_value = null "
        "from memory.marts.indicator_value as v "
        f"where v.suppressed and {' and '.join(f'r.{column} = v.{column}' for column in FIGURE)}"
    )


def write_data(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], folder: Path, *, synthetic: bool
) -> None:
    """Write the tables as DuckDB database, Parquet files and CSV, every form in the same order of rows."""
    comments = _comments(con, synthetic=synthetic)
    _write_database(con, tables.values(), folder / DATABASE, comments)
    fault_points.reach("release.database")
    (folder / "parquet").mkdir()
    for table in tables.values():
        path = folder / "parquet" / f"{table.name}.parquet"
        con.execute(
            f"copy ({table.ordered()}) to {literal(path)} (format parquet, compression zstd, "
            f"row_group_size 122880, kv_metadata {{comment: {literal(comments[table.name, ''])}}})"
        )
        fault_points.reach("release.parquet")
    rows = con.execute(tables[CSV_TABLE].ordered()).fetchall()
    write_csv(folder / CSV, list(tables[CSV_TABLE].columns), rows)
    fault_points.reach("release.csv")


def _write_database(
    con: duckdb.DuckDBPyConnection,
    tables: Iterable[Table],
    path: Path,
    comments: Mapping[tuple[str, str], str],
) -> None:
    """A database born empty: a table that was dropped or changed would leave its rows in the file."""
    con.execute(f"attach {literal(path)} as release (storage_version {literal(STORAGE_VERSION)})")
    con.execute("begin")
    con.execute("create schema release.marts")
    for table in tables:
        relation = f'release.marts."{table.name}"'
        con.execute(f"create table {relation} as {table.ordered()}")
        con.execute(f"comment on table {relation} is {literal(comments[table.name, ''])}")
        for column in table.columns:
            comment = literal(comments[table.name, column])
            con.execute(f"comment on column {relation}.{quoted(column)} is {comment}")
    con.execute("commit")
    con.execute("checkpoint release")
    con.execute("detach release")


def _comments(con: duckdb.DuckDBPyConnection, *, synthetic: bool) -> dict[tuple[str, str], str]:
    """Comment of every mart and column of the warehouse, by table and column ('' = the table itself)."""
    rows = con.execute(
        "select table_name, '', ? || coalesce(comment, '') from duckdb_tables() "
        "where database_name = 'warehouse' and schema_name = 'marts' union all "
        "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where database_name = 'warehouse' and schema_name = 'marts'",
        [SYNTHETIC if synthetic else ""],
    ).fetchall()
    return {(table, column): comment for table, column, comment in rows}
