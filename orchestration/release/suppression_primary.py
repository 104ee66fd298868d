"""The primary rule: which figures and counts are hidden because they are small themselves.

Belongs here: what «small» means for each kind of cell. Does not belong here: hiding others to protect them.
"""

from __future__ import annotations

import numpy as np

from orchestration.release.suppression_cells import MEANS, SMALL_FILE_ROWS, Bools, Marts


def small_cells(marts: Marts, limit: int) -> Bools:
    """Per cell: must it be hidden for its own sake (Primary, in the specification).

    A figure or count with a number from 1 to ``limit`` - 1 (days waited are no count of patients), and a
    file with fewer than 100 accepted rows. Hidden numbers (NaN) say nothing.
    """
    counted = np.array(
        [
            marts.cells[index].table != "delivery"
            and not (name == "numerator" and marts.cells[index].key[0] in MEANS)
            for index, name in zip(marts.cell_of, marts.measure, strict=True)
        ],
        dtype=bool,
    )
    with np.errstate(invalid="ignore"):
        small = counted & (marts.value >= 1) & (marts.value <= limit - 1)
        small |= (np.array(marts.measure) == "rows") & (marts.value < SMALL_FILE_ROWS)
    cells = np.zeros(len(marts.cells), dtype=bool)
    cells[marts.cell_of[small]] = True
    return cells
