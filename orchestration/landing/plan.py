"""What has to be judged: the landing folder and what is remembered, compared before a file is opened.

Belongs here: the content a delivery would have, and whether that content was judged before, by the same
rules. Does not belong here: judging, and what follows from it. Nothing here writes.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.contracts.model import Contract
from orchestration.landing.model import DeliveryKey, Discovery, LandingFile
from orchestration.landing.resolve import SAME_TRUST_TWICE
from orchestration.landing.rules import codes_of
from orchestration.landing.tables import KnownDelivery, Name
from orchestration.landing.take import signature
from orchestration.reference import Reference
from orchestration.settings import Settings


@dataclass
class OnDisk:
    """A file of the landing folder; its SHA-256 is None as long as nobody has read it in this shape."""

    file: LandingFile
    signature: str
    sha256: str | None


@dataclass
class Plan:
    """One delivery as it stands: what is remembered of it, and what lies in the landing folder.

    ``stale``: it is the newest of its dataset, period and sender, and was judged by other rules.
    """

    known: KnownDelivery
    landing: list[OnDisk]
    stale: bool

    @property
    def key(self) -> DeliveryKey:
        """The delivery."""
        return self.known.key

    def content(self) -> dict[Name, LandingFile | None]:
        """The files that the delivery would consist of; None for one that is no longer in the landing folder.

        Files with the same hash are one, under the name in force or else the first; a file in force that has
        disappeared stays.
        """
        in_force = self.known.in_force
        found: dict[str, tuple[str, LandingFile]] = {}
        for one in self.landing:
            name, sha256 = one.file.name, one.sha256
            if sha256 is not None and (sha256 not in found or (name, sha256) in in_force):
                found[sha256] = (name, one.file)
        content: dict[Name, LandingFile | None] = {
            (name, sha256): file for sha256, (name, file) in found.items()
        }
        names = {one.file.name for one in self.landing}
        for name, sha256 in sorted(in_force):
            if name not in names and sha256 not in found:
                content[name, sha256] = None
        return content

    @property
    def unread(self) -> bool:
        """There is a file whose hash is not known."""
        return any(one.sha256 is None for one in self.landing)

    @property
    def active(self) -> bool:
        """A load has something to do here."""
        return self.unread or self.to_judge or self.to_tidy

    @property
    def to_judge(self) -> bool:
        """Its content was not judged before, or not by these rules (asked when all hashes are known)."""
        content = self.content()
        if not content:
            return False
        changed = frozenset(content) != self.known.in_force and digest(content) != self.known.content
        return changed or self.stale

    @property
    def waiting(self) -> bool:
        """It was turned down for a trust that another sender holds, who may hold it no longer."""
        return any(file.reason == SAME_TRUST_TWICE for file in self.known.files.values())

    @property
    def to_tidy(self) -> bool:
        """A file that was turned down is no longer there."""
        content = self.content()
        return any(
            file.status in ("rejected", "held_back") and name not in content
            for name, file in self.known.files.items()
        )


def digest(names: Iterable[Name]) -> str:
    """One text for the content of a delivery."""
    return hashlib.sha256(json.dumps(sorted(names)).encode()).hexdigest()


def plans(
    discovery: Discovery,
    known: Mapping[DeliveryKey, KnownDelivery],
    dataset: str,
    periods: Collection[str] | None,
    rules: str,
) -> list[Plan]:
    """Every delivery of a dataset and some periods (None: all), found or remembered, in order.

    Args:
        discovery: what is in the landing folder.
        known: what is remembered of the dataset.
        dataset: its name.
        periods: labels of periods.
        rules: ``fingerprint`` of the rules now.
    """
    keys = {key for key in discovery.deliveries if key.dataset == dataset} | set(known)
    newest: dict[tuple[str, str], DeliveryKey] = {}
    for key in sorted(keys):
        newest[key.period, key.sender] = key
    made = []
    for key in sorted(key for key in keys if periods is None or key.period in periods):
        remembered = known.get(key) or KnownDelivery(key)
        landing = [_on_disk(file, remembered) for file in discovery.deliveries.get(key, ())]
        stale = newest[key.period, key.sender] == key and remembered.fingerprint != rules
        made.append(Plan(remembered, landing, stale))
    return made


def _on_disk(file: LandingFile, known: KnownDelivery) -> OnDisk:
    found = signature(file.path) or ""
    return OnDisk(file, found, known.seen.get((file.name, found)))


def fingerprint(contract: Contract, reference: Reference, settings: Settings) -> str:
    """SHA-256 over all that decides on a file: contract, reference rows used, size limits, code."""
    lists = {column.name: codes_of(column, reference) for column in contract.columns}
    parts = {
        "contract": contract.fingerprint,
        "lists": lists,
        "region_codes": dict(reference.region_codes) if "json" in contract.formats else {},
        "limits": [settings.max_line_bytes, settings.max_expanded_bytes, settings.max_expansion],
        "code": _code(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@functools.cache
def _code() -> str:
    """SHA-256 over the files of landing and of the gate."""
    here = Path(__file__).resolve().parent
    files = sorted([*here.glob("*.py"), *(here.parent / "contracts").glob("*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
