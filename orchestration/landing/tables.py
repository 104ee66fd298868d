"""The tables that landing owns in the warehouse, and what it remembers in them.

Belongs here: their definitions, and reading back what earlier loads left. Does not belong here: deciding, and
writing what was decided (``commit.py``).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb

from orchestration.contracts.model import Contract
from orchestration.landing.model import DeliveryKey
from orchestration.landing.rules import quoted

Status = Literal["accepted", "held_back", "rejected", "replaced"]
Name = tuple[str, str]
"""A file's name and SHA-256."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "raw.delivery_file": {
        **dict.fromkeys(("delivery_id", "dataset", "period"), "varchar"),
        "extract_date": "date",
        **dict.fromkeys(("sender", "file_name", "sha256"), "varchar"),
        **dict.fromkeys(("bytes", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate"), "bigint"),
        **dict.fromkeys(("status", "reason"), "varchar"),
        "loaded_at": "timestamp",
        "contract_version": "varchar",
    },
    "raw.rejection": {
        **dict.fromkeys(("delivery_id", "file_name", "sha256", "field", "rule"), "varchar"),
        **dict.fromkeys(("row_count", "first_line"), "bigint"),
    },
    "raw.delivery_org": {
        **dict.fromkeys(("delivery_id", "dataset", "period"), "varchar"),
        "extract_date": "date",
        **dict.fromkeys(("sender", "org_id"), "varchar"),
        "row_count": "bigint",
    },
    "raw.gate_result": {
        **dict.fromkeys(("delivery_id", "dataset", "expectation", "severity"), "varchar"),
        "success": "boolean",
    },
    "raw.delivery_check": dict.fromkeys(("delivery_id", "dataset", "content", "fingerprint"), "varchar"),
    "raw.landing_seen": dict.fromkeys(
        ("delivery_id", "dataset", "file_name", "signature", "sha256"), "varchar"
    ),
    "raw.unrecognised": {"path": "varchar", "sha256": "varchar"},
    "quarantine.rejected_row": {
        **dict.fromkeys(("dataset", "delivery_id", "file_name"), "varchar"),
        "line": "bigint",
        **dict.fromkeys(("field", "rule", "row_text"), "varchar"),
    },
}
"""Table -> column -> type. ``delivery_check`` holds what content of a delivery was judged by which rules,
``landing_seen`` which file on disk has which hash, ``unrecognised`` the paths of unrecognised files."""


@contextlib.contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    con.execute("begin transaction")
    try:
        yield
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # the engine has already given it up
            con.execute("rollback")
        raise
    con.execute("commit")


def prepare(con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> None:
    """Make every table of landing that is not there yet, also the empty ``raw.<dataset>`` of each contract.

    When a contract's columns have changed, its table gets them; values that do not fit a new type become NULL
    until the delivery is read again.
    """
    with transaction(con):
        _prepare(con, contracts)


def _prepare(con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> None:
    for schema in ("raw", "quarantine"):
        con.execute(f"create schema if not exists {schema}")
    for table, columns in TABLES.items():
        con.execute(f"create table if not exists {table} ({_body(columns)})")
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'raw' and database_name = current_database() order by column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    for dataset, contract in contracts.items():
        wanted = {"delivery_id": "VARCHAR", "file_name": "VARCHAR", "line": "BIGINT"}
        wanted |= {column.name: column.duckdb_type for column in contract.columns}
        old = found.get(dataset)
        if old is None:
            con.execute(f"create table raw.{dataset} ({_body(wanted)})")
        elif list(old.items()) != list(wanted.items()):
            values = ", ".join(
                f"try_cast({quoted(name) if name in old else 'null'} as {kind}) as {quoted(name)}"
                for name, kind in wanted.items()
            )
            con.execute(f"create or replace table raw.{dataset} as select {values} from raw.{dataset}")


def _body(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Append rows, given in the order of the table's columns."""
    columns = TABLES[table]
    lists = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=False))
    if lists:
        values = ", ".join(f"unnest(${name}::{kind}[])" for name, kind in columns.items())
        con.execute(f"insert into {table} select {values}", lists)


@dataclass
class KnownFile:
    """A row of ``raw.delivery_file`` beyond its key: what the warehouse says of one content of one file."""

    size: int
    read: int
    accepted: int
    rejected: int
    duplicate: int
    status: Status
    reason: str | None
    loaded_at: dt.datetime
    contract_version: str


@dataclass
class KnownDelivery:
    """What is remembered of one delivery; ``seen`` is signature on disk -> SHA-256, per file name."""

    key: DeliveryKey
    files: dict[Name, KnownFile] = field(default_factory=dict)
    content: str | None = None
    fingerprint: str | None = None
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    trusts: frozenset[str] = frozenset()

    @property
    def in_force(self) -> frozenset[Name]:
        """The accepted files."""
        return frozenset(name for name, file in self.files.items() if file.status == "accepted")


def known_deliveries(con: duckdb.DuckDBPyConnection, dataset: str) -> dict[DeliveryKey, KnownDelivery]:
    """Everything remembered of a dataset's deliveries."""
    known: dict[str, KnownDelivery] = {}
    for delivery_id, period, date, sender, name, sha256, *rest in con.execute(
        "select delivery_id, period, extract_date, sender, file_name, sha256, bytes, "
        "rows_read, rows_accepted, rows_rejected, rows_duplicate, status, reason, loaded_at, "
        "contract_version from raw.delivery_file where dataset = ?",
        [dataset],
    ).fetchall():
        key = DeliveryKey(dataset, period, date, sender)
        delivery = known.setdefault(delivery_id, KnownDelivery(key))
        delivery.files[name, sha256] = KnownFile(*rest)
    for delivery_id, content, fingerprint in _of(con, "delivery_check", "content, fingerprint", dataset):
        if delivery_id in known:
            known[delivery_id].content = content
            known[delivery_id].fingerprint = fingerprint
    for delivery_id, name, signature, sha256 in _of(
        con, "landing_seen", "file_name, signature, sha256", dataset
    ):
        if delivery_id in known:
            known[delivery_id].seen[name, signature] = sha256
    for delivery_id, trusts in con.execute(
        "select delivery_id, list(org_id) from raw.delivery_org where dataset = ? group by delivery_id",
        [dataset],
    ).fetchall():
        if delivery_id in known:
            known[delivery_id].trusts = frozenset(trusts)
    return {delivery.key: delivery for delivery in known.values()}


def _of(con: duckdb.DuckDBPyConnection, table: str, columns: str, dataset: str) -> list[tuple[Any, ...]]:
    return con.execute(
        f"select delivery_id, {columns} from raw.{table} where dataset = ?", [dataset]
    ).fetchall()
