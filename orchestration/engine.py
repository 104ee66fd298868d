"""How DuckDB is opened: without extensions, and with no way out of the database for what is read in it.

Belongs here: settings that every connection shares, and locking them. Does not belong here: which database is
opened (``warehouse.py``, ``release/``, ``report/``) and what is asked of it.
"""

from __future__ import annotations

import glob
from collections.abc import Mapping
from pathlib import Path

import duckdb

CLOSED: Mapping[str, str] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
}
"""No code from elsewhere, and no secret kept in the home folder."""


def lock(con: duckdb.DuckDBPyConnection, *folders: Path) -> None:
    """Let the database reach no file but its own and those in the folders, and let nobody change that.

    Times are in Europe/Oslo. The settings are the process's for this database: a further connection to it
    finds them locked already.
    """
    if con.execute("select current_setting('lock_configuration')").fetchall() == [(True,)]:
        return
    # a pattern is compared as it is written, so that a folder named x[1] is allowed in both spellings
    spellings = [spelling for folder in folders for spelling in (str(folder), glob.escape(str(folder)))]
    allowed = ", ".join(literal(spelling) for spelling in spellings)
    con.execute("set global TimeZone = 'Europe/Oslo'")
    con.execute(f"set allowed_directories = [{allowed}]")
    con.execute("set enable_external_access = false")
    con.execute("set python_enable_replacements = false")  # no variable of ours is read by its name
    con.execute("set lock_configuration = true")


def open_locked(database: Path) -> duckdb.DuckDBPyConnection:
    """A database of a release, to read from and nothing else."""
    con = duckdb.connect(database, read_only=True, config=dict(CLOSED))
    lock(con)
    return con


def literal(text: object) -> str:
    """A text as SQL, for statements that take no parameters (SET, ATTACH, COPY, COMMENT)."""
    return "'" + str(text).replace("'", "''") + "'"
