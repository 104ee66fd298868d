"""What must hold for a release before anybody may see it, checked on the files as they were written.

Belongs here: one check per promise, each with its sentence. Does not belong here: making it hold
(``build.py``, ``suppression.py``) and the tests of how figures were computed (dbt).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import literal
from orchestration.release import build
from orchestration.release.tables import FIGURE, Table, quoted

HIDDEN = {
    "indicator_value": ("suppressed", ("numerator", "denominator", "value", "ci_low", "ci_high")),
    "indicator_status": ("reason = 'suppressed'", ("value", "gap", "detail", "long_term_status")),
}
"""Table -> which rows are hidden, and the columns that are empty in them (Hidden, in the specification)."""

HIDDEN_WITH_FIGURE = {
    "indicator_status": ("value", "gap", "detail"),
    "spc": ("value", "signal"),
    "revision": ("old_value", "new_value"),
}
"""Table -> columns that are empty where the figure of the same key is hidden."""

TOLD = 10
"""How many faults an error message names; all stand in ``audit.txt`` beside the candidate."""


class AuditFailed(Exception):  # noqa: N818
    """The candidate broke at least one promise and was kept aside (exit code 4); ``path`` tells where."""

    def __init__(self, faults: list[str], path: Path) -> None:
        self.faults = faults
        self.path = path
        more = f" {len(faults) - TOLD} more." if len(faults) > TOLD else ""
        super().__init__(
            f"Nothing was published: {' '.join(faults[:TOLD])}{more} The candidate is kept in {path}."
        )


@dataclass(frozen=True)
class Candidate:
    """A release that nobody sees yet.

    ``con`` has the engineers' database as ``warehouse``; ``limit`` and ``before`` (``indicators.duckdb`` of
    the current release) are those of the suppression; ``private`` are folders that a release may not name.
    """

    folder: Path
    tables: Mapping[str, Table]
    con: duckdb.DuckDBPyConnection
    limit: int
    before: Path | None
    private: tuple[Path, ...]

    @property
    def folders(self) -> list[str]:
        """The private folders as text; one directly under the root has too common a name to look for."""
        return [str(path) for path in self.private if len(path.parts) > 2]

    def ask(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.con.execute(sql, parameters).fetchall()


def audit(candidate: Candidate) -> list[str]:
    """Everything that is wrong with the candidate, one sentence each; empty when it may be published."""
    names = list(_no_paths_in_files(candidate))
    candidate.con.execute(f"attach {literal(candidate.folder / build.DATABASE)} as release (read_only)")
    try:
        shape = [*_tables(candidate), *_nothing_else(candidate)]
        return names + (shape or [fault for check in CHECKS for fault in check(candidate)])
    finally:
        candidate.con.execute("detach release")


def _tables(candidate: Candidate) -> Iterator[str]:
    """Every table is there, with exactly the columns and types of its contract, all with a comment."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind, comment in candidate.ask(
        "select table_name, column_name, data_type, comment from duckdb_columns() "
        "where database_name = 'release' order by table_name, column_index"
    ):
        found.setdefault(table, []).append((column, kind))
        if not comment:
            yield f"{table}.{column} has no comment."
    for name, table in candidate.tables.items():
        if found.get(name) != list(table.columns.items()):
            yield f"Columns or types of {name} are not those of its contract."
    for (name,) in candidate.ask(
        "select table_name from duckdb_tables() where database_name = 'release' "
        "and coalesce(comment, '') in ('', ?) order by 1",
        [build.SYNTHETIC],
    ):
        yield f"The table {name} has no comment."


def _nothing_else(candidate: Candidate) -> Iterator[str]:
    """The release holds the published tables and nothing else, in a form that old clients can open."""
    for (relation,) in candidate.ask(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'release' "
        "union all select schema_name || '.' || view_name from duckdb_views() "
        "where database_name = 'release' and not internal order by 1"
    ):
        if relation not in {f"marts.{name}" for name in candidate.tables}:
            yield f"{relation} does not belong in {build.DATABASE}."
    sql = "select tags['storage_version'] from duckdb_databases() where database_name = 'release'"
    ((version,),) = candidate.ask(sql)
    if not str(version).startswith(build.STORAGE_VERSION):
        yield f"{build.DATABASE} is written for {version}, not for {build.STORAGE_VERSION}."
    expected = {build.DATABASE, build.CSV, *(f"parquet/{name}.parquet" for name in candidate.tables)}
    written = {
        path.relative_to(candidate.folder).as_posix()
        for path in candidate.folder.rglob("*")
        if not path.is_dir() and path.relative_to(candidate.folder).parts[0] != "report"
    }
    if not (candidate.folder / "report" / "index.html").is_file():
        yield "The file report/index.html is missing."
    yield from (f"The file {name} does not belong in a release." for name in sorted(written - expected))
    yield from (f"The file {name} is missing." for name in sorted(expected - written))


def _grain(candidate: Candidate) -> Iterator[str]:
    """No two rows of a table have the same key (rows about unrecognised paths have none)."""
    for name, table in candidate.tables.items():
        if not table.key:
            continue
        key = ", ".join(map(quoted, table.key))
        named = "delivery_id is not null" if name in ("delivery", "rejection") else "true"
        sql = f"select 1 from {_released(name)} where {named} group by {key} having count(*) > 1"
        if doubled := candidate.ask(sql):
            yield f"{len(doubled)} keys of {name} occur more than once."


def _finite(candidate: Candidate) -> Iterator[str]:
    """No number is NaN or infinite."""
    for name, table in candidate.tables.items():
        for column in table.doubles:
            if candidate.ask(f"select 1 from {_released(name)} where not isfinite({quoted(column)}) limit 1"):
                yield f"{name}.{column} holds NaN or infinity."


def _hidden(candidate: Candidate) -> Iterator[str]:
    """Where a figure is hidden, nothing tells its size."""
    for name, (condition, columns) in HIDDEN.items():
        if left := candidate.ask(f"select 1 from {_released(name)} where {condition} and ({_any(columns)})"):
            yield f"{len(left)} hidden rows of {name} show a figure."
    figure = ", ".join(FIGURE)
    for name, columns in HIDDEN_WITH_FIGURE.items():
        if left := candidate.ask(
            f"select 1 from {_released(name)} where ({_any(columns)}) and ({figure}) in "
            f"(select ({figure}) from release.marts.indicator_value where suppressed)"
        ):
            yield f"{len(left)} rows of {name} show something of a hidden figure."


def _any(columns: Sequence[str]) -> str:
    """SQL condition: at least one of the columns is filled."""
    return " or ".join(f"{column} is not null" for column in columns)


def _complete(candidate: Candidate) -> Iterator[str]:
    """No row was lost on the way: as many as in the warehouse, the same ones in every form."""
    for name, table in candidate.tables.items():
        here = f"from {_released(name)}"
        there = f"from read_parquet({literal(candidate.folder / 'parquet' / f'{name}.parquet')})"
        ((rows, built, other),) = candidate.ask(
            f"select (select count(*) {here}), (select count(*) from warehouse.marts.{quoted(name)}), "
            f"(select count(*) from (({here} except all {there}) union all ({there} except all {here})))"
        )
        if rows != built:
            yield f"{name} has not as many rows as in the warehouse."
        if other:
            yield f"parquet/{name}.parquet has other rows than {build.DATABASE}."
        if name == build.CSV_TABLE:
            with (candidate.folder / build.CSV).open(encoding="utf-8-sig", newline="") as file:
                lengths = [len(row) for row in csv.reader(file, delimiter=";")]
            if lengths != [len(table.columns)] * (rows + 1):
                yield f"{build.CSV} has other rows than {name}."


def _no_paths(candidate: Candidate) -> Iterator[str]:
    """No cell names a folder of this machine."""
    for name, table in candidate.tables.items():
        columns = [column for column, kind in table.columns.items() if kind == "VARCHAR"]
        named = "list_bool_or([contains({}, folder) for folder in ?::varchar[]])"
        asked = ", ".join(f"coalesce(bool_or({named.format(quoted(column))}), false)" for column in columns)
        (found,) = candidate.ask(f"select {asked} from {_released(name)}", [candidate.folders] * len(columns))
        for column in (column for column, there in zip(columns, found, strict=True) if there):
            yield f"{name}.{column} names a folder of this machine."


def _released(name: str) -> str:
    """A table of the candidate, in SQL."""
    return f"release.marts.{quoted(name)}"


def _no_paths_in_files(candidate: Candidate) -> Iterator[str]:
    """No file names a folder of this machine; read while no file is attached."""
    names = [name.encode() for name in candidate.folders]
    for path in sorted(path for path in candidate.folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if any(name in content for name in names):
            yield f"{path.relative_to(candidate.folder)} names a folder of this machine."


def _safe(candidate: Candidate) -> Iterator[str]:
    """No hidden number can be worked out from everything that is shown (Secondary, in the specification)."""
    from orchestration.release.attack import audit_suppression  # its solver takes a second to import

    yield from audit_suppression(
        candidate.con, candidate.limit, candidate.before, marts="release.marts", truth="warehouse.marts"
    )


CHECKS: tuple[Callable[[Candidate], Iterator[str]], ...] = (
    _grain,
    _finite,
    _hidden,
    _complete,
    _no_paths,
    _safe,
)
"""What is checked when the tables have their shape; the first sentence of each tells the promise."""
