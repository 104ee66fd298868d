"""Taking deliveries in, some ahead of the others: files are read by threads while DuckDB judges earlier ones.

Belongs here: which files of a delivery have to be read, and the contents they make. Does not belong here:
how a file is read (``take.py``, ``prepared.py``), and what its rows are worth.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from orchestration.contracts.model import Contract
from orchestration.landing.discover import extension
from orchestration.landing.keep import kept_path
from orchestration.landing.model import DeliveryKey, LandingFile
from orchestration.landing.plan import OnDisk, Plan
from orchestration.landing.prepared import Prepared, prepare
from orchestration.landing.tables import Name
from orchestration.landing.take import take
from orchestration.reference import Reference
from orchestration.settings import Settings

THREADS = 2
AHEAD = 8
"""Deliveries that are read ahead of the one being judged."""


@dataclass
class Arrival:
    """A delivery whose files have been read; ``contents`` are to be judged, the wanted one first.

    The second, if there is one, is what is in force and was judged by other rules.
    """

    plan: Plan
    contents: list[Mapping[Name, Prepared]] = field(default_factory=list)


class Intake:
    """Reads the files of plans into a folder of the run."""

    def __init__(self, contract: Contract, reference: Reference, settings: Settings, folder: Path) -> None:
        self.contract = contract
        self.reference = reference
        self.settings = settings
        self.folder = folder
        self._number = count(1)

    def arrivals(self, plans: Iterable[Plan]) -> Iterator[Arrival]:
        """Every plan in order, its files read where there is something to judge."""
        waiting: deque[tuple[Plan, list[tuple[OnDisk, Future[Prepared | None]]]]] = deque()
        with ThreadPoolExecutor(THREADS) as pool:
            try:
                for plan in plans:
                    wanted = plan.unread or plan.to_judge or plan.waiting
                    files = plan.landing if wanted else []
                    waiting.append(
                        (plan, [(one, pool.submit(self._read, plan.key, one.file)) for one in files])
                    )
                    if len(waiting) > AHEAD:
                        yield self._arrival(*waiting.popleft())
                while waiting:
                    yield self._arrival(*waiting.popleft())
            finally:
                pool.shutdown(cancel_futures=True)

    def _arrival(self, plan: Plan, files: list[tuple[OnDisk, Future[Prepared | None]]]) -> Arrival:
        read: dict[Name, Prepared] = {}
        for one, future in files:
            prepared = future.result()
            if prepared is None:
                plan.landing.remove(one)
            else:
                one.sha256, one.signature = prepared.taken.sha256, prepared.taken.signature
                read[one.file.name, prepared.taken.sha256] = prepared
        arrival = Arrival(plan)
        if not (plan.to_judge or (plan.waiting and files)):
            return arrival
        wanted = list(plan.content())
        in_force = plan.known.in_force
        contents = (
            [wanted, sorted(in_force)] if plan.stale and in_force and set(wanted) != in_force else [wanted]
        )
        for names in contents:
            found = {name: read.get(name) or self._read_kept(plan.key, name) for name in names}
            arrival.contents.append({name: file for name, file in found.items() if file is not None})
            read |= arrival.contents[-1]
        if [len(content) for content in arrival.contents] != [len(names) for names in contents]:
            arrival.contents.clear()  # a kept file is gone: what is in force cannot be judged again
        return arrival

    def _read(self, key: DeliveryKey, file: LandingFile) -> Prepared | None:
        """Take a file in and prepare it; None when it is gone."""
        folder = self.folder / str(next(self._number))
        folder.mkdir(mode=0o700)
        try:
            taken = take(file, folder, self.settings)
        except FileNotFoundError:
            return None
        return prepare(taken, key, self.contract, self.reference, self.settings, folder)

    def _read_kept(self, key: DeliveryKey, name: Name) -> Prepared | None:
        """An accepted file that is no longer in the landing folder, from where it is kept."""
        file = LandingFile(kept_path(self.settings, name[1]), name[0], extension(name[0]) or "")
        prepared = self._read(key, file)
        return prepared if prepared is not None and prepared.taken.sha256 == name[1] else None
