"""The named steps of a run, where a test may end, stop or interrupt it; a run in production passes them by.

Belongs here: the names in the order of a run, and the function that each step calls. Does not belong here: what
must hold afterwards (``tests/crash``). With ``VEDLEGG2_FAULT=<name>`` the process kills itself the first time it
reaches that step, with ``<name>:<SIGNAL>`` it gets that signal instead; nothing else can be asked for.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "VEDLEGG2_FAULT"

POINTS = (
    "run.locked",  # the warehouse is held, spool and spill folders are empty
    "run.prepared",  # the tables of landing are there
    "run.discovered",
    "load.copying",  # in the middle of the first file
    "load.copied",
    "load.staged",  # rows are in a temporary table
    "load.judged",
    "load.keeping",  # a file is on disk and not yet in its place
    "load.kept",
    "load.writing",  # in the transaction
    "load.written",  # before the commit
    "load.committed",
    "build.remembered",  # what is published stands in the warehouse
    "build.reference",  # dbt has ended the first node of this schema, and so on
    "build.staging",
    "build.intermediate",
    "build.cells",
    "build.marts",
    "build.done",
    "release.held",  # the folder of releases is held and free of leftovers
    "release.copied",  # the marts are in memory
    "release.suppressed",
    "release.hashed",
    "release.folder",  # the candidate's folder is there
    "release.database",
    "release.parquet",  # the first of the Parquet files
    "release.csv",
    "release.report",
    "release.audited",
    "release.manifest",
    "release.syncing",  # the first of the files is read-only and on disk
    "release.synced",
    "release.named",
    "release.linked",  # the new link is there, under another name
    "release.switched",
    "release.removing",  # an old release has lost its name
    "release.pruned",
    "targets.done",
    "run.done",
)
"""Every name, in the order in which a run reaches them."""


def reach(point: str) -> None:
    """Say that a step has been reached."""
    name, _, wanted = os.environ.get(VARIABLE, "").partition(":")
    if name == point:
        del os.environ[VARIABLE]
        os.kill(os.getpid(), signal.Signals[f"SIG{wanted or 'KILL'}"])
