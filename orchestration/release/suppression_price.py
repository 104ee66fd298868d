"""What hiding a cell costs a reader, and so in which order cells are given up to protect others.

Belongs here: the price list. Does not belong here: the search that pays.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.release.suppression_cells import Cell
from orchestration.release.suppression_relations import months


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
