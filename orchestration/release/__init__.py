"""Publishing: small numbers hidden, files written and audited, one link switched; and the kept releases.

Other packages use the names below. Does not belong here: how a figure is computed (``dbt_project/``).
"""

import contextlib
import importlib
import threading
from collections.abc import Iterator

from orchestration.release.audit import AuditFailed
from orchestration.release.inputs import code_version, current_inputs, inputs_fingerprint
from orchestration.release.manifest import IntegrityError
from orchestration.release.publishing import Outcome, RunInfo, publish
from orchestration.release.remember import remember_published
from orchestration.release.store import ReleaseInfo, current, prune, releases, rollback, verify

__all__ = [
    "AuditFailed",
    "IntegrityError",
    "Outcome",
    "ReleaseInfo",
    "RunInfo",
    "code_version",
    "current",
    "current_inputs",
    "imported_meanwhile",
    "inputs_fingerprint",
    "prune",
    "publish",
    "releases",
    "remember_published",
    "rollback",
    "verify",
]

SLOW = ("orchestration.release.suppression", "orchestration.report", "altair", "vl_convert")
"""What publishing imports, and takes seconds to: the solver, the chart library."""


@contextlib.contextmanager
def imported_meanwhile() -> Iterator[None]:
    """Import what publishing needs while other work waits for another process."""
    importing = threading.Thread(target=lambda: [importlib.import_module(name) for name in SLOW])
    importing.start()
    yield
    importing.join()
