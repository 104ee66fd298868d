"""Exit codes, and what may be said about an error: place and kind of a bug, never a value from a row.

Belongs here: telling a broken resource from a bug, the log of a bug, the codes of the specification. Does not
belong here: raising errors, and their sentences.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import traceback
from collections.abc import Iterator
from pathlib import Path

from orchestration.settings import UsageError
from orchestration.warehouse import ResourceExhausted, WarehouseBusy, private_folder, resource_errors

DONE, BUG, USAGE, REJECTED, AUDIT, BUSY, RESOURCES, INTEGRITY, TARGETS = 0, 1, 2, 3, 4, 5, 6, 7, 10
"""Exit codes of every command (Commands, in the specification)."""


class BugError(Exception):
    """An error nobody foresaw, told by kind and place; the text holds no value (exit code 1)."""


def known_errors() -> dict[type[Exception], int]:
    """Errors whose sentence is written for the user, and the exit code of each."""
    from orchestration.release.audit import AuditFailed
    from orchestration.release.manifest import IntegrityError

    return {
        UsageError: USAGE,
        AuditFailed: AUDIT,
        WarehouseBusy: BUSY,
        ResourceExhausted: RESOURCES,
        IntegrityError: INTEGRITY,
        BugError: BUG,
    }


@contextlib.contextmanager
def told_without_values(log_folder: Path) -> Iterator[None]:
    """Let errors out that were written for the user; of any other only its kind and place, and a log.

    What leaves here ends in Dagster's storage, in logs and on screens; an engine's own words may quote a row.
    """
    try:
        with resource_errors(log_folder.parent):
            yield
    except tuple(known_errors()):
        raise
    except Exception as error:
        try:
            way = f"the way to it is in {_write_log(log_folder, error)}"
        except OSError:  # a full disk, for instance
            way = f"the way to it could not be written to {log_folder}"
        raise BugError(f"Unexpected {type(error).__name__} in {_place(error)}; {way}.") from None


def _place(error: BaseException) -> str:
    """Where the error was raised, as module and line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"


def _write_log(folder: Path, error: BaseException) -> Path:
    """Write the kinds of the errors and the frames they went through; no message and no local variable."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__name__}")
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"  {frame.filename}, line {frame.lineno}, in {frame.name}" for frame in frames]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    for place in (folder.parent, folder):
        if not place.exists():
            private_folder(place)
    path = folder / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
