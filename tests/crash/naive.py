"""The control: a rebuild in place, as one would write it in an afternoon; the harness must find fault with it.

Belongs here: a program with the same folders and no care. Does not belong here: anything that the pipeline uses.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

RELEASE = "releases/20200101T000000Z-00000000"


def naive(_: Sequence[str]) -> None:
    """Load new files row by row, then write over what is published."""
    warehouse = Path(os.environ["VEDLEGG2_WAREHOUSE"])
    warehouse.parent.mkdir(exist_ok=True)
    con = duckdb.connect(warehouse)
    con.execute("create schema if not exists raw")
    con.execute("create table if not exists raw.epicrises (file varchar, stay varchar, late boolean)")
    con.execute("create table if not exists raw.delivery_file (file varchar)")
    for path in sorted(Path(os.environ["VEDLEGG2_LANDING"]).rglob("epikriser.csv")):
        if not con.execute("from raw.delivery_file where file = ?", [str(path)]).fetchall():
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter=";"):
                    late = row["epikrise_sendt_tid"] > row["utskrevet_tid"]
                    con.execute(
                        "insert into raw.epicrises values (?, ?, ?)", [str(path), row["opphold_id"], late]
                    )
            con.execute("insert into raw.delivery_file values (?)", [str(path)])
    figures = con.execute(
        "select file, late, count(*) from raw.epicrises group by all order by all"
    ).fetchall()
    _publish(Path(os.environ["VEDLEGG2_PUBLISHED"]), figures)


def _publish(published: Path, figures: list[tuple[str, bool, int]]) -> None:
    folder = published / RELEASE
    folder.mkdir(parents=True, exist_ok=True)
    if not (published / "current").is_symlink():
        (published / "current").symlink_to(RELEASE)
    with duckdb.connect(folder / "indicators.duckdb") as con:
        con.execute("create schema if not exists marts")
        con.execute(
            "create or replace table marts.indicator_value (file varchar, late boolean, number bigint)"
        )
        for figure in figures:
            con.execute("insert into marts.indicator_value values (?, ?, ?)", figure)
    with (folder / "indicators.csv").open("w", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(figures)
    files = {
        name: {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
        for name in ("indicators.duckdb", "indicators.csv")
    }
    content = hashlib.sha256(json.dumps(figures).encode()).hexdigest()
    (folder / "release.json").write_text(json.dumps({"content_hash": content, "files": files}))
