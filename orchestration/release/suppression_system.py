"""A sparse linear system over the numbers of a release, and how relations are put into it.

Belongs here: rows and bounds, sums and unions of cells. Does not belong here: which published numbers depend on
which (``suppression_relations.py``), and solving.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from orchestration.release.suppression_cells import MEANS, Bools, Cell, Floats, Marts, measures


@dataclass(frozen=True)
class System:
    """``low <= matrix @ numbers <= high`` and ``least <= numbers``; the numbers are those of ``Marts``."""

    matrix: sparse.csr_array
    low: Floats
    high: Floats
    least: Floats

    def agreeing_with(self, truth: Floats) -> System:
        """The system with relations that do not hold in the truth moved to what does.

        A key that occurs in two periods makes a sum differ from its parts; a reader is taken to know by how
        much. An inequality that does not hold is left out.
        """
        found = self.matrix @ truth
        exact = self.low == self.high
        wrong_low, wrong_high = found < self.low - 1e-6, found > self.high + 1e-6
        low = np.where(wrong_low | (exact & wrong_high), np.where(exact, found, -np.inf), self.low)
        high = np.where(wrong_high | (exact & wrong_low), np.where(exact, found, np.inf), self.high)
        return replace(self, low=low, high=high, least=np.minimum(self.least, truth))

    def beside(self, other: System, said: Bools) -> System:
        """This system and the rows of another; those that are not ``said`` (per row) bind nobody."""
        return System(
            sparse.vstack([self.matrix, other.matrix], format="csr"),
            np.concatenate([self.low, np.where(said, other.low, -np.inf)]),
            np.concatenate([self.high, np.where(said, other.high, np.inf)]),
            self.least,
        )


class Relations:
    """Collects relations; a term of a cell that has no row in the table counts as 0."""

    def __init__(self, marts: Marts) -> None:
        self.marts = marts
        self.row: list[int] = []
        self.col: list[int] = []
        self.coefficient: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: Iterable[tuple[Cell, str, float]], low: float = 0, high: float = 0) -> None:
        """``low <= sum of coefficient x number <= high``."""
        known = [(self.marts.column.get((cell, name)), factor) for cell, name, factor in terms]
        for column, factor in known:
            if column is not None:
                self.row.append(len(self.low))
                self.col.append(column)
                self.coefficient.append(factor)
        self.low.append(low)
        self.high.append(high)

    def is_sum(self, total: Cell, parts: Iterable[Cell]) -> None:
        """Every number of the total is the sum of its parts (``rest`` and two others tell the third)."""
        parts = list(parts)
        for name in measures(total):
            if name != "denominator" or total.key[0] in MEANS:
                self.add([(total, name, 1), *((part, name, -1) for part in parts)])

    def is_union(self, total: Cell, parts: Iterable[Cell], *, covered: bool = True) -> None:
        """Distinct patients of the total and of its parts; ``covered`` when the parts are all there are."""
        parts = list(parts)
        for name in measures(total):
            if covered:
                self.add([(total, name, 1), *((part, name, -1) for part in parts)], -np.inf, 0)
            if name != "rest":
                for part in parts:
                    self.add([(total, name, 1), (part, name, -1)], 0, np.inf)

    def system(self, least: Floats) -> System:
        """All that was collected, with the given lower bounds of the numbers."""
        shape = (len(self.low), len(self.marts.value))
        return System(
            sparse.csr_array((self.coefficient, (self.row, self.col)), shape=shape),
            np.array(self.low, dtype=np.float64),
            np.array(self.high, dtype=np.float64),
            least,
        )
