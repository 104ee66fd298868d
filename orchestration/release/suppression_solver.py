"""Whole numbers that fulfil linear relations: the one place that calls the solver (HiGHS).

Belongs here: solving, and taking a system apart into pieces that do not depend on each other and share the cores.
Does not belong here: what the numbers mean.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from orchestration.release.suppression_cells import Floats, Ints

Item = TypeVar("Item")
Result = TypeVar("Result")

TOLERANCE = 1e-6
EASY = {"mip_rel_gap": 0.3, "node_limit": 50}
NEAR = 2
"""When a good answer is as welcome as the best one: how good, and how far from the numbers that need not be whole."""
TOGETHER = 600
"""Numbers of small pieces in one program: calling it for each piece would cost more than solving it."""


def best_whole_numbers(
    objective: Floats,
    matrix: sparse.csr_array,
    low: Floats,
    high: Floats,
    least: Floats,
    most: Floats,
    *,
    fallback: Floats | None = None,
) -> Floats | None:
    """The whole numbers with the smallest objective within the relations and bounds; None when there are none.

    Solved without the demand for whole numbers first, which most tables fulfil by themselves; only pieces that
    do not are solved with it. With a ``fallback``, an answer that is no good but possible, such a piece is content
    with a good answer, or with its part of the fallback.
    """
    found = milp(objective, constraints=LinearConstraint(matrix, low, high), bounds=Bounds(least, most)).x
    if found is None:
        return None
    rounded = np.round(found)
    sums = matrix @ rounded
    slack = TOLERANCE * (1 + abs(matrix) @ abs(rounded))
    broken = abs(found - rounded) > 1e-5 * (1 + abs(rounded))
    broken[sparse.csr_array(matrix)[(sums < low - slack) | (sums > high + slack)].indices] = True
    if broken.any():
        label = pieces(matrix)
        for piece in np.unique(label[broken]):
            columns = np.flatnonzero(label == piece)
            part = sparse.csc_array(matrix)[:, columns]
            rows = np.unique(part.indices)
            constraints = LinearConstraint(sparse.csr_array(part)[rows], low[rows], high[rows])
            near, far = least[columns], most[columns]
            if fallback is not None:
                near = np.maximum(near, np.floor(found[columns]) - NEAR)
                far = np.minimum(far, np.ceil(found[columns]) + NEAR)
            bounds = Bounds(near, far)
            whole = milp(
                objective[columns],
                constraints=constraints,
                bounds=bounds,
                integrality=np.ones(len(columns)),
                options=None if fallback is None else EASY,
            ).x
            if whole is not None:
                rounded[columns] = np.round(whole)
            elif fallback is not None:
                rounded[columns] = fallback[columns]
            else:
                return None
    return np.clip(rounded, least, most)


def pieces(matrix: sparse.csr_array) -> Ints:
    """Per column the number of its connected piece: columns that share no row, even through others, differ."""
    rows, columns = matrix.shape
    entries = matrix.tocoo()
    graph = sparse.coo_array(
        (np.ones(entries.nnz), (entries.row, rows + entries.col)), shape=(rows + columns, rows + columns)
    )
    return connected_components(graph, directed=False)[1][rows:].astype(np.int64)


def batches(label: Ints, wanted: Ints) -> Iterator[Ints]:
    """The numbers of the wanted pieces (``label`` per number, -1 for none), small pieces together."""
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], wanted, side="left")
    ends = np.searchsorted(label[order], wanted, side="right")
    batch: list[Ints] = []
    for start, end in zip(starts, ends, strict=True):
        if batch and sum(map(len, batch)) + end - start > TOGETHER:
            yield np.sort(np.concatenate(batch))
            batch = []
        batch.append(order[start:end])
    if batch:
        yield np.sort(np.concatenate(batch))


def side_by_side(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The results in the order of the items; the solver lets other threads work, so pieces share the cores.

    ``work`` may change nothing that another item's work looks at.
    """
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, items))
