"""Every table of the release as CSV, and what its columns mean.

Belongs here: writing the files and the data dictionary, from the comments of the database. Does not belong
here: Parquet, which the release holds beside the report.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from orchestration.csv_text import write_csv
from orchestration.engine import open_locked

FOLDER = "data"


@dataclass(frozen=True)
class Download:
    """One table; ``columns`` are name, type and meaning, ``meaning`` is Norwegian and ``comment`` English."""

    name: str
    meaning: str
    comment: str
    rows: int
    bytes: int
    columns: tuple[tuple[str, str, str], ...]


def write(database: Path, folder: Path) -> list[Download]:
    """Write ``data/<table>.csv`` for every table and describe them all.

    Args:
        database: ``indicators.duckdb`` of the release; only read.
        folder: the report's folder.
    """
    target = folder / FOLDER
    target.mkdir(parents=True)
    found = []
    with closing(open_locked(database)) as con:
        con.execute("set schema = 'marts'")
        tables = con.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() order by 1"
        ).fetchall()
        for name, comment in tables:
            columns = con.execute(
                "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
                "where table_name = ? and schema_name = 'marts' order by column_index",
                [name],
            ).fetchall()
            rows = con.execute(f'select * from "{name}" order by all').fetchall()
            path = target / f"{name}.csv"
            write_csv(path, [column for column, _, _ in columns], rows)
            english, norwegian = _languages(comment)
            size = path.stat().st_size
            found.append(Download(name, norwegian, english, len(rows), size, tuple(columns)))
    return found


def _languages(comment: str) -> tuple[str, str]:
    """The English and the Norwegian paragraph of a comment."""
    parts = [part.strip() for part in comment.split("\n\n") if part.strip()]
    return (parts[0] if parts else "", parts[-1] if len(parts) > 1 else "")
