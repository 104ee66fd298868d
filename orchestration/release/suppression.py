"""Suppression of small numbers on the way to a release: what is hidden, and what that costs.

Belongs here: the order of the steps (primary rule, what stays as it was, secondary rule, writing) and their
summary. Does not belong here: any of the steps, and the audit (``attack.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from orchestration.release.suppression_before import hidden_before, shown_before
from orchestration.release.suppression_cells import PATIENT_INDICATORS, Bools, Marts, read
from orchestration.release.suppression_choice import Choice
from orchestration.release.suppression_primary import small_cells
from orchestration.release.suppression_relations import relations, verdict_relations, verdicts_told
from orchestration.release.suppression_search import Search
from orchestration.release.suppression_write import hide


@dataclass(frozen=True)
class Share:
    """Cells of one indicator in one table (``indicator_value``, ``exclusion``), or files of patient extracts.

    ``primary`` and ``secondary`` are numbers of hidden cells; ``whole_rows`` is how many would be hidden if
    every row of the printed table (one series and period, all organisations) with a small number went.
    """

    table: str
    indicator_id: str
    cells: int
    primary: int
    secondary: int
    whole_rows: int

    @property
    def shown(self) -> float:
        """Share of the cells that is shown, 0 to 1."""
        return 1 - (self.primary + self.secondary) / self.cells


@dataclass(frozen=True)
class SuppressionSummary:
    """How much was hidden, without any value."""

    limit: int
    shares: tuple[Share, ...]

    def lines(self) -> list[str]:
        """One line per table and indicator, for the log."""
        return [
            f"{share.table} {share.indicator_id}: {share.cells} cells, {share.shown:.1%} shown, {share.primary} hidden "
            f"as small, {share.secondary} to protect them (whole rows: {share.whole_rows})"
            for share in self.shares
        ]


def suppress(con: duckdb.DuckDBPyConnection, limit: int, before: Path | None = None) -> SuppressionSummary:
    """Hide small numbers, and what they could be worked out from, in the tables of schema ``marts``.

    The rule is that of the specification (Suppression of small numbers). The choice depends on the tables and
    the release before alone, never on the order of rows.

    Args:
        con: holds the unsuppressed tables; they are changed in place.
        limit: numbers from 1 to ``limit`` - 1 are small.
        before: ``indicators.duckdb`` of the current release; its figures of unchanged deliveries stay shown or
            hidden as they were, unless they are small now.
    """
    marts = read(con)
    small = small_cells(marts, limit)
    hidden = small | hidden_before(before, marts)
    known = shown_before(before, marts)
    fixed = np.zeros(len(marts.cells), dtype=bool)
    fixed[marts.cell_of[~np.isnan(known)]] = True
    told = fixed & hidden
    chosen = _secondary(marts, hidden & ~told, fixed, limit) | told
    hide(con, [cell for cell, out in zip(marts.cells, chosen, strict=True) if out], limit)
    return _summary(marts, small, chosen, limit)


def _secondary(marts: Marts, hidden: Bools, fixed: Bools, limit: int) -> Bools:
    """Cells to hide; on from there while a newly hidden baseline leaves a verdict that speaks of it."""
    without, verdicts = relations(marts), verdict_relations(marts)
    told = verdicts_told(marts, hidden)
    system = without.beside(verdicts, told).agreeing_with(marts.value)
    choice = Choice(marts, system, hidden, fixed, limit)
    while True:
        if len(danger := choice.protect()):
            choice.hide(Search(marts, system, fixed, limit).protect(choice.hidden, danger))
        if not (verdicts_told(marts, choice.hidden) & ~told).any():
            return choice.hidden
        told |= verdicts_told(marts, choice.hidden)
        system = without.beside(verdicts, told).agreeing_with(marts.value)
        choice.hear(system)


def _summary(marts: Marts, small: Bools, hidden: Bools, limit: int) -> SuppressionSummary:
    """Count per table and indicator."""
    shares = []
    for table in ("indicator_value", "exclusion", "delivery"):
        for indicator in PATIENT_INDICATORS if table != "delivery" else ("",):
            rows: dict[tuple[str, ...], list[int]] = {}
            for index, cell in enumerate(marts.cells):
                place = 1 if table == "exclusion" else 0
                if cell.table == table and (not indicator or cell.key[place] == indicator):
                    rows.setdefault(_printed_row(cell.table, cell.key), []).append(index)
            mine = [index for row in rows.values() for index in row]
            if mine:
                whole = sum(len(row) for row in rows.values() if small[row].any())
                primary = int(small[mine].sum())
                shares.append(
                    Share(table, indicator, len(mine), primary, int(hidden[mine].sum()) - primary, whole)
                )
    return SuppressionSummary(limit, tuple(shares))


def _printed_row(table: str, key: tuple[str, ...]) -> tuple[str, ...]:
    """What stands on one line when organisations stand side by side."""
    if table == "indicator_value":
        return key[1], key[3]
    return (key[3], key[4]) if table == "exclusion" else key
