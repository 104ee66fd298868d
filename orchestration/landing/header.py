"""The header row: which position holds which listed column.

Belongs here: the header rules of the specification. Does not belong here: how a header is read from a file.
Names that the contract does not list are counted and never passed on; they may hold personal data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.contracts.model import Contract
from orchestration.landing.model import Fault


@dataclass(frozen=True)
class Header:
    """``positions``: listed column -> position from 0, for each that is there once; ``width`` counts all."""

    positions: Mapping[str, int]
    width: int
    unknown: int
    """Number of named columns that the contract does not list."""
    faults: tuple[Fault, ...]


def match(names: Sequence[str], contract: Contract, line: int | None) -> Header:
    """Find the listed columns by name: case and surrounding blanks do not matter, nor does the order.

    A listed column that is missing (unless it is an optional column) is ``missing_column``; two columns of
    the same name are ``duplicate_column``, with its name only where the contract lists it. Columns without a
    name are passed over.
    """
    found = [name.strip("\ufeff \t\r\n\u00a0").lower() for name in names]
    count = Counter(name for name in found if name)
    twice = [name for name, times in count.items() if times > 1]
    positions = {
        name: position for position, name in enumerate(found) if name in contract.index and count[name] == 1
    }
    missing = [
        column.name for column in contract.columns if column.name not in count and not column.optional_column
    ]
    listed = sorted(name for name in twice if name in contract.index)
    faults = [Fault("missing_column", name, 1, line) for name in missing]
    faults += [Fault("duplicate_column", name, 1, line) for name in listed]
    if len(twice) > len(listed):
        faults.append(Fault("duplicate_column", None, 1, line))
    unknown = sum(name not in contract.index for name in count)
    return Header(positions, len(names), unknown, tuple(faults))
