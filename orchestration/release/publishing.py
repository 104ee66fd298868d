"""The way of a release: copied, protected, written, audited, and then made visible in one step.

Belongs here: the order of the steps and what is left behind when one of them fails. Does not belong
here: how a step is done.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration import fault_points
from orchestration.contracts.model import Contract
from orchestration.reference import Reference
from orchestration.release import build, manifest, store
from orchestration.release.audit import AuditFailed, Candidate, audit
from orchestration.release.inputs import code_version, inputs_fingerprint, is_synthetic, newest_extract_date
from orchestration.release.store import ReleaseInfo
from orchestration.release.tables import Table, published_tables
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse import resource_errors

if TYPE_CHECKING:
    from orchestration.release.suppression import SuppressionSummary


SLOW = ("orchestration.release.suppression", "orchestration.report", "altair", "vl_convert")
"""What takes seconds to import, and is imported only by who publishes: the solver, the chart library."""


def import_ahead() -> None:
    """Import what publishing needs, for a thread beside work that waits for another process."""
    for name in SLOW:
        importlib.import_module(name)


@dataclass(frozen=True)
class RunInfo:
    """The run that publishes; ``started_at`` with time zone."""

    run_id: str
    started_at: dt.datetime
    code_version: str = field(default_factory=code_version)


@dataclass(frozen=True)
class Outcome:
    """What publishing came to.

    ``release_id`` and ``path`` are those of the release made, or of the current one when its content is the
    same (``published`` False); both None when nothing was ever accepted. ``suppression`` is for engineers
    only: how many numbers are hidden because they are small would tell something of the hidden ones.
    """

    release_id: str | None
    path: Path | None
    published: bool
    made_current: bool
    message: str
    suppression: SuppressionSummary | None


def publish(
    settings: Settings, run: RunInfo, reference: Reference, contracts: Mapping[str, Contract]
) -> Outcome:
    """Make a release of the built marts, and make it current unless its as-of date is an old one.

    The caller holds the warehouse, and nobody in this process has it open. Until the link is switched, by one
    atomic step, readers see the release before; content equal to the current release is not published again.

    Raises:
        AuditFailed: the candidate broke a promise; it lies in the workspace, for inspection (exit code 4).
        IntegrityError: the current release was changed (exit code 7).
        ResourceExhausted: disk full or not writable, or out of memory (exit code 6).
    """
    published = settings.published
    with resource_errors(settings.workspace, published), store.held(published):
        store.remove_leftovers(published)
        fault_points.reach("release.held")
        try:
            outcome = _publish(settings, run, reference, contracts)
        except Exception:
            with contextlib.suppress(OSError):
                store.remove_leftovers(published)
            raise
    store.prune(published, settings.keep_releases)
    fault_points.reach("release.pruned")
    return outcome


def _publish(
    settings: Settings, run: RunInfo, reference: Reference, contracts: Mapping[str, Contract]
) -> Outcome:
    """All steps, with the folder of releases held and free of leftovers."""
    from orchestration.release.suppression import suppress

    tables = published_tables()
    before = store.verify(settings.published) if store.current_id(settings.published) else None
    with contextlib.closing(build.open_marts(settings, tables.values())) as con:
        fault_points.reach("release.copied")
        con.execute("use warehouse")
        newest = newest_extract_date(con)
        inputs = inputs_fingerprint(settings, con, reference, contracts)
        con.execute("use memory")
        if newest is None:
            words = "No delivery has been accepted yet, so there is nothing to publish."
            return Outcome(None, None, False, False, words, None)
        shown = before.path / build.DATABASE if before else None
        summary = suppress(con, settings.suppression_limit, shown)
        fault_points.reach("release.suppressed")
        build.compute_again(con, settings)
        build.hide_revisions(con)
        content = manifest.content_hash(con, tables)
        fault_points.reach("release.hashed")
        if before and before.content_hash == content:
            words = f"Nothing new to publish: the content is that of the current release {before.release_id}."
            return Outcome(before.release_id, before.path, False, False, words, summary)
        previous = before.release_id if before else None
        facts = {
            "as_of": settings.as_of.isoformat() if settings.as_of else None,
            "run_id": run.run_id,
            "run_started_at": run.started_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "code_version": run.code_version,
            "reference_fingerprint": reference.fingerprint,
            "inputs": inputs,
            "content_hash": content,
            "previous": previous,
            "settings": {"suppression_limit": settings.suppression_limit},
            **_synthetic(settings),
            **_contents(con, tables, before),
        }
        path = store.made_before(settings.published, content, inputs, previous)
        path = path or _write(settings, con, tables, facts, reference, shown)
    if settings.as_of and settings.as_of < newest and not settings.make_current:
        words = (
            f"Release {path.name} is as of {settings.as_of}, before the newest extract date {newest}: "
            "«current» stays as it was (--make-current switches it)."
        )
        return Outcome(path.name, path, True, False, words, summary)
    store.switch(settings.published, path.name)
    return Outcome(path.name, path, True, True, f"Published release {path.name}.", summary)


def _synthetic(settings: Settings) -> dict[str, Any]:
    """What the release says about its origin."""
    return {"synthetic": True, "data": "syntetiske data"} if is_synthetic(settings) else {"synthetic": False}


def _contents(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], before: ReleaseInfo | None
) -> dict[str, Any]:
    """Rows per table, figures changed, and the files of the deliveries that figures were computed from."""
    counts = {
        name: con.execute(f'select count(*) from memory.marts."{name}"').fetchall()[0][0] for name in tables
    }
    used = con.execute(
        "select distinct delivery_id, file_name, sha256 from memory.marts.delivery where status = 'accepted' "
        "and delivery_id in (select delivery_id from memory.marts.value_source) order by all"
    ).fetchall()
    return {
        "row_counts": counts,
        "figures_changed": counts["revision"] if before else None,
        "deliveries": [dict(zip(("delivery_id", "file_name", "sha256"), row, strict=True)) for row in used],
    }


def _write(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    facts: Mapping[str, Any],
    reference: Reference,
    shown: Path | None,
) -> Path:
    """Write, audit, seal and name the release; nobody can read the folder before its audit has passed."""
    created_at = dt.datetime.now(dt.UTC)
    release_id = store.new_id(settings.published, created_at, facts["content_hash"])
    folder = store.candidate(settings.published, release_id)
    folder.mkdir(mode=0o700)
    fault_points.reach("release.folder")
    build.write_data(con, tables, folder, synthetic=facts["synthetic"])
    _write_report(folder, facts, reference)
    fault_points.reach("release.report")
    private = (settings.landing, settings.workspace, settings.published, settings.reference, PROJECT)
    if faults := audit(Candidate(folder, tables, con, settings.suppression_limit, shown, private)):
        raise AuditFailed(faults, _set_aside(settings, folder, release_id, faults))
    fault_points.reach("release.audited")
    manifest.write(
        folder,
        {
            "release_id": release_id,
            "created_at": created_at.isoformat(timespec="seconds"),
            **facts,
            "files": manifest.files_of(folder),
        },
    )
    fault_points.reach("release.manifest")
    manifest.check(folder)
    return store.complete(settings.published, release_id)


def _write_report(folder: Path, facts: Mapping[str, Any], reference: Reference) -> None:
    """The report: the release's own database, what the manifest says of it, names from the reference data."""
    from orchestration import report

    report.build(folder / build.DATABASE, folder / "report", facts, reference.tables)


def _set_aside(settings: Settings, folder: Path, release_id: str, faults: list[str]) -> Path:
    """Move a candidate that is not known to be safe into the private workspace, in place of the last one."""
    home = settings.workspace / "rejected_candidate"
    if home.exists():
        store.remove_tree(home)
    home.mkdir(mode=0o700)
    (home / "audit.txt").write_text("\n".join(faults) + "\n", encoding="utf-8")
    return Path(shutil.move(folder, home / release_id))
