"""What lies in the landing folder and is no delivery: listed as rejected, so that a mistyped name is noticed.

Belongs here: writing the list down. Does not belong here: finding such paths (``discover.py``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import duckdb

from orchestration.landing.model import UnrecognisedPath
from orchestration.landing.tables import insert, transaction


def record_unrecognised(con: duckdb.DuckDBPyConnection, paths: Sequence[UnrecognisedPath]) -> None:
    """Write the unrecognised paths of the landing folder, in place of those of the load before.

    Their content is never read: ``sha256`` is that of the relative path, which tells two of a name apart.
    """
    rows = con.execute("select path from raw.unrecognised order by path").fetchall()
    if [path for (path,) in rows] == [one.path for one in paths]:
        return
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    hashed = [(one, hashlib.sha256(one.path.encode()).hexdigest()) for one in paths]
    with transaction(con):
        for table in ("raw.delivery_file", "raw.rejection"):
            con.execute(f"delete from {table} where delivery_id is null")
        con.execute("delete from raw.unrecognised")
        nowhere = (None, None, None, None, "")
        insert(
            con,
            "raw.delivery_file",
            [
                (*nowhere, one.name, sha256, one.size, 0, 0, 0, 0, "rejected", "unrecognised_path", now, None)
                for one, sha256 in hashed
            ],
        )
        insert(
            con,
            "raw.rejection",
            [(None, one.name, sha256, None, "unrecognised_path", 1, None) for one, sha256 in hashed],
        )
        insert(con, "raw.unrecognised", [(one.path, sha256) for one, sha256 in hashed])
