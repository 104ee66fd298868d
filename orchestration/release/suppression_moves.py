"""Other sets of whole numbers that a reader would find just as possible as the true ones: moves away from the truth.

Belongs here: the linear programs that find them (Kelly's), for many numbers together or for one. Does not belong
here: what is hidden for it, and which numbers still need one.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from orchestration.release.suppression_cells import MEANS, Bools, Floats, Ints, Marts
from orchestration.release.suppression_solver import best_whole_numbers, pieces
from orchestration.release.suppression_system import System

REACH = 10
"""How far from the truth other possible numbers are looked for, in limits."""
LONG_WAIT = 400
"""The same for days waited, per referral."""
TINY = 1e-3
"""Cost of moving a number that is hidden anyway, when all are moved together."""
FREE, REWARD = 1e-5, 1e-3
"""Costs of moving a hidden number alone, and what moving others in danger with it brings."""


class Moves:
    """Finds moves: differences from the truth that agree with all relations.

    Args:
        marts: the unsuppressed cells.
        system: relations that hold in them.
        limit: numbers from 1 to ``limit`` - 1 are small.
    """

    def __init__(self, marts: Marts, system: System, limit: int) -> None:
        self.truth, self.limit, self.system = marts.value, limit, system
        self.columns = sparse.csc_array(system.matrix)
        self.rest = system.matrix @ self.truth
        self.small = (self.truth >= 1) & (self.truth <= limit - 1)
        mean = np.array([marts.cells[index].key[0] in MEANS for index in marts.cell_of], dtype=bool)
        measure = np.array(marts.measure)
        days = mean & (measure == "numerator")
        self.unit_cost = np.where(days, 1 / LONG_WAIT, np.where((measure == "denominator") & ~mean, 0.0, 1.0))
        self.reach = np.where(days, LONG_WAIT, 1.0) * REACH * limit
        self.solved = 0

    def pieces(self, free: Bools) -> Ints:
        """Per number the piece of the free ones that it belongs to; -1 when it is not free itself."""
        label = np.full(len(self.truth), -1, dtype=np.int64)
        label[free] = pieces(sparse.csr_array(self.columns[:, np.flatnonzero(free)]))
        return label

    def hold(self, moves: sparse.csc_array) -> Bools:
        """Per move (a column of differences from the truth): do all relations hold then."""
        change = sparse.csr_array(self.system.matrix @ moves).tocoo()
        slack = 1e-6 * (1 + abs(self.rest[change.row]))
        found = self.rest[change.row] + change.data
        broken = (found < self.system.low[change.row] - slack) | (
            found > self.system.high[change.row] + slack
        )
        holds = np.ones(moves.shape[1], dtype=bool)
        holds[change.col[broken]] = False
        return holds

    def together(self, columns: Ints, targets: Ints, cost: Floats, reward: float, turn: int) -> Floats | None:
        """The move that takes as many targets as it pays for out of danger, up or down by a mixed rule.

        ``cost`` is per column: 0 where a number may move freely.
        """
        matrix, rows = self._part(columns)
        mix = (targets * 2654435761 + turn // 2 * 40503 + 12345) % 1000003
        sign = np.where(mix % 2 == 0, 1.0, -1.0) * (1 if turn % 2 == 0 else -1)
        value, least = self.truth[targets], self.system.least[targets]
        small = self.small[targets]
        sign[(small & (least >= 1)) | (value <= least)] = 1.0
        need = np.where(small, np.where(sign > 0, self.limit - value, value), 1.0)
        weight = reward * (1 + (mix % 97) / 200) / need * need.clip(1)
        count, aims = len(columns), len(targets)
        at = np.searchsorted(columns, targets)
        down = np.minimum(self.truth[columns] - self.system.least[columns], self.reach[columns])
        pick = sparse.coo_array((sign, (np.arange(aims), at)), shape=(aims, count)).tocsr()
        both = sparse.block_array(
            [[matrix, -matrix, None], [-pick, pick, sparse.eye_array(aims)]], format="csr"
        )
        price = np.where(cost > 0, cost, TINY) * self.unit_cost[columns] + TINY
        found = self._solve(
            np.concatenate([price, price, -weight]),
            both,
            np.concatenate([self.system.low[rows] - self.rest[rows], np.full(aims, -np.inf)]),
            np.concatenate([self.system.high[rows] - self.rest[rows], np.zeros(aims)]),
            np.concatenate([np.zeros(2 * count), np.full(aims, -np.inf)]),
            np.concatenate([self.reach[columns], down, need]),
            fallback=np.zeros(2 * count + aims),
        )
        return None if found is None else self._everywhere(columns, found)

    def cheapest(self, number: int, way: float, columns: Ints, cost: Floats, wanted: Bools) -> Floats | None:
        """The cheapest move that takes one number its way; ``wanted`` columns are glad to move with it."""
        matrix, rows = self._part(columns)
        unit = self.unit_cost[columns]
        price = (cost + FREE) * unit + FREE**2
        up = np.where(wanted, -REWARD * unit, price)
        down = np.where(wanted, price + 2 * REWARD * unit, price)
        most_up = self.reach[columns]
        most_down = np.minimum(self.truth[columns] - self.system.least[columns], self.reach[columns])
        least_up, least_down = np.zeros(len(columns)), np.zeros(len(columns))
        here = int(np.searchsorted(columns, number))
        if way > 0:
            least_up[here], most_down[here] = way, 0.0
        else:
            least_down[here], most_up[here] = -way, 0.0
        if least_up[here] > most_up[here] or least_down[here] > most_down[here]:
            return None
        found = self._solve(
            np.concatenate([up, down]),
            sparse.hstack([matrix, -matrix], format="csr"),
            self.system.low[rows] - self.rest[rows],
            self.system.high[rows] - self.rest[rows],
            np.concatenate([least_up, least_down]),
            np.concatenate([most_up, most_down]),
        )
        return None if found is None else self._everywhere(columns, found)

    def _part(self, columns: Ints) -> tuple[sparse.csr_array, Ints]:
        """The relations in which the columns take part, and their rows."""
        part = self.columns[:, columns]
        rows = np.unique(part.indices)
        return sparse.csr_array(part)[rows], rows

    def _solve(
        self,
        objective: Floats,
        matrix: sparse.csr_array,
        low: Floats,
        high: Floats,
        least: Floats,
        most: Floats,
        *,
        fallback: Floats | None = None,
    ) -> Floats | None:
        self.solved += 1
        return best_whole_numbers(objective, matrix, low, high, least, most, fallback=fallback)

    def _everywhere(self, columns: Ints, found: Floats) -> Floats:
        """Ups less downs of the columns, as a move of all numbers."""
        move = np.zeros(len(self.truth))
        move[columns] = found[: len(columns)] - found[len(columns) : 2 * len(columns)]
        return move
