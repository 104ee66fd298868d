"""Which deliveries have come in whole: what stands in the landing folder now, compared with a tick ago.

Belongs here: looking at names, sizes and times, and remembering them between ticks. Does not belong here:
opening a file, and whether its content is new (``landing/``).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from orchestration.contracts.model import Contract
from orchestration.periods import Cadence, Period

BEING_WRITTEN = (".part", ".tmp")
IGNORED = (".", "~$", "_")

Memory = dict[str, list[str]]
"""``<dataset>/<period>`` -> what stood there at the last tick, and when a run was last asked for."""


@dataclass(frozen=True)
class Arrival:
    """Everything delivered for one dataset and period: ``state`` changes with any name, size or time."""

    dataset: str
    period: Period
    state: str
    being_written: bool

    @property
    def name(self) -> str:
        """``<dataset>/<period>``."""
        return f"{self.dataset}/{self.period.label}"


def arrivals(landing: Path, contracts: Mapping[str, Contract]) -> Iterator[Arrival]:
    """Look at the landing folder; folders that are no dataset or period are for the next run to report."""
    for contract in contracts.values():
        home = landing / contract.dataset
        for folder in sorted(home.iterdir()) if home.is_dir() else ():
            try:
                period = Period.parse(folder.name, contract.cadence)
            except ValueError:
                continue
            files = sorted(_files(folder))
            if files:
                state = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
                written = any(name.endswith(BEING_WRITTEN) for name, _, _ in files)
                yield Arrival(contract.dataset, period, state, written)


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Name below the folder, bytes and time of each file."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if not name.startswith(IGNORED):
                found = path.lstat()
                yield str(path.relative_to(folder)), found.st_size, found.st_mtime_ns


def complete(found: Collection[Arrival], memory: Memory) -> set[Period]:
    """The periods of one cadence to ask for: new, unchanged since the last tick, nothing being written.

    A period with anything unfinished waits, and so does what lies beyond it, since a run takes a whole range.
    """
    new = [one for one in found if memory.get(one.name, ["", ""])[1] != one.state]
    unfinished = {
        one.period for one in new if one.being_written or memory.get(one.name, ["", ""])[0] != one.state
    }
    ready = sorted({one.period for one in new} - unfinished)
    waiting = sorted(period for period in unfinished if ready and period > ready[0])
    return set(takewhile(lambda period: not waiting or period < waiting[0], ready))


def remembered(
    found: Collection[Arrival], memory: Memory, asked: Mapping[Cadence, Collection[Period]]
) -> Memory:
    """The memory for the next tick; what no longer stands there is forgotten."""
    return {
        one.name: [
            one.state,
            one.state if one.period in asked[one.period.cadence] else memory.get(one.name, ["", ""])[1],
        ]
        for one in found
    }
