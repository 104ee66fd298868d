"""Parquet files of senders: their columns by name and type, and what they may unfold to.

Belongs here: what a Parquet file says about itself. Does not belong here: reading its rows (``stage.py``).
"""

from __future__ import annotations

import glob

import duckdb

from orchestration.contracts.model import Contract
from orchestration.landing.header import match
from orchestration.landing.model import Fault
from orchestration.landing.parse import family
from orchestration.landing.prepared import Prepared
from orchestration.landing.rules import quoted
from orchestration.settings import Settings
from orchestration.warehouse import ResourceExhausted, resource_errors

BYTES_PER_VALUE = 8
"""What a value takes at least once unfolded; a few bytes of Parquet may hold billions of equal ones."""


def look_into(
    con: duckdb.DuckDBPyConnection, prepared: Prepared, contract: Contract, settings: Settings
) -> None:
    """Match a Parquet file's columns with the contract, and check what each can hold.

    Adds faults: ``unreadable`` (also for a type that cannot hold its field, with that field), ``too_large``,
    and those of the header rules. Names are not quoted from the file but from the contract.
    """
    path = glob.escape(str(prepared.taken.copy))
    options = "hive_partitioning = false, union_by_name = false"
    try:
        with resource_errors():
            names = _top_names(
                con.execute(
                    "select name, coalesce(num_children, 0) from parquet_schema(?) order by column_id", [path]
                ).fetchall()
            )
            types = con.execute(f"describe select * from read_parquet(?, {options})", [path]).fetchall()
            count, expanded = con.execute(
                "select (select sum(num_rows) from parquet_file_metadata($path)), "
                "(select sum(total_uncompressed_size) from parquet_metadata($path))",
                {"path": path},
            ).fetchall()[0]
    except ResourceExhausted:
        raise
    except duckdb.Error:
        prepared.faults.append(Fault("unreadable"))
        return
    stored = prepared.taken.size
    unfolded = max(int(expanded or 0), int(count or 0) * len(names) * BYTES_PER_VALUE)
    if int(expanded or 0) > stored * settings.max_expansion or unfolded > settings.max_expanded_bytes:
        prepared.faults.append(Fault("too_large"))
        return
    header = match(names, contract, None)
    prepared.faults.extend(header.faults)
    prepared.unknown_columns = header.unknown
    families = {}
    for name, position in header.positions.items():
        found = family(types[position][1], contract.column(name).type)
        if found is None:
            prepared.faults.append(Fault("unreadable", name))
        else:
            families[name] = found
    if not count:
        prepared.faults.append(Fault("no_rows"))
    prepared.path = prepared.taken.copy or prepared.path
    prepared.columns = {name: quoted(types[header.positions[name]][0]) for name in families}
    prepared.families = families
    prepared.types = tuple(types[header.positions[name]][1] for name in families)
    prepared.source = "parquet" if count else None


def _top_names(schema: list[tuple[str, int]]) -> list[str]:
    """Names of the columns, without those nested in them; the schema is a tree written from the root down."""
    names = []
    inside = 0
    for name, children in schema[1:]:
        if inside == 0:
            names.append(name)
        inside += children - (inside > 0)
    return names
