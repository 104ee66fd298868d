"""Everything ever accepted, byte for byte: a file that disappears from the landing folder stays in force.

Belongs here: where the copies are, and that they are safely on disk before anything says so. Does not belong
here: which files are accepted.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from orchestration import fault_points
from orchestration.landing.take import Taken
from orchestration.settings import Settings
from orchestration.warehouse import private_folder

KEPT = "kept"
"""Folder in the workspace: accepted files by SHA-256 (0700, files 0600)."""


def kept_path(settings: Settings, sha256: str) -> Path:
    """Where an accepted file is kept."""
    return settings.workspace / KEPT / sha256


def keep(settings: Settings, files: Iterable[Taken]) -> None:
    """Move the copies of files to where they are kept, and see that they are on disk when this returns."""
    folder = settings.workspace / KEPT
    private_folder(folder)
    for file in files:
        target = kept_path(settings, file.sha256)
        if file.copy is not None and not target.exists():
            with file.copy.open("rb") as copy:
                os.fchmod(copy.fileno(), 0o600)
                os.fsync(copy.fileno())
            fault_points.reach("load.keeping")
            file.copy.rename(target)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        fault_points.reach("load.kept")
    finally:
        os.close(descriptor)
