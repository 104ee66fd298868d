"""The secondary rule: what else is hidden so that no hidden number can be worked out, and as little as can be.

Belongs here: the search. For each number in danger it looks for the cheapest other set of whole numbers that
a reader would find just as possible (Kelly's linear program), and hides the cells in which it differs from
the truth. Does not belong here: the primary rule, the relations, the audit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from orchestration.release.suppression_cells import MEANS, Bools, Cell, Floats, Ints, Marts
from orchestration.release.suppression_relations import System, months
from orchestration.release.suppression_solver import best_whole_numbers, pieces

NEVER = 9
"""Step of cells that may not be hidden."""
REACH = 10
"""How far from the truth other possible numbers are looked for, in limits."""
GRADES = ((1.5, 4.0, 12.0), (4.0, 12.0, 36.0), (12.0, 36.0, 100.0), (36.0, 100.0, 300.0))
"""What moving one number in danger is worth, in costs of shown cells: three rising bids at each step."""
TURNS = 2
"""How often all numbers in danger are moved together at each bid."""
IDLE = 2
"""Turns without progress after which the hidden numbers alone are no longer tried."""
TINY = 1e-3
"""Cost of moving a number that is hidden anyway, when all are moved together."""
BUDGET = 1800
"""Programs that are solved at most; what is in danger then is protected the quick way (``suppression_search.py``)."""
LONG_WAIT = 400
"""The same for days waited, per referral."""
FREE, REWARD = 1e-5, 1e-3
"""Costs of moving a hidden number, and what moving one in danger brings; a shown cell costs at least 1."""


@dataclass(frozen=True)
class Price:
    """What hiding a cell costs, and at which step of the search it may be thought of (0 first)."""

    step: int
    cost: float


def price(cell: Cell, region_of: dict[str, str], official: frozenset[Cell]) -> Price:
    """What hiding a cell costs.

    Counts of left-out units and of rows go first, then single trusts in short periods; the year's official figure of
    the region goes last.
    """
    if cell.table == "delivery":
        return Price(0, 2.0)
    org = cell.key[2]
    trust = org in region_of
    if cell.table == "exclusion":
        return Price(0, 1.0) if trust else Price(1, 2.0)
    first, last = months(cell.key[3])
    total = cell.key[1] in ("all", "passed")
    length = 1 if last - first < 4 else 2 if last - first < 11 else 4
    cost = (
        3.0
        * length
        * (2 if total else 1)
        * (1 if trust else 4)
        * (3 if cell in official and length == 4 else 1)
    )
    return Price(1 if cost <= 3 else 2 if cost <= 12 else 3, cost)


class Choice:
    """The state of the search: what is hidden, and what is known to be possible beside the truth.

    Args:
        marts: the unsuppressed cells.
        system: relations that hold in them.
        hidden: per cell, what is hidden already.
        fixed: per cell, what must stay shown.
        limit: numbers from 1 to ``limit`` - 1 are small.
    """

    def __init__(self, marts: Marts, system: System, hidden: Bools, fixed: Bools, limit: int) -> None:
        self.marts, self.system, self.limit = marts, system, limit
        self.truth = marts.value
        self.hidden = hidden.copy()
        self.chosen = np.zeros(len(hidden), dtype=bool)
        prices = [price(cell, marts.region_of, marts.official) for cell in marts.cells]
        empty = np.ones(len(hidden), dtype=bool)
        empty[marts.cell_of[self.truth != 0]] = False
        self.cost = np.array([found.cost for found in prices])
        self.step = np.where(fixed | empty, NEVER, [found.step for found in prices])
        self.columns = sparse.csc_array(system.matrix)
        self.rest = system.matrix @ self.truth
        self.small = (self.truth >= 1) & (self.truth <= limit - 1)
        self.moved = np.zeros(len(self.truth), dtype=np.int64)
        self.escaped = np.where(self.small, 0, 1)
        self.witnesses: list[tuple[Ints, Ints]] = []
        mean = np.array([marts.cells[index].key[0] in MEANS for index in marts.cell_of])
        measure = np.array(marts.measure)
        days = mean & (measure == "numerator")
        self.unit_cost = np.where(days, 1 / LONG_WAIT, np.where((measure == "denominator") & ~mean, 0.0, 1.0))
        self.reach = np.where(days, LONG_WAIT, 1.0) * REACH * limit
        self.labels: dict[int, Ints] = {}
        self.solved = 0

    def protect(self) -> None:
        """Hide until every hidden number is safe, or the budget is used up."""
        self._settle(self._in_danger())
        for step in range(len(GRADES)):
            done: set[int] = set()
            for number in self._in_danger():
                if number not in done:
                    columns = self._piece(number, step)
                    done.update(columns.tolist())
                    self._bid(columns, step)
        hopeless: set[int] = set()
        while self.solved < BUDGET:
            waiting = [number for number in self._in_danger() if number not in hopeless]
            if not waiting:
                break
            if not self._escape(waiting[0]):
                hopeless.add(waiting[0])
        self._uncover()

    def _settle(self, numbers: Ints) -> None:
        """Look for other possibilities among what is hidden already."""
        done: set[int] = set()
        for number in numbers:
            if number in done:
                continue
            columns = self._piece(number, -1)
            done.update(columns.tolist())
            idle = turn = 0
            while idle < IDLE and len(targets := np.intersect1d(columns, self._in_danger())):
                if not self._try_together(columns, targets, 1.0, turn):
                    break
                turn, idle = turn + 1, idle + 1
                if len(np.intersect1d(columns, self._in_danger())) < len(targets):
                    idle = 0

    def _bid(self, columns: Ints, step: int) -> None:
        """Move the numbers in danger together, at rising bids for the shown cells that it takes."""
        for reward in GRADES[step]:
            for turn in range(TURNS):
                targets = np.intersect1d(columns, self._in_danger())
                if not len(targets) or not self._try_together(columns, targets, reward, turn):
                    return

    def _try_together(self, columns: Ints, targets: Ints, reward: float, turn: int) -> bool:
        """One move of all targets at once, when there is one; False when the budget is used up."""
        if self.solved >= BUDGET:
            return False
        move = self._move_together(columns, targets, reward, turn)
        if move is not None and move.any():
            self._accept(move, self._newly_hidden(move))
        return True

    def _move_together(self, columns: Ints, targets: Ints, reward: float, turn: int) -> Floats | None:
        """The move that takes as many targets as it pays for out of danger, up or down by a mixed rule."""
        part = self.columns[:, columns]
        rows = np.unique(part.indices)
        matrix = sparse.csr_array(part)[rows]
        hidden = self.hidden[self.marts.cell_of[columns]]
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
        cost = np.where(hidden, TINY, self.cost[self.marts.cell_of[columns]]) * self.unit_cost[columns] + TINY
        self.solved += 1
        found = best_whole_numbers(
            np.concatenate([cost, cost, -weight]),
            both,
            np.concatenate([self.system.low[rows] - self.rest[rows], np.full(aims, -np.inf)]),
            np.concatenate([self.system.high[rows] - self.rest[rows], np.zeros(aims)]),
            np.concatenate([np.zeros(2 * count), np.full(aims, -np.inf)]),
            np.concatenate([self.reach[columns], down, need]),
            easy=True,
        )
        if found is None:
            return None
        move = np.zeros(len(self.truth))
        move[columns] = found[:count] - found[count : 2 * count]
        return move

    def _in_danger(self) -> Ints:
        """Hidden numbers without another possible value, or with small ones only; dearest cells first."""
        open_ = self.hidden[self.marts.cell_of] & ((self.moved == 0) | (self.escaped == 0))
        numbers = np.flatnonzero(open_)
        return numbers[np.lexsort((numbers, -self.cost[self.marts.cell_of[numbers]]))]

    def _escape(self, number: int) -> bool:
        """Find the cheapest other possibility for one number and hide what it needs."""
        value, least = self.truth[number], self.system.least[number]
        if self.small[number]:
            ways = [self.limit - value, -value] if least < 1 else [self.limit - value]
        else:
            ways = [1.0, -1.0] if value > least else [1.0]
        for step in range(4):
            best: tuple[float, Floats, Ints] | None = None
            for way in ways:
                found = self._move(number, way, step)
                if found is not None:
                    cells = self._newly_hidden(found)
                    paid = float(self.cost[cells].sum())
                    if best is None or paid < best[0]:
                        best = paid, found, cells
                    if paid == 0:
                        break
            if best is not None:
                self._accept(best[1], best[2])
                return True
        return False

    def _newly_hidden(self, move: Floats) -> Ints:
        """Shown cells in which a move differs from the truth."""
        cells = np.unique(self.marts.cell_of[np.flatnonzero(move)])
        return cells[~self.hidden[cells]]

    def _free(self, step: int) -> Bools:
        """Per number: hidden, or may be hidden at this step."""
        return (self.hidden | (self.step <= step))[self.marts.cell_of]

    def _piece(self, number: int, step: int) -> Ints:
        """The free numbers that depend on this one."""
        if step not in self.labels:
            free = np.flatnonzero(self._free(step))
            label = np.full(len(self.truth), -1, dtype=np.int64)
            label[free] = pieces(sparse.csr_array(self.columns[:, free]))
            self.labels[step] = label
        return np.flatnonzero(self.labels[step] == self.labels[step][number])

    def _move(self, number: int, way: float, step: int) -> Floats | None:
        """The cheapest move of all numbers that agrees with the relations and takes one of them its way."""
        columns = self._piece(number, step)
        part = self.columns[:, columns]
        rows = np.unique(part.indices)
        matrix = sparse.csr_array(part)[rows]
        hidden = self.hidden[self.marts.cell_of[columns]]
        cost = (
            np.where(hidden, FREE, self.cost[self.marts.cell_of[columns]] + FREE) * self.unit_cost[columns]
            + FREE**2
        )
        wanted = hidden & ((self.moved[columns] == 0) | (self.escaped[columns] == 0))
        up = np.where(wanted, -REWARD * self.unit_cost[columns], cost)
        down = np.where(wanted, cost + 2 * REWARD * self.unit_cost[columns], cost)
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
        self.solved += 1
        found = best_whole_numbers(
            np.concatenate([up, down]),
            sparse.hstack([matrix, -matrix], format="csr"),
            self.system.low[rows] - self.rest[rows],
            self.system.high[rows] - self.rest[rows],
            np.concatenate([least_up, least_down]),
            np.concatenate([most_up, most_down]),
        )
        if found is None:
            return None
        move = np.zeros(len(self.truth))
        move[columns] = found[: len(columns)] - found[len(columns) :]
        return move

    def _accept(self, move: Floats, cells: Ints) -> None:
        """Hide what the move needs, and remember what it shows to be possible."""
        self.labels = {step: label for step, label in self.labels.items() if (self.step[cells] <= step).all()}
        self.hidden[cells] = True
        self.chosen[cells] = True
        moved = np.flatnonzero(move)
        reached = self.truth[moved] + move[moved]
        escaped = moved[(reached < 1) | (reached > self.limit - 1)]
        self.moved[moved] += 1
        self.escaped[escaped] += 1
        self.witnesses.append((moved, escaped))

    def _uncover(self) -> None:
        """Show again what the others turned out not to need, dearest first."""
        using: dict[int, list[int]] = {}
        for index, (moved, _) in enumerate(self.witnesses):
            for cell in np.unique(self.marts.cell_of[moved]):
                using.setdefault(int(cell), []).append(index)
        gone: set[int] = set()
        for cell in sorted(np.flatnonzero(self.chosen), key=lambda cell: (-self.cost[cell], cell)):
            lost = [index for index in using.get(int(cell), []) if index not in gone]
            moved, escaped = self.moved.copy(), self.escaped.copy()
            for index in lost:
                moved[self.witnesses[index][0]] -= 1
                escaped[self.witnesses[index][1]] -= 1
            others = self.hidden[self.marts.cell_of] & (self.marts.cell_of != cell)
            if not (others & ((moved == 0) | (escaped == 0))).any():
                self.hidden[cell] = self.chosen[cell] = False
                self.moved, self.escaped = moved, escaped
                gone.update(lost)
