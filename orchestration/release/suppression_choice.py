"""The secondary rule: what else is hidden so that no hidden number can be worked out, and as little as can be.

Belongs here: the search. For the numbers in danger it looks for the cheapest other possibilities
(``suppression_moves.py``) and hides the cells in which they differ from the truth. Does not belong here: the
primary rule, the relations, the audit.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from scipy import sparse

from orchestration.release.suppression_cells import Bools, Floats, Ints, Marts
from orchestration.release.suppression_moves import Moves
from orchestration.release.suppression_price import price
from orchestration.release.suppression_solver import batches
from orchestration.release.suppression_system import System

NEVER = 9
"""Step of cells that may not be hidden."""
STEPS = 4
"""Steps of the search, from counts that few people read to official figures."""
GRADES = ((1.5, 4.0, 12.0), (4.0, 12.0, 36.0), (12.0, 36.0, 100.0), (36.0, 100.0, 300.0))
"""What moving one number in danger is worth, in costs of shown cells: three rising bids at each step."""
TURNS = 2
"""How often all numbers in danger are moved together at each bid."""
IDLE = 2
"""Turns without progress after which the hidden numbers alone are no longer tried."""
BUDGET = 1800
"""Programs that are solved at most; what is in danger then is protected the quick way (``suppression_search.py``)."""


class Witness(NamedTuple):
    """A possibility beside the truth: which numbers move by how much, and which of them get out of the small range."""

    moved: Ints
    by: Floats
    escaped: Ints


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
        self.marts, self.limit = marts, limit
        self.moves = Moves(marts, system, limit)
        self.hidden = hidden.copy()
        self.chosen = np.zeros(len(hidden), dtype=bool)
        prices = [price(cell, marts.region_of, marts.official) for cell in marts.cells]
        empty = np.ones(len(hidden), dtype=bool)
        empty[marts.cell_of[marts.value != 0]] = False
        self.cost = np.array([found.cost for found in prices])
        self.step = np.where(fixed | empty, NEVER, [found.step for found in prices])
        self.witnesses: list[Witness] = []
        self._forget()
        self.labels: dict[int, Ints] = {}

    def protect(self) -> Ints:
        """Hide until every hidden number is safe, or the budget is used up; the numbers that are still in danger."""
        self._settle()
        for step in range(STEPS):
            for reward in GRADES[step]:
                for turn in range(TURNS):
                    self._turn(self.in_danger(), step, reward, turn)
        for number in self.in_danger():
            if self.moves.solved >= BUDGET:
                break
            if self._is_in_danger(number):
                self._escape(number)
        self._uncover()
        return self.in_danger()

    def hide(self, cells: Bools) -> None:
        """Hide more, for reasons of another's."""
        self.hidden |= cells
        self.labels = {}

    def hear(self, system: System) -> None:
        """The same numbers under more relations: possibilities that break them are none."""
        self.moves = Moves(self.marts, system, self.limit)
        kept, self.witnesses = self.witnesses, []
        self._forget()
        numbers = np.concatenate([[], *(witness.moved for witness in kept)]).astype(np.int64)
        by = np.concatenate([[], *(witness.by for witness in kept)])
        starts = np.cumsum([0, *(len(witness.moved) for witness in kept)])
        holds = self.moves.hold(sparse.csc_array((by, numbers, starts), shape=(len(self.moved), len(kept))))
        for witness in itertools.compress(kept, holds):
            self._remember(witness)

    def in_danger(self) -> Ints:
        """Hidden numbers without another possible value, or with small ones only; dearest cells first."""
        numbers = np.flatnonzero(self._is_in_danger(slice(None)))
        return numbers[np.lexsort((numbers, -self.cost[self.marts.cell_of[numbers]]))]

    def _is_in_danger(self, numbers: slice | Ints) -> Bools:
        """Per number, hidden and without another possible value, or with small ones only."""
        known = (self.moved[numbers] == 0) | (self.escaped[numbers] == 0)
        return self.hidden[self.marts.cell_of[numbers]] & known

    def _settle(self) -> None:
        """Look for other possibilities among what is hidden already, piece by piece while that helps."""
        label = self._label(-1)
        idle = np.zeros(label.max(initial=0) + 1, dtype=np.int64)
        for turn in range(BUDGET):
            danger = self.in_danger()
            danger = danger[idle[label[danger]] < IDLE]
            if not len(danger):
                break
            self._turn(danger, -1, 1.0, turn)
            left = np.bincount(label[self.in_danger()], minlength=len(idle))
            idle = np.where(left < np.bincount(label[danger], minlength=len(idle)), 0, idle + 1)

    def _turn(self, danger: Ints, step: int, reward: float, turn: int) -> None:
        """Move the numbers in danger together, at a bid for the shown cells that it takes."""
        label = self._label(step)
        wanted = np.zeros(len(label), dtype=bool)
        wanted[danger] = True
        for columns in batches(label, np.unique(label[danger])):
            if self.moves.solved >= BUDGET:
                return
            targets = columns[wanted[columns]]
            move = self.moves.together(columns, targets, self._cost(columns), reward, turn)
            if move is not None and move.any():
                self._accept(move, label)

    def _escape(self, number: int) -> bool:
        """Find the cheapest other possibility for one number and hide what it needs."""
        value, least = self.marts.value[number], self.moves.system.least[number]
        if self.moves.small[number]:
            ways = [self.limit - value, -value] if least < 1 else [self.limit - value]
        else:
            ways = [1.0, -1.0] if value > least else [1.0]
        for step in range(STEPS):
            label = self._label(step)
            columns = np.flatnonzero(label == label[number])
            wanted = self._is_in_danger(columns)
            found = [
                move
                for way in ways
                if (move := self.moves.cheapest(number, way, columns, self._cost(columns), wanted))
                is not None
            ]
            if found:
                self._accept(min(found, key=self._paid), label)
                return True
        return False

    def _cost(self, columns: Ints) -> Floats:
        """Per number what moving it would cost; nothing where its cell is hidden."""
        cells = self.marts.cell_of[columns]
        return np.where(self.hidden[cells], 0.0, self.cost[cells])

    def _paid(self, move: Floats) -> float:
        """What the cells cost that a move would hide."""
        return float(self.cost[self._newly_hidden(np.flatnonzero(move))].sum())

    def _newly_hidden(self, moved: Ints) -> Ints:
        """Shown cells with a number that moves."""
        cells = np.unique(self.marts.cell_of[moved])
        return cells[~self.hidden[cells]]

    def _label(self, step: int) -> Ints:
        """Per number its piece among those that are hidden, or may be hidden at this step."""
        if step not in self.labels:
            self.labels[step] = self.moves.pieces((self.hidden | (self.step <= step))[self.marts.cell_of])
        return self.labels[step]

    def _accept(self, move: Floats, label: Ints) -> None:
        """Hide what the move needs, and remember what it shows to be possible, each piece for itself."""
        moved = np.flatnonzero(move)
        cells = self._newly_hidden(moved)
        self.labels = {step: label for step, label in self.labels.items() if (self.step[cells] <= step).all()}
        self.hidden[cells] = True
        self.chosen[cells] = True
        moved = moved[np.argsort(label[moved], kind="stable")]
        for part in np.split(moved, np.flatnonzero(np.diff(label[moved])) + 1):
            reached = self.marts.value[part] + move[part]
            escaped = part[(reached < 1) | (reached > self.limit - 1)]
            self._remember(Witness(part, move[part], escaped))

    def _forget(self) -> None:
        """Nothing is known to be possible; numbers that need no protection count as if it were."""
        free = ~self.marts.to_protect()
        self.moved = free.astype(np.int64)
        self.escaped = (free | ~self.moves.small).astype(np.int64)

    def _remember(self, witness: Witness) -> None:
        self.moved[witness.moved] += 1
        self.escaped[witness.escaped] += 1
        self.witnesses.append(witness)

    def _uncover(self) -> None:
        """Show again what the others turned out not to need, dearest first."""
        using: dict[int, list[int]] = {}
        for index, witness in enumerate(self.witnesses):
            for cell in np.unique(self.marts.cell_of[witness.moved]).tolist():
                using.setdefault(cell, []).append(index)
        gone: set[int] = set()
        for cell in sorted(np.flatnonzero(self.chosen).tolist(), key=lambda cell: (-self.cost[cell], cell)):
            lost = [index for index in using.get(cell, []) if index not in gone]
            if self._needed(cell, [self.witnesses[index] for index in lost]):
                continue
            self.hidden[cell] = self.chosen[cell] = False
            for index in lost:
                self.moved[self.witnesses[index].moved] -= 1
                self.escaped[self.witnesses[index].escaped] -= 1
            gone.update(lost)
        self.witnesses = [witness for index, witness in enumerate(self.witnesses) if index not in gone]
        self.labels = {}

    def _needed(self, cell: int, lost: list[Witness]) -> bool:
        """Would a number of another hidden cell be in danger without these possibilities."""
        for had, numbers in (
            (self.moved, [witness.moved for witness in lost]),
            (self.escaped, [witness.escaped for witness in lost]),
        ):
            if numbers:
                touched, times = np.unique(np.concatenate(numbers), return_counts=True)
                others = self.marts.cell_of[touched] != cell
                if ((had[touched] <= times) & others & self.hidden[self.marts.cell_of[touched]]).any():
                    return True
        return False
