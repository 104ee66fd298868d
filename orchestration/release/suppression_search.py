"""The secondary rule: what else is hidden so that no hidden number can be worked out, and as little as can be.

Belongs here: the search. A sum with a single hidden part gives it away, so another part goes too, the one that costs
least for the sums it mends; what an attack still finds out is mended the same way. Does not belong here: the primary
rule, the relations, the audit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from orchestration.release.attack import exposed
from orchestration.release.suppression_cells import Bools, Floats, Ints, Marts
from orchestration.release.suppression_price import price
from orchestration.release.suppression_solver import pieces
from orchestration.release.suppression_system import System

ROUNDS = 1
"""How often what the attack finds is mended one cell at a time, before a whole piece goes."""
PATIENCE = 60
"""Numbers in doubt that are looked at one by one in each piece."""
NEW_SUM = 1.5
"""What it costs that a cell becomes the only hidden part of another sum."""


@dataclass(frozen=True)
class Search:
    """A search for what to hide.

    Args:
        marts: the unsuppressed cells.
        system: relations that hold in them.
        fixed: per cell, what must stay shown.
        limit: numbers from 1 to ``limit`` - 1 are small.
    """

    marts: Marts
    system: System
    fixed: Bools
    limit: int

    def protect(self, hidden: Bools, danger: Ints) -> Bools:
        """Per cell what is hidden when these numbers are safe too; what cannot be protected the audit will find.

        The choice depends on the numbers alone: ties are broken by the order of the sorted cells.
        """
        hidden = hidden.copy()
        whole = pieces(self.system.matrix)
        looked_at = np.isin(whole, np.unique(whole[danger]))
        for turn in range(ROUNDS + 1):
            found = self._exposed(hidden, np.flatnonzero(looked_at))
            if not len(found):
                break
            looked_at = np.isin(whole, np.unique(whole[found]))
            more = self._around(found, hidden) if turn < ROUNDS else np.unique(self.marts.cell_of[looked_at])
            more = more[self._may_go(hidden)[more]]
            if not len(more):
                break
            hidden[more] = True
            self._close_sums(hidden)
        return hidden

    def _may_go(self, hidden: Bools) -> Bools:
        """Per cell: shown, and neither fixed nor empty (hiding what is 0 throughout protects nothing)."""
        empty = np.ones(len(hidden), dtype=bool)
        empty[self.marts.cell_of[self.marts.value != 0]] = False
        return ~(hidden | self.fixed | empty)

    def _close_sums(self, hidden: Bools) -> None:
        """Hide on until no sum has a single hidden part, the cheapest cell for the sums it mends first."""
        of_cell = self._parts_of_sums()
        costs = self._costs()
        allowed = self._may_go(hidden)
        parts = of_cell @ hidden.astype(float)
        several = np.diff(of_cell.indptr) > 1
        by_cell = of_cell.T.tocsr()
        given_up = np.zeros(of_cell.shape[0], dtype=bool)
        while True:
            alone = (parts == 1) & several & ~given_up
            if not alone.any():
                return
            mended = by_cell @ alone.astype(float)
            opened = by_cell @ ((parts == 0) & several).astype(float)
            score = np.where(
                allowed & (mended > 0), (costs + NEW_SUM * opened) / np.maximum(mended, 1), np.inf
            )
            best = int(np.argmin(score))
            if not np.isfinite(score[best]):
                given_up |= alone
                continue
            hidden[best] = True
            allowed[best] = False
            parts = parts + of_cell[:, [best]].toarray()[:, 0]

    def _costs(self) -> Floats:
        marts = self.marts
        return np.array([price(cell, marts.region_of, marts.official).cost for cell in marts.cells])

    def _parts_of_sums(self) -> sparse.csr_array:
        """Which cells take part in which sums: one row per equality, 1 per cell in it."""
        exact = np.flatnonzero(self.system.low == self.system.high)
        entries = sparse.csr_array(self.system.matrix)[exact].tocoo()
        cells = self.marts.cell_of[entries.col]
        together = sparse.csr_array(
            (np.ones(len(cells)), (entries.row, cells)), shape=(len(exact), len(self.marts.cells))
        )
        together.data[:] = 1.0
        return together

    def _exposed(self, hidden: Bools, columns: Ints) -> Ints:
        """Hidden numbers among ``columns`` that the attack works out, or knows to be small."""
        value = np.where(hidden[self.marts.cell_of], np.nan, self.marts.value)
        part = sparse.csc_array(self.system.matrix)[:, columns]
        rows = np.unique(part.indices)
        system = System(
            sparse.csr_array(part)[rows],
            self.system.low[rows],
            self.system.high[rows],
            self.system.least[columns],
        )
        known, small = exposed(system, value[columns], self.limit, patience=PATIENCE)
        found = columns[np.array(sorted({*known, *small}), dtype=np.int64)]
        return found[self.marts.to_protect()[found]]

    def _around(self, numbers: Ints, hidden: Bools) -> Ints:
        """For each number the cheapest cell that stands in a relation with it and may still go."""
        columns = sparse.csc_array(self.system.matrix)
        rows = sparse.csr_array(self.system.matrix)
        allowed = self._may_go(hidden)
        chosen: set[int] = set()
        costs = self._costs()
        for number in numbers:
            beside = np.unique(self.marts.cell_of[rows[columns[:, [number]].indices].indices])
            if chosen.intersection(beside.tolist()):
                continue
            open_ = beside[allowed[beside]]
            if len(open_):
                chosen.add(int(min(open_, key=lambda cell: (costs[cell], cell))))
        return np.array(sorted(chosen), dtype=np.int64)
