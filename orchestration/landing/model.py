"""What landing talks about, as plain values: deliveries, files, faults, and what a load came to.

Belongs here: the dataclasses, and names made fit to be shown. Does not belong here: anything that opens a
file or a database.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.contracts.suite import GateResult
from orchestration.landing.identity import without_identity_numbers


def shown(text: str) -> str:
    r"""A file name as it may be shown and stored: NFC, and whatever is no visible character escaped.

    Control characters, marks that turn the direction of writing and bytes that are no UTF-8 become ``\x1b``,
    ``\u202e``: a name can neither forge a line nor hide what it is. National identity numbers are masked:
    names stand in messages and in what is published.
    """
    written = "".join(
        letter
        if letter == " " or unicodedata.category(letter)[0] not in "CZ"
        else letter.encode("unicode_escape", "backslashreplace").decode("ascii")
        for letter in unicodedata.normalize("NFC", text)
    )
    return without_identity_numbers(written)


@dataclass(frozen=True, order=True)
class DeliveryKey:
    """What one delivery is about; ``sender`` is '' for files directly in the extract-date folder."""

    dataset: str
    period: str
    extract_date: dt.date
    sender: str

    @property
    def id(self) -> str:
        """``dataset/period/extract_date``, and ``/sender`` where there is one."""
        parts = (self.dataset, self.period, self.extract_date.isoformat(), self.sender)
        return "/".join(part for part in parts if part)


@dataclass(frozen=True)
class LandingFile:
    """One file to be read: ``name`` as shown, ``path`` resolved, ``format`` its extension as in contracts."""

    path: Path
    name: str
    format: str


@dataclass(frozen=True)
class UnrecognisedPath:
    """Something in the landing folder that is no delivery; ``path`` is relative and shown."""

    path: str
    size: int

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Discovery:
    """Everything found in the landing folder; files of a delivery in order of their names."""

    deliveries: Mapping[DeliveryKey, tuple[LandingFile, ...]]
    unrecognised: tuple[UnrecognisedPath, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file, or with ``count`` of its rows; ``line`` is the first such line.

    Never holds a value: field and rule come from the contract, not from the file.
    """

    rule: str
    field: str | None = None
    count: int = 1
    line: int | None = None


class Refused(Exception):  # noqa: N818 - an answer, not a programming error
    """A file cannot be read any further."""

    def __init__(self, rule: str, line: int | None = None, field: str | None = None) -> None:
        super().__init__(rule)
        self.fault = Fault(rule, field, 1, line)


@dataclass(frozen=True)
class StandingRejection:
    """A rejected file that nothing has overtaken yet; one per field and rule (exit code 3).

    ``dataset`` and ``delivery_id`` are None for a path that is no delivery; ``file_name`` is then that path.
    """

    dataset: str | None
    delivery_id: str | None
    file_name: str
    line: int | None
    field: str | None
    rule: str
    row_count: int


@dataclass(frozen=True)
class LoadResult:
    """What one load came to: rows of the files that were judged, by what became of them.

    ``deliveries`` were judged now, whatever the verdict; ``warnings`` are sentences without any value.
    """

    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_duplicate: int
    deliveries: tuple[str, ...]
    seconds: float
    gate: tuple[GateResult, ...]
    warnings: tuple[str, ...]
