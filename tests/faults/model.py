"""What a case is: files with one fault, and what must come of them.

Belongs here: the dataclass and the short ways to make one. Does not belong here: the cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestration.contracts.load import load_contracts
from orchestration.settings import DATA_CONTRACTS
from tests.faults.rows import PLACES, Make

CONTRACTS = load_contracts(DATA_CONTRACTS)
Verdict = Literal["accepted", "row", "file", "delivery", "path"]
"""What is rejected: nothing, a row, a file with its delivery, a delivery for another's sake, a stray path."""
Fault = tuple[str | None, str, int, int | None]
"""Column, rule, how often, first line."""


@dataclass(frozen=True)
class Case:
    """One broken delivery; ``told`` is the path of the file that is to be named.

    ``faults`` are all that may be said of that file. ``others`` are the statuses of further files.
    ``rows``: accepted rows of the delivery (None: not looked at).
    """

    name: str
    group: str
    dataset: str
    verdict: Verdict
    files: Mapping[str, Make]
    told: str
    faults: frozenset[Fault]
    reason: str | None = None
    rows: int | None = None
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """Exit code of a run with this delivery in the landing folder."""
        return 0 if self.verdict in ("accepted", "row") else 3


def place(dataset: str, sender: str, period: str | None = None, date: str | None = None) -> str:
    """The folder of a delivery."""
    usual = PLACES[CONTRACTS[dataset].cadence]
    return f"{dataset}/{period or usual[0]}/{date or usual[1]}/{sender}"


def accepted(
    group: str, name: str, dataset: str, make: Make, rows: int, file: str = "a.csv", **at: str
) -> Case:
    """An oddity that is no fault: every row counts."""
    path = f"{place(dataset, at.pop('sender', name), **at)}/{file}"
    return Case(name, group, dataset, "accepted", {path: make}, path, frozenset(), None, rows)


def bad_rows(
    group: str, name: str, dataset: str, make: Make, faults: set[Fault], rows: int, file: str = "a.csv"
) -> Case:
    """A file that is accepted without some of its rows."""
    path = f"{place(dataset, name)}/{file}"
    return Case(name, group, dataset, "row", {path: make}, path, frozenset(faults), None, rows)


def bad_file(
    group: str,
    name: str,
    dataset: str,
    make: Make,
    rule: str,
    *,
    line: int | None = None,
    column: str | None = None,
    count: int = 1,
    also: set[Fault] | None = None,
    file: str = "a.csv",
) -> Case:
    """A file that is rejected by a rule, and its delivery with it."""
    path = f"{place(dataset, name)}/{file}"
    faults = frozenset({(column, rule, count, line)} | (also or set()))
    return Case(name, group, dataset, "file", {path: make}, path, faults, rule, 0)


def stray(
    group: str, name: str, path: str, make: Make, dataset: str = "waiting_times", **files: Make
) -> Case:
    """A path that is no delivery's file."""
    return Case(
        name,
        group,
        dataset,
        "path",
        {path: make, **files},
        path,
        frozenset({(None, "unrecognised_path", 1, None)}),
        "unrecognised_path",
        0,
    )
