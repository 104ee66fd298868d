"""The current release as the terminal reads it: a read-only database and what is said about it.

Belongs here: opening it, and the sentence when something asked for does not exist. Does not belong here:
tables for the eye.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.engine import open_locked
from orchestration.reference import load_reference
from orchestration.release import store
from orchestration.release.store import ReleaseInfo
from orchestration.settings import Settings, UsageError

DATABASE = "indicators.duckdb"


@contextlib.contextmanager
def opened(published: Path) -> Iterator[tuple[ReleaseInfo, duckdb.DuckDBPyConnection]]:
    """The current release and its database.

    Raises:
        UsageError: there is none.
        IntegrityError: it was changed.
    """
    release = store.current(published)
    if release is None:
        raise UsageError(f"{published} holds no release yet; make one with «vedlegg2 run».")
    with contextlib.closing(open_locked(release.path / DATABASE)) as con:
        con.execute("set schema = 'marts'")
        yield release, con


def require(given: object, known: Collection[object], what: str) -> None:
    """Refuse what does not exist; names stand behind what is known when they are given.

    Raises:
        UsageError: the sentence lists what does.
    """
    if given not in known:
        named = known if isinstance(known, Mapping) else dict.fromkeys(known)
        there = ", ".join(f"{one} ({name})" if name else str(one) for one, name in named.items()) or "none"
        raise UsageError(f"There is no {what} «{given}» in the release; there are: {there}.")


def org_names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Organisation number -> name, regions first."""
    rows = con.execute("select org_id, name from organisation order by org_level, name").fetchall()
    return dict(rows)


def series_names(settings: Settings) -> dict[tuple[str, str], str]:
    """(indicator, series) -> Norwegian name, from the reference data."""
    rows = load_reference(settings).tables["series"]
    return {(row["indicator_id"], row["series"]): row["name_no"] for row in rows}


def regions_with_targets(con: duckdb.DuckDBPyConnection, year: int | None = None) -> list[str]:
    """Regions that were sent a letter for the year, or for any."""
    sql = "select distinct region_id from target where $year is null or year = $year order by region_id"
    return [row[0] for row in con.execute(sql, {"year": year}).fetchall()]


def rows(con: duckdb.DuckDBPyConnection, sql: str, given: Mapping[str, object]) -> list[dict[str, Any]]:
    """Rows of a query by column name; parameters that it does not name are left out."""
    cursor = con.execute(sql, {name: value for name, value in given.items() if f"${name}" in sql})
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
