"""What the release before showed and hid of figures that are made of the same deliveries.

Belongs here: recognising unchanged cells. Does not belong here: what is done about them: they stay as they
were, and what was shown counts as shown.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from orchestration.engine import open_locked
from orchestration.release.suppression_cells import Bools, Floats, Marts, read


def shown_before(before: Path | None, marts: Marts) -> Floats:
    """Per number the value that the release before showed of an unchanged cell; NaN where it showed none."""
    return _carried(before, marts)[0]


def hidden_before(before: Path | None, marts: Marts) -> Bools:
    """Per cell: unchanged, and hidden in the release before."""
    return _carried(before, marts)[1]


def _carried(before: Path | None, marts: Marts) -> tuple[Floats, Bools]:
    """Values shown and cells hidden by the release before, of unchanged cells.

    Unchanged: the same deliveries with the same files, extract date and completeness, and, where both show
    it, the same number (a rule or a limit may have changed; then the old number says nothing of the new).
    """
    shown = np.full(len(marts.value), np.nan)
    hidden = np.zeros(len(marts.cells), dtype=bool)
    if before is None:
        return shown, hidden
    with open_locked(before) as con:
        old = read(con)
    old_hidden = old.hidden()
    position = {cell: index for index, cell in enumerate(old.cells)}
    same = np.zeros(len(marts.cells), dtype=bool)
    for index, cell in enumerate(marts.cells):
        place = position.get(cell)
        if place is not None and old.origin[cell] == marts.origin[cell]:
            same[index] = True
            hidden[index] = old_hidden[place]
    for (cell, name), column in marts.column.items():
        if same[marts.cell_of[column]]:
            shown[column] = old.value[old.column[cell, name]]
    differs = ~np.isnan(shown) & ~np.isnan(marts.value) & (shown != marts.value)
    changed = np.zeros(len(marts.cells), dtype=bool)
    changed[marts.cell_of[differs]] = True
    shown[changed[marts.cell_of]] = np.nan
    return shown, hidden
