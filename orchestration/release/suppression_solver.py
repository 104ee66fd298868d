"""Whole numbers that fulfil linear relations: the one place that calls the solver (HiGHS).

Belongs here: solving, and taking a system apart into pieces that do not depend on each other. Does not
belong here: what the numbers mean.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from orchestration.release.suppression_cells import Floats, Ints

TOLERANCE = 1e-6
EASY = {"mip_rel_gap": 0.3, "node_limit": 50}
"""When a good answer is as welcome as the best one."""


def best_whole_numbers(
    objective: Floats,
    matrix: sparse.csr_array,
    low: Floats,
    high: Floats,
    least: Floats,
    most: Floats,
    *,
    easy: bool = False,
) -> Floats | None:
    """The whole numbers with the smallest objective within the relations and bounds; None when there are none.

    Solved without the demand for whole numbers first, which most tables fulfil by themselves; with ``easy``
    None also where this one does not.
    """
    for whole in (0, 1):
        found = milp(
            objective,
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(least, most),
            integrality=np.full(len(objective), whole),
            options=EASY if whole and easy else None,
        )
        if found.x is None:
            return None
        rounded = np.round(found.x)
        sums = matrix @ rounded
        slack = TOLERANCE * (1 + abs(matrix) @ abs(rounded))
        if (
            (abs(found.x - rounded) <= 1e-5 * (1 + abs(rounded))).all()
            and (sums >= low - slack).all()
            and (sums <= high + slack).all()
        ):
            return np.clip(rounded, least, most)
    return None


def pieces(matrix: sparse.csr_array) -> Ints:
    """Per column the number of its connected piece: columns that share no row, even through others, differ."""
    rows, columns = matrix.shape
    entries = matrix.tocoo()
    graph = sparse.coo_array(
        (np.ones(entries.nnz), (entries.row, rows + entries.col)), shape=(rows + columns, rows + columns)
    )
    return connected_components(graph, directed=False)[1][rows:].astype(np.int64)
