"""What dbt is asked to do: its arguments, its environment, its manifest and what it left behind.

Belongs here: pure functions that build arguments, and keeping manifest and warehouse in step with the dbt
project. Does not belong here: the process itself (``dbt_runner.py``), assets and checks (``defs/``).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dbt_runner import DbtRunner
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.warehouse import private_folder

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
"""What Dagster reads; made by dbt when it is missing or older than the project."""
PARTIAL_PARSE = "partial_parse.msgpack"
TARGET_TAG = "target"
"""Tag of the tests that compare a figure with its target; they run after the release."""
SOURCES = ("models", "macros", "tests", "dbt_project.yml", "profiles.yml")
WAREHOUSE_NAME = "vedlegg2.duckdb"
"""Name of the warehouse file unless a run says otherwise: the parsed project is reused for that name."""

Manifest = Mapping[str, Any]


def target_path(settings: Settings) -> Path:
    """Where dbt keeps what it parsed and compiled for this warehouse."""
    return settings.workspace / "dbt" / "target"


def common_arguments(target: Path) -> list[str]:
    """Arguments of every dbt command: which project, and no log that could hold a value."""
    return [
        *("--project-dir", str(DBT_PROJECT)),
        *("--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(target)),
        *("--log-path", str(target.parent / "log")),
        *("--log-level", "none"),
        *("--log-level-file", "none"),
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
    ]


def variables(settings: Settings) -> list[str]:
    """The as-of date, when a run has one: the project's own default looks at every delivery."""
    return [] if settings.as_of is None else ["--vars", json.dumps({"as_of": settings.as_of.isoformat()})]


def parse_arguments(settings: Settings) -> list[str]:
    """``dbt parse`` for a run."""
    return ["parse", *common_arguments(target_path(settings)), "--no-write-json", *variables(settings)]


def build_arguments(settings: Settings) -> list[str]:
    """``dbt build`` of a run: all but unit tests (proof, not production) and targets (after the release)."""
    return [
        "build",
        *common_arguments(target_path(settings)),
        "--no-write-json",
        *("--threads", "2"),
        *("--exclude", f"tag:{TARGET_TAG}"),
        *("--exclude-resource-type", "unit_test"),
        *variables(settings),
    ]


def target_test_arguments(settings: Settings) -> list[str]:
    """``dbt test`` of the targets alone."""
    return [
        "test",
        *common_arguments(target_path(settings)),
        "--no-write-json",
        *("--threads", "2"),
        *("--select", f"tag:{TARGET_TAG}"),
        *variables(settings),
    ]


def environment(settings: Settings, seed_path: str) -> dict[str, str]:
    """What the dbt project reads from its environment.

    Args:
        settings: of the run; the warehouse is named relative to its folder, where dbt works, so that what dbt
            parsed serves every workspace.
        seed_path: from :func:`orchestration.reference.materialise`.
    """
    return {
        "VEDLEGG2_WAREHOUSE": settings.warehouse.name,
        "VEDLEGG2_SPILL": "spill",
        "VEDLEGG2_SEED_PATH": seed_path,
        "VEDLEGG2_TARGET_SEVERITY": "error" if settings.enforce_targets else "warn",
        "DO_NOT_TRACK": "1",
    }


def start(settings: Settings, seed_path: str) -> DbtRunner:
    """Start dbt for a run; it parses while the run goes on."""
    target = target_path(settings)
    private_folder(target.parent)
    target.mkdir(exist_ok=True)
    ready_made = MANIFEST.parent / PARTIAL_PARSE
    if ready_made.exists() and not (target / PARTIAL_PARSE).exists():
        shutil.copy(ready_made, target / PARTIAL_PARSE)
    return DbtRunner(parse_arguments(settings), environment(settings, seed_path), settings.workspace)


def load_manifest() -> Manifest:
    """The manifest of the dbt project as it is now.

    Raises:
        RuntimeError: the project cannot be parsed.
    """
    if not MANIFEST.exists() or MANIFEST.stat().st_mtime < max(_changed()):
        _parse_anew()
    manifest: Manifest = json.loads(MANIFEST.read_bytes())
    return manifest


def _changed() -> Iterator[float]:
    """When each file and folder of the dbt project was changed."""
    for name in SOURCES:
        path = DBT_PROJECT / name
        yield from (one.stat().st_mtime for one in (path, *path.rglob("*")))


def _parse_anew() -> None:
    """Let dbt parse in a folder of its own, then put the results in place, where other runs may use them."""
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MANIFEST.parent) as draft:
        folder = Path(draft)
        settings = Settings(warehouse=folder / WAREHOUSE_NAME)
        dbt = DbtRunner(["parse", *common_arguments(folder)], environment(settings, "../seeds"), folder)
        try:
            if not dbt.parse():
                raise RuntimeError(f"The dbt project cannot be parsed: {dbt.failures[0].text}")
        finally:
            dbt.close()
        for name in (PARTIAL_PARSE, MANIFEST.name):
            (folder / name).replace(MANIFEST.parent / name)


def drop_unknown_relations(con: duckdb.DuckDBPyConnection, manifest: Manifest) -> list[str]:
    """Drop tables and views that a deleted or renamed model left in the schemas of the dbt project.

    Returns:
        What was dropped, as ``schema.name``.
    """
    known: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] in ("model", "seed"):
            known.setdefault(node["schema"], set()).add(node["alias"])
    relations = con.execute(
        "select table_schema, table_name, table_type from information_schema.tables "
        "where table_catalog = current_database()"
    ).fetchall()
    dropped = []
    for schema, name, kind in relations:
        if schema in known and name not in known[schema]:
            quoted = name.replace('"', '""')
            con.execute(f'drop {"view" if kind == "VIEW" else "table"} "{schema}"."{quoted}"')
            dropped.append(f"{schema}.{name}")
    return dropped
