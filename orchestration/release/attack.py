"""The audit of the suppression: what a reader could work out about each hidden number.

Belongs here: the attack on a release as it was published, by integer linear programs over everything shown.
Does not belong here: choosing what to hide (``suppression_choice.py``); nothing of that choice is used.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
from scipy import sparse

from orchestration.release.suppression_before import shown_before
from orchestration.release.suppression_cells import Bools, Floats, Ints, read
from orchestration.release.suppression_primary import small_cells
from orchestration.release.suppression_relations import relations, verdict_relations, verdicts_told
from orchestration.release.suppression_solver import batches, best_whole_numbers, pieces, side_by_side
from orchestration.release.suppression_system import System


def audit_suppression(
    con: duckdb.DuckDBPyConnection,
    limit: int,
    before: Path | None = None,
    *,
    marts: str = "marts",
    truth: str | None = None,
) -> list[str]:
    """Attack the tables as they would be published.

    Args:
        con: a connection that sees the tables.
        limit: numbers from 1 to ``limit`` - 1 are small.
        before: ``indicators.duckdb`` of the current release, whose unchanged figures count as shown.
        marts: schema of the tables to publish.
        truth: schema of the unsuppressed tables; tells where a sum truly differs from its parts (a key in
            two periods). Without it, all relations are taken to hold.

    Returns:
        One sentence per number that is shown although it is small, or hidden and yet known; no values.
    """
    published = read(con, marts)
    told = verdicts_told(published, published.hidden())
    system = relations(published).beside(verdict_relations(published), told)
    if truth is not None:
        system = system.agreeing_with(read(con, truth).value)
    known_before = shown_before(before, published)
    hidden = np.isnan(published.value)
    value = np.where(hidden & ~np.isnan(known_before), known_before, published.value)
    faults = [
        f"A small number is shown: {cell.table} {' / '.join(cell.key)}."
        for cell, small, concealed in zip(
            published.cells, small_cells(published, limit), published.hidden(), strict=True
        )
        if small and not concealed
    ]
    known, small = exposed(system, value, limit)
    protected = published.to_protect()
    for words, numbers in ("can be worked out", known), ("is known to be small", small):
        faults += [
            f"A hidden number {words}: {published.label(number)}." for number in numbers if protected[number]
        ]
    return faults


def exposed(
    system: System, value: Floats, limit: int, *, patience: float = np.inf
) -> tuple[list[int], list[int]]:
    """Which of the unknown (NaN) numbers have a single possible value, and which only small ones.

    A piece of the system that contradicts itself counts as worked out. With ``patience``, numbers
    that are hard to look into count too, and all of more than so many in doubt: quicker, and never too few.
    """
    unknown = np.flatnonzero(np.isnan(value))
    rest = system.matrix @ np.nan_to_num(value)
    matrix = system.matrix[:, unknown]
    label = pieces(matrix)
    bound = np.zeros(len(unknown), dtype=bool)
    bound[sparse.coo_array(matrix).col] = True  # nothing that is shown depends on the others
    known: list[int] = []
    small: list[int] = []

    def look(columns: Ints) -> tuple[Floats, Floats] | None:
        part = sparse.csc_array(matrix)[:, columns]
        rows = np.unique(part.indices)
        return _possible(
            sparse.csr_array(part)[rows],
            system.low[rows] - rest[rows],
            system.high[rows] - rest[rows],
            system.least[unknown[columns]],
            limit,
            patience,
        )

    waiting = list(batches(label, np.unique(label[bound])))
    while waiting:
        looked_at, waiting = waiting, []
        for columns, possible in zip(looked_at, side_by_side(look, looked_at), strict=True):
            alone = np.unique(label[columns])
            if possible is None and len(alone) > 1:
                waiting += [np.flatnonzero(label == piece) for piece in alone]
                continue
            lowest, highest = possible or (np.zeros(len(columns)), np.zeros(len(columns)))
            single = lowest == highest
            known += unknown[columns[single]].tolist()
            small += unknown[columns[~single & _all_small(lowest, highest, limit)]].tolist()
    return sorted(known), sorted(small)


def _all_small(lowest: Floats, highest: Floats, limit: int) -> Bools:
    """Do all values between lie in the small range."""
    return (lowest >= 1) & (highest <= limit - 1)


def _possible(
    matrix: sparse.csr_array, low: Floats, high: Floats, least: Floats, limit: int, patience: float
) -> tuple[Floats, Floats] | None:
    """Two possible values of each number, as far apart as is needed to call it safe, else the extreme ones.

    None when no numbers agree with the relations.

    Numbers are first pushed up and down together, as many as possible with one solution; only those that
    stay in doubt are solved one by one.
    """
    count = matrix.shape[1]
    # Beside each number a copy that ends just above what matters, so that pushing it up has an end.
    tied = sparse.block_array(
        [[matrix, None], [sparse.eye_array(count), -sparse.eye_array(count)]], format="csr"
    )
    tied_low = np.concatenate([low, np.zeros(count)])
    tied_high = np.concatenate([high, np.full(count, np.inf)])
    tied_least = np.concatenate([least, np.full(count, -1.0)])

    def solve(push: Floats, top: Floats, fallback: Floats | None = None) -> Floats | None:
        """Numbers with the largest sum of ``push`` x (copy when up, number when down)."""
        objective = np.concatenate([np.where(push < 0, -push, 0.0), np.where(push > 0, -push, 0.0)])
        most = np.concatenate([np.full(count, np.inf), top])
        found = best_whole_numbers(objective, tied, tied_low, tied_high, tied_least, most, fallback=fallback)
        return None if found is None else found[:count]

    start = solve(np.zeros(count), np.zeros(count))
    if start is None:
        return None
    lowest, highest = start.copy(), start.copy()
    fallback = None if np.isinf(patience) else np.concatenate([start, np.zeros(count)])

    def take(found: Floats | None) -> bool:
        """Widen what is seen; True when that made a number safe."""
        if found is None:
            return False
        doubted = doubtful().sum()
        np.minimum(lowest, found, out=lowest)
        np.maximum(highest, found, out=highest)
        return bool(doubtful().sum() < doubted)

    def doubtful() -> Bools:
        return (lowest == highest) | _all_small(lowest, highest, limit)

    def top() -> Floats:
        return np.maximum(limit, highest + 1)

    progress = True
    while progress and doubtful().any():
        progress = take(solve(doubtful().astype(float), top(), fallback))
        if doubtful().any():
            progress |= take(solve(-doubtful().astype(float), top(), fallback))
    for number in np.flatnonzero(doubtful()) if doubtful().sum() <= patience else ():
        for direction in (1.0, -1.0):
            if doubtful()[number]:
                take(solve(direction * (np.arange(count) == number), top(), fallback))
    return lowest, highest
