"""Publishing: small numbers hidden, files written and audited, one link switched; and the kept releases.

Other packages use the names below. Does not belong here: how a figure is computed (``dbt_project/``).
"""

from orchestration.release.audit import AuditFailed
from orchestration.release.inputs import code_version, current_inputs, inputs_fingerprint
from orchestration.release.manifest import IntegrityError
from orchestration.release.publishing import Outcome, RunInfo, import_ahead, publish
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
    "import_ahead",
    "inputs_fingerprint",
    "prune",
    "publish",
    "releases",
    "remember_published",
    "rollback",
    "verify",
]
