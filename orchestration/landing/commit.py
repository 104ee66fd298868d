"""Writing down what was decided: one transaction per load, after which all of it is so, or none of it.

Belongs here: rows into ``raw.<dataset>`` and ``quarantine``, the statuses, and what landing remembers. Does
not belong here: deciding, and the copies of accepted files (``keep.py``), which are on disk before this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from orchestration import fault_points
from orchestration.contracts.model import Contract
from orchestration.contracts.suite import GateResult
from orchestration.landing.model import DeliveryKey, Fault
from orchestration.landing.prepared import Prepared
from orchestration.landing.profile import trust_column
from orchestration.landing.resolve import SAME_TRUST_TWICE, Outcome
from orchestration.landing.rules import quoted
from orchestration.landing.stage import PREFIX
from orchestration.landing.tables import KnownFile, Name, insert
from orchestration.landing.verdict import ACCEPTED, CLASHES, FAULTS, FILES, LINES, FileVerdict, Judged

CHOSEN, TOLD = f"{PREFIX}chosen", f"{PREFIX}told"
"""Temporary tables: candidates that come into force; files whose rejected rows are written down."""


@dataclass(frozen=True)
class Remembered:
    """What a delivery's state was decided from.

    ``content`` is the digest of its files, ``fingerprint`` that of the rules; ``seen`` holds name, signature
    and SHA-256 of each file in the landing folder.
    """

    content: str
    fingerprint: str
    seen: Sequence[tuple[str, str, str]]


def write(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    outcomes: Sequence[Outcome],
    judged: Mapping[int, Judged],
    remembered: Mapping[DeliveryKey, Remembered],
    gate: Sequence[GateResult],
) -> None:
    """Write the outcome of every delivery; to be called within ``transaction``.

    Args:
        con: connection with the tables of the verdict.
        contract: the extract's contract.
        outcomes: deliveries that were judged or are touched by one that was.
        judged: candidates by number.
        remembered: what to remember of each delivery that still has content.
        gate: what the gate said of the judged deliveries.
    """
    reports = {
        outcome.key: {
            name: found
            for candidate in _in_order(outcome, judged)
            for name, found in judged[candidate].files.items()
        }
        for outcome in outcomes
    }
    _write_rows(con, contract, outcomes)
    fault_points.reach("load.writing")
    _write_files(con, contract, outcomes, reports)
    _write_rejections(con, outcomes, reports)
    _write_quarantine(con, contract, outcomes, judged, reports)
    _write_memory(con, contract, outcomes, remembered)
    con.execute(
        "delete from raw.gate_result where list_contains($ids, delivery_id)",
        {"ids": [one.delivery_id for one in gate] + [o.key.id for o in outcomes if not o.statuses]},
    )
    insert(
        con,
        "raw.gate_result",
        [(one.delivery_id, contract.dataset, one.expectation, one.severity, one.success) for one in gate],
    )
    fault_points.reach("load.written")


Reports = Mapping[DeliveryKey, Mapping[Name, tuple[int, Prepared, FileVerdict]]]


def _in_order(outcome: Outcome, judged: Mapping[int, Judged]) -> list[int]:
    """Candidates of a delivery; what is said of a file by the one in force holds."""
    chosen = outcome.chosen.number if outcome.chosen else None
    return sorted((n for n, one in judged.items() if one.key == outcome.key), key=lambda n: (n == chosen, -n))


def _write_rows(con: duckdb.DuckDBPyConnection, contract: Contract, outcomes: Sequence[Outcome]) -> None:
    """Rows of the content in force, where that is not what it was."""
    changed = [outcome for outcome in outcomes if outcome.chosen is None or outcome.chosen.number is not None]
    gone = [outcome.key.id for outcome in changed if outcome.known.in_force]
    for table in (contract.dataset, "delivery_org") if gone else ():
        con.execute(f"delete from raw.{table} where list_contains($ids, delivery_id)", {"ids": gone})
    chosen = [(o.chosen.number, o.key) for o in changed if o.chosen and o.chosen.number is not None]
    con.execute(
        f"create or replace temp table {CHOSEN} as select unnest($numbers)::integer as candidate, "
        "unnest($ids)::varchar as delivery_id, unnest($periods)::varchar as period, "
        "unnest($dates)::date as extract_date, unnest($senders)::varchar as sender",
        {
            "numbers": [number for number, _ in chosen],
            "ids": [key.id for _, key in chosen],
            "periods": [key.period for _, key in chosen],
            "dates": [key.extract_date for _, key in chosen],
            "senders": [key.sender for _, key in chosen],
        },
    )
    columns = ", ".join(quoted(column.name) for column in contract.columns)
    con.execute(
        f"insert into raw.{contract.dataset} select delivery_id, file_name, line_no, {columns} "
        f"from {ACCEPTED} join {CHOSEN} using (candidate)"
    )
    trust = quoted(trust_column(contract))
    con.execute(
        f"insert into raw.delivery_org select delivery_id, '{contract.dataset}', period, extract_date, "
        f"sender, {trust}, count(*) from {ACCEPTED} join {CHOSEN} using (candidate) group by all"
    )


def _write_files(
    con: duckdb.DuckDBPyConnection, contract: Contract, outcomes: Sequence[Outcome], reports: Reports
) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    rows = []
    for outcome in outcomes:
        key = outcome.key
        for name, (status, reason) in outcome.statuses.items():
            file = outcome.known.files.get(name)
            if name in reports[key]:
                _, prepared, verdict = reports[key][name]
                unchanged = file is not None and file.status == status == "accepted"
                file = KnownFile(
                    prepared.taken.size,
                    *(verdict.read, verdict.accepted, verdict.rejected, verdict.duplicate),
                    *(status, reason),
                    file.loaded_at if file is not None and unchanged else now,
                    contract.version,
                )
            if file is None:
                raise RuntimeError(f"{key.id}: a file has a status but was neither known nor judged")
            counts = (file.size, file.read, file.accepted, file.rejected, file.duplicate)
            place = (key.id, key.dataset, key.period, key.extract_date, key.sender)
            rows.append((*place, *name, *counts, status, reason, file.loaded_at, file.contract_version))
    _forget(con, "raw.delivery_file", outcomes)
    insert(con, "raw.delivery_file", rows)


def _write_rejections(con: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome], reports: Reports) -> None:
    """Faults of judged files; those of files that were not judged now are written as they were."""
    before: dict[tuple[str, Name], list[Fault]] = {}
    for delivery_id, file_name, sha256, *fault in con.execute(
        "select delivery_id, file_name, sha256, rule, field, row_count, first_line "
        "from raw.rejection where list_contains($ids, delivery_id)",
        {"ids": [outcome.key.id for outcome in outcomes]},
    ).fetchall():
        before.setdefault((delivery_id, (file_name, sha256)), []).append(Fault(*fault))
    rows: list[tuple[object, ...]] = []
    for outcome in outcomes:
        for name, (_, reason) in outcome.statuses.items():
            judged = reports[outcome.key].get(name)
            found = before.get((outcome.key.id, name), []) if judged is None else judged[2].faults
            faults = [fault for fault in found if fault.rule != SAME_TRUST_TWICE]
            if reason is not None and all(fault.rule != reason for fault in faults):
                faults = [*faults, Fault(reason)]
            rows += [(outcome.key.id, *name, f.field, f.rule, f.count, f.line) for f in faults]
    _forget(con, "raw.rejection", outcomes)
    insert(con, "raw.rejection", rows)


def _write_quarantine(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    outcomes: Sequence[Outcome],
    judged: Mapping[int, Judged],
    reports: Reports,
) -> None:
    """Rejected rows of judged files, in place of what was there under the same names; of names gone, none."""
    gone = [
        (outcome.key.id, name)
        for outcome in outcomes
        for name in {name for name, _ in outcome.known.files} | {name for name, _ in reports[outcome.key]}
        if name in {n for n, _ in reports[outcome.key]} or name not in {n for n, _ in outcome.statuses}
    ]
    con.execute(
        "delete from quarantine.rejected_row where list_contains($files, [delivery_id, file_name])",
        {"files": [list(one) for one in gone]},
    )
    told = [
        (number, outcome.key.id, judged_by)
        for outcome in outcomes
        for judged_by in _in_order(outcome, judged)
        for name, (number, _, _) in judged[judged_by].files.items()
        if name in outcome.statuses and judged[judged_by].files[name] is reports[outcome.key][name]
    ]
    con.execute(
        f"create or replace temp table {TOLD} as select unnest($numbers)::integer as file_no, "
        "unnest($ids)::varchar as delivery_id, unnest($candidates)::integer as candidate",
        {
            "numbers": [number for number, _, _ in told],
            "ids": [delivery_id for _, delivery_id, _ in told],
            "candidates": [candidate for _, _, candidate in told],
        },
    )
    texts = ", ".join(f"coalesce({quoted(column.name)}::varchar, '')" for column in contract.columns)
    con.execute(f"""
        insert into quarantine.rejected_row
        select '{contract.dataset}', delivery_id, file_name, line_no, fault.field, fault.rule, row_text
        from {FAULTS} join {TOLD} using (file_no) join {FILES} using (file_no)""")
    con.execute(f"""
        insert into quarantine.rejected_row
        select '{contract.dataset}', t.delivery_id, l.file_name, l.line_no,
            '{", ".join(contract.key)}', 'key_clash', concat_ws(';', {texts})
        from {CLASHES} c join {TOLD} t using (candidate, file_no) join {LINES} l using (place)
        where not c.copy""")


def _write_memory(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    outcomes: Sequence[Outcome],
    remembered: Mapping[DeliveryKey, Remembered],
) -> None:
    for table in ("raw.delivery_check", "raw.landing_seen"):
        _forget(con, table, outcomes)
    kept = [(outcome.key, remembered[outcome.key]) for outcome in outcomes if outcome.statuses]
    insert(
        con,
        "raw.delivery_check",
        [(key.id, contract.dataset, one.content, one.fingerprint) for key, one in kept],
    )
    insert(
        con,
        "raw.landing_seen",
        [(key.id, contract.dataset, *seen) for key, one in kept for seen in one.seen],
    )


def _forget(con: duckdb.DuckDBPyConnection, table: str, outcomes: Sequence[Outcome]) -> None:
    con.execute(
        f"delete from {table} where list_contains($ids, delivery_id)",
        {"ids": [outcome.key.id for outcome in outcomes]},
    )
