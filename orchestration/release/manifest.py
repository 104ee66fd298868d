"""release.json: what a release is made of, and the proof that it is still that.

Belongs here: composing, sealing, reading and checking the manifest, hashes of files and of content. Does
not belong here: where releases lie (``store.py``) and what their tables must fulfil (``audit.py``).
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.release.tables import Table, quoted

NAME = "release.json"
OF_THE_RUN = frozenset({"loaded_at", "delivery_id"})
"""Times and ids: columns without a part in the content hash."""
AGAINST_BEFORE = "revision"
"""The table that is about the release before, and so has no part in the content hash either."""

ADVICE = "take back the release before with «vedlegg2 rollback» and find out who changed it."
"""What to do about a release that was changed."""


class IntegrityError(Exception):
    """A published release no longer matches its manifest (exit code 7)."""


def content_hash(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table]) -> str:
    """SHA-256 of the sorted rows of each table without times and ids (Types, in the specification).

    Made of the rows as JSON, sorted as text: the same for any physical order, engine version and as-of date.
    """
    digest = hashlib.sha256()
    for name, table in sorted(tables.items()):
        if name == AGAINST_BEFORE:
            continue
        columns = [column for column in table.columns if column not in OF_THE_RUN]
        rows = con.execute(f'select {", ".join(map(quoted, columns))} from memory.marts."{name}"').fetchall()
        lines = sorted(json.dumps(row, ensure_ascii=False, default=str) for row in rows)
        digest.update("\n".join([name, json.dumps(columns), *lines, ""]).encode())
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size in bytes of every file but the manifest, by its path in the release.

    Raises:
        IntegrityError: something in the folder is neither a file nor a folder.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        name = path.relative_to(folder).as_posix()
        if stat.S_ISREG(mode) and name != NAME:
            found[name] = {"sha256": sha256(path), "bytes": path.stat().st_size}
        elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise IntegrityError(f"{path} is no ordinary file; {ADVICE}")
    return found


def write(folder: Path, content: Mapping[str, Any]) -> None:
    """Seal the content (a SHA-256 over all the rest) and write it as ``release.json``."""
    (folder / NAME).write_text(_render(content), encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a release, its own seal checked, its files not.

    Raises:
        IntegrityError: missing, not readable or changed; the sentence names the file.
    """
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
        intact = text == _render({name: part for name, part in content.items() if name != "seal"})
    except (OSError, ValueError, AttributeError):
        intact = False
    if not intact:
        raise IntegrityError(f"{path} is missing or was changed; {ADVICE}")
    return content


def check(folder: Path) -> dict[str, Any]:
    """The manifest, after comparing every file with it.

    Raises:
        IntegrityError: a file is missing, was changed or does not belong there; the sentence names it.
    """
    content = read(folder)
    found, listed = files_of(folder), content["files"]
    for name in sorted({*found, *listed}):
        if found.get(name) != listed.get(name):
            what = "was changed" if name in found else "is missing"
            what = what if name in listed else "does not belong to the release"
            raise IntegrityError(f"{folder / name} {what}; {ADVICE}")
    return content


def _render(content: Mapping[str, Any]) -> str:
    """The manifest's text with its seal."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True)
    sealed = {**content, "seal": hashlib.sha256(plain.encode()).hexdigest()}
    return json.dumps(sealed, ensure_ascii=False, indent=2) + "\n"
