"""The verdict on files: rules over several rows, what was found per file, and whether a file is rejected.

Belongs here: everything between judged rows and "this file has these faults". Does not belong here: what a
verdict does to a delivery (``resolve.py``), rules over one row.

A candidate is the content that a delivery would have: a set of files that are read together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from orchestration.contracts.model import Contract
from orchestration.landing.model import DeliveryKey, Fault
from orchestration.landing.prepared import Prepared
from orchestration.landing.rules import quoted
from orchestration.landing.stage import PREFIX, ROWS, Stage
from orchestration.landing.tables import Name

FILES, MEMBERS, CLASHES = f"{PREFIX}file", f"{PREFIX}member", f"{PREFIX}clash"
"""Temporary tables: the files read; which candidate each is part of; rows out by their key, per candidate."""
SEVERAL = f"{PREFIX}several"
"""Temporary table: hashes of keys that occur more than once."""
FAULTS, HITS = f"{PREFIX}fault", f"{PREFIX}hit"
"""Temporary tables: faults of rows, one each; identity numbers by line and field."""
LINES, ACCEPTED = f"{PREFIX}line", f"{PREFIX}accepted"
"""Temporary views: every row with its line; the accepted rows of every candidate."""

REASONS = (
    *("too_large", "unreadable", "encoding", "nul", "missing_column", "duplicate_column", "no_rows"),
    *("identity_number", "too_many_rejected"),
)
"""Rules that reject a file, the one that says most first."""


@dataclass
class FileVerdict:
    """What became of the rows of one file within one candidate; ``faults`` of rows and of the file."""

    read: int = 0
    rejected: int = 0
    duplicate: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """Rows that passed every rule and are no copy."""
        return self.read - self.rejected - self.duplicate

    @property
    def reason(self) -> str | None:
        """The rule that rejects the file; None when it is not rejected."""
        found = {fault.rule for fault in self.faults}
        return next((reason for reason in REASONS if reason in found), None)


@dataclass(frozen=True)
class Judged:
    """One candidate with its verdicts: number of each file, what it was, and what was found."""

    number: int
    key: DeliveryKey
    files: Mapping[Name, tuple[int, Prepared, FileVerdict]]


Verdicts = Mapping[tuple[int, int], FileVerdict]
"""By number of candidate and number of file."""


def judge_files(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    stage: Stage,
    candidates: Mapping[int, Sequence[tuple[int, Prepared]]],
) -> Verdicts:
    """Judge every file of every candidate; leaves ``CLASHES`` and ``ACCEPTED`` behind for the commit.

    Args:
        con: the connection that holds the staging table.
        contract: the extract's contract.
        stage: the rows.
        candidates: number of a candidate -> its files with their numbers (a number that is not in ``stage``
            is a file whose rows could not be read).
    """
    _write_members(con, contract, stage, candidates)
    _find_clashes(con, contract)
    verdicts = {
        (candidate, number): FileVerdict(faults=list(prepared.faults))
        for candidate, files in candidates.items()
        for number, prepared in files
    }
    _count_rows(con, verdicts)
    _list_faults(con)
    _count_faults(con, contract, verdicts)
    for verdict in verdicts.values():
        if verdict.rejected * 100 > contract.tolerance_percent * verdict.read:
            verdict.faults.append(Fault("too_many_rejected", None, verdict.rejected))
    return verdicts


def _write_members(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    stage: Stage,
    candidates: Mapping[int, Sequence[tuple[int, Prepared]]],
) -> None:
    """Tell DuckDB of the files that were read; one that lacks a column of the key is not compared by it."""
    members = [(c, number) for c, files in candidates.items() for number, _ in files if number in stage.files]
    numbers = sorted({number for _, number in members})
    files = [stage.files[number] for number in numbers]
    con.execute(
        f"create or replace temp table {FILES} as select unnest($numbers)::integer as file_no, "
        "unnest($names)::varchar as file_name, unnest($first)::bigint as first_row, "
        "unnest($keyed)::boolean as keyed",
        {
            "numbers": numbers,
            "names": [file.taken.file.name for file in files],
            "first": [stage.first_row.get(number) for number in numbers],
            "keyed": [file.families.keys() >= set(contract.key) for file in files],
        },
    )
    con.execute(
        f"create or replace temp table {MEMBERS} as "
        "select unnest($candidates)::integer as candidate, unnest($numbers)::integer as file_no",
        {"candidates": [c for c, _ in members], "numbers": [number for _, number in members]},
    )
    con.execute(
        f"create or replace temp view {LINES} as select r.*, r.rowid as place, f.file_name, f.keyed, "
        f"coalesce(r.line, r.rowid - f.first_row + 2) as line_no from {ROWS} r join {FILES} f using (file_no)"
    )


def _find_clashes(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Rows with a key that occurs more than once: copies of a row, or rows that contradict each other.

    Only rows that passed every other rule are compared, across the files of a candidate. Of equal rows the
    first by file name and line stays.
    """
    con.execute(
        f"create or replace temp table {CLASHES} "
        "(candidate integer, place bigint, file_no integer, copy boolean)"
    )
    if not contract.summed:
        _compare(con, contract)
    con.execute(
        f"create or replace temp view {ACCEPTED} as "
        "select m.candidate, l.* exclude (faults, identity, row_text, line) "
        f"from {LINES} l join {MEMBERS} m using (file_no) "
        f"anti join {CLASHES} c on c.candidate = m.candidate and c.place = l.place where l.faults is null"
    )


def _compare(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Fill ``CLASHES``; a hash finds the few keys that have to be looked at exactly."""
    key = ", ".join(quoted(name) for name in contract.key)
    content = ", ".join(quoted(column.name) for column in contract.columns)
    several = con.execute(
        f"create or replace temp table {SEVERAL} as select hash(candidate, {key}) as hashed "
        f"from {LINES} join {MEMBERS} using (file_no) where faults is null and keyed "
        "group by hashed having count(*) > 1"
    ).fetchall()
    if several == [(0,)]:
        return
    con.execute(f"""
        insert into {CLASHES}
        with suspects as (
            select m.candidate, l.* from {LINES} l join {MEMBERS} m using (file_no)
            where l.faults is null and l.keyed and hash(m.candidate, {key}) in (select hashed from {SEVERAL})
        ), compared as (
            select candidate, place, file_no,
                count(*) over same_key as alike,
                count(distinct row({content})) over same_key as contents,
                row_number() over (
                    partition by candidate, {key} order by file_name, line_no) as number
            from suspects window same_key as (partition by candidate, {key})
        )
        select candidate, place, file_no, contents = 1 from compared
        where alike > 1 and (contents > 1 or number > 1)""")


def _count_rows(con: duckdb.DuckDBPyConnection, verdicts: Verdicts) -> None:
    """Count the rows of every file."""
    counted = con.execute(
        f"select candidate, file_no, count(*), count(faults) "
        f"from {ROWS} join {MEMBERS} using (file_no) group by all"
    ).fetchall()
    for candidate, number, read, faulty in counted:
        verdict = verdicts[candidate, number]
        verdict.read, verdict.rejected = read, faulty
    clashes = con.execute(
        "select candidate, file_no, count(*) filter (copy), count(*) filter (not copy) "
        f"from {CLASHES} group by all"
    ).fetchall()
    for candidate, number, copies, clashing in clashes:
        verdict = verdicts[candidate, number]
        verdict.duplicate = copies
        verdict.rejected += clashing


def _list_faults(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``FAULTS`` and ``HITS``: what is wrong with rows, one fault each, and where identity numbers are.

    They are tables of their own: DuckDB 2.0.0 fails an assertion when lists are unnested and joined at once.
    """
    con.execute(
        f"create or replace temp table {FAULTS} as "
        f"select file_no, line_no, row_text, unnest(faults) as fault from {LINES} where faults is not null"
    )
    con.execute(
        f"create or replace temp table {HITS} as select file_no, line_no, unnest(identity) as field "
        f"from {LINES} where identity is not null"
    )


def _count_faults(con: duckdb.DuckDBPyConnection, contract: Contract, verdicts: Verdicts) -> None:
    """Faults of rows by field and rule, with the first line; identity numbers by field."""
    found = con.execute(f"""
        select candidate, file_no, fault.field, fault.rule, count(*), min(line_no)
        from {FAULTS} join {MEMBERS} using (file_no) group by all
        union all
        select candidate, file_no, field, 'identity_number', count(*), min(line_no)
        from {HITS} join {MEMBERS} using (file_no) group by all
        union all
        select candidate, c.file_no, '{", ".join(contract.key)}', 'key_clash', count(*), min(line_no)
        from {CLASHES} c join {LINES} l using (place) where not copy group by all
        order by all""").fetchall()
    for candidate, number, name, rule, times, line in found:
        verdicts[candidate, number].faults.append(Fault(rule, name, times, line))
