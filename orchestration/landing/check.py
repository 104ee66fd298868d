"""The sender's check: the whole door of landing, for files that have not been delivered yet.

Belongs here: running the steps of a load without a warehouse, and every fault with its line. Does not belong
here: the steps themselves (``loading.py``), and how faults are shown (``terminal/check.py``).
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb

from orchestration import warehouse
from orchestration.contracts.model import Contract
from orchestration.contracts.suite import GateResult
from orchestration.landing.discover import discover_delivery
from orchestration.landing.intake import Intake
from orchestration.landing.loading import judge_all, read_all, reasons_of
from orchestration.landing.model import DeliveryKey, UnrecognisedPath
from orchestration.landing.plan import plans
from orchestration.landing.stage import Stage
from orchestration.landing.tables import Name, prepare
from orchestration.landing.verdict import CLASHES, FAULTS, HITS, LINES, REASONS, Judged
from orchestration.reference import Reference
from orchestration.settings import Settings, UsageError

Level = Literal["file", "row", "warning"]
"""What a fault does: it rejects its file (and so the delivery), or its row, or nothing."""
Status = Literal["accepted", "held_back", "rejected", "copy"]
"""As in ``raw.delivery_file``; a ``copy`` has the same bytes as another file of the delivery."""


@dataclass(frozen=True)
class CheckedFault:
    """One fault: of a row on its line, or of a whole file (``line`` where one can be named).

    ``file`` is None when the fault is of the delivery. ``rule`` is a rule code, ``unknown_column`` or
    ``unknown_region`` (passed over, counted), or an expectation of the contract. Holds no value.
    """

    file: str | None
    line: int | None
    column: str | None
    rule: str
    level: Level
    count: int = 1


@dataclass(frozen=True)
class CheckedFile:
    """One file: what landing would say of it, and what would become of its rows."""

    name: str
    status: Status
    reason: str | None
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0


@dataclass(frozen=True)
class Report:
    """The answer to one check; ``faults`` by file, line and column, those of whole files first."""

    files: tuple[CheckedFile, ...]
    faults: tuple[CheckedFault, ...]

    @property
    def accepted(self) -> bool:
        """No file would be rejected (single rows may be)."""
        return all(file.status in ("accepted", "copy") for file in self.files)


def check(
    path: Path, key: DeliveryKey, contract: Contract, reference: Reference, settings: Settings
) -> Report:
    """Judge a file, or the files of a folder as one delivery, in a private folder that is removed afterwards.

    Nothing is known of earlier deliveries: what compares with them (trusts of other senders, last year's
    volume) is not looked at.

    Args:
        path: what is to be delivered.
        key: the delivery it is to be.
        contract: the contract of its dataset.
        reference: organisations and code lists.
        settings: size limits; the warehouse is not touched.

    Raises:
        UsageError: there is nothing to check.
        ResourceExhausted: disk full or memory limit.
    """
    found = discover_delivery(path, contract, key)
    if not found.deliveries and not found.unrecognised:
        raise UsageError(f"{path} holds no file to check; name a file, or a folder with the files.")
    files, faults = _unrecognised(found.unrecognised)
    with (
        warehouse.private_files(),
        warehouse.resource_errors(),
        tempfile.TemporaryDirectory(prefix="vedlegg2-", ignore_cleanup_errors=True) as home,
    ):
        space = replace(settings, warehouse=Path(home) / "check.duckdb")
        with (
            contextlib.closing(warehouse.connect(space)) as con,
            warehouse.spool_folder(space) as spool,
        ):
            prepare(con, {contract.dataset: contract})
            stage = Stage(con, contract, reference)
            made = plans(found, {}, contract.dataset, None, contract.fingerprint)
            arrivals = read_all(stage, Intake(contract, reference, space, spool), [made], None)
            judged, gate = judge_all(stage, arrivals)
            for number, one in judged.items():
                files += _files(one, gate[number])
                faults += [*_of_files(one), *_of_rows(con, contract, one), *_of_gate(gate[number], one)]
    told = {file.name for file in files}
    read = {one.file.name for plan in made for one in plan.landing}
    for name in sorted({file.name for one in found.deliveries.values() for file in one} - told):
        if name in read:
            files.append(CheckedFile(name, "copy", None))
        else:  # it has disappeared meanwhile
            files.append(CheckedFile(name, "rejected", "unreadable"))
            faults.append(CheckedFault(name, None, None, "unreadable", "file"))
    return Report(
        tuple(sorted(files, key=lambda file: file.name)),
        tuple(sorted(faults, key=lambda f: (f.file or "", f.line or 0, f.column or "", f.rule))),
    )


def _unrecognised(paths: Sequence[UnrecognisedPath]) -> tuple[list[CheckedFile], list[CheckedFault]]:
    """What is no file of an agreed format: reported, but it does not hold the others back."""
    rule = "unrecognised_path"
    return (
        [CheckedFile(one.path, "rejected", rule) for one in paths],
        [CheckedFault(one.path, None, None, rule, "file") for one in paths],
    )


def _files(judged: Judged, gate: Sequence[GateResult]) -> list[CheckedFile]:
    reasons: Mapping[Name, str] = reasons_of(judged, gate)
    otherwise: Status = "held_back" if reasons else "accepted"
    return [
        CheckedFile(
            name[0],
            "rejected" if name in reasons else otherwise,
            reasons.get(name),
            *(verdict.read, verdict.accepted, verdict.rejected, verdict.duplicate),
        )
        for name, (_, _, verdict) in judged.files.items()
    ]


def _of_files(judged: Judged) -> list[CheckedFault]:
    """Faults of whole files, and what was passed over in them."""
    faults = []
    for (name, _), (_, prepared, verdict) in judged.files.items():
        faults += [
            CheckedFault(name, fault.line, fault.field, fault.rule, "file", fault.count)
            for fault in verdict.faults
            if fault.rule in REASONS and fault.rule != "identity_number"
        ]
        for rule, times in (
            ("unknown_column", prepared.unknown_columns),
            ("unknown_region", prepared.unknown_regions),
        ):
            if times:
                faults.append(CheckedFault(name, None, None, rule, "warning", times))
    return faults


def _of_rows(con: duckdb.DuckDBPyConnection, contract: Contract, judged: Judged) -> list[CheckedFault]:
    """Every fault of every row, and every identity number by line and column."""
    names = {number: name for (name, _), (number, _, _) in judged.files.items()}
    found = con.execute(
        f"""
        select file_no, line_no, fault.field, fault.rule, 'row' from {FAULTS}
        union all
        select file_no, line_no, field, 'identity_number', 'file' from {HITS}
        union all
        select c.file_no, line_no, $key, 'key_clash', 'row'
        from {CLASHES} c join {LINES} l using (place) where not copy""",
        {"key": ", ".join(contract.key)},
    ).fetchall()
    return [
        CheckedFault(names[number], line, field, rule, level) for number, line, field, rule, level in found
    ]


def _of_gate(gate: Sequence[GateResult], judged: Judged) -> list[CheckedFault]:
    """Failed expectations; a critical one is named only where no rule rejects a file already."""
    ruled = any(verdict.reason for _, _, verdict in judged.files.values())
    return [
        CheckedFault(None, None, None, one.expectation, "file" if one.severity == "critical" else "warning")
        for one in gate
        if not one.success and not (ruled and one.severity == "critical")
    ]
