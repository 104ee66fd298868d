"""Paths and options of one run, read from the environment in this one place.

Belongs here: every ``VEDLEGG2_*`` variable, its default and its check. Does not belong here: anything
that opens a file or knows what an extract or an indicator is.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
DATA_CONTRACTS = PROJECT / "data_contracts"
SEEDS = PROJECT / "seeds"

LOWEST_SUPPRESSION_LIMIT = 3
"""Privacy floor of spec/marts.md: no setting may go under it."""


class UsageError(Exception):
    """Wrong usage or configuration, found before any data is read (exit code 2)."""


@dataclass(frozen=True)
class Settings:
    """Everything a run may be told; all paths absolute.

    ``as_of`` None means all deliveries; sizes are bytes, ``max_expansion`` a ratio of expanded to stored size.
    """

    landing: Path = Path("landing")
    warehouse: Path = Path("warehouse/vedlegg2.duckdb")
    published: Path = Path("published")
    reference: Path = SEEDS
    as_of: dt.date | None = None
    suppression_limit: int = 5
    keep_releases: int = 24
    max_line_bytes: int = 16 * 2**20
    max_expanded_bytes: int = 20 * 2**30
    max_expansion: int = 200
    enforce_targets: bool = False
    make_current: bool = False
    contracts: Path = field(default=DATA_CONTRACTS)

    def __post_init__(self) -> None:
        """Make paths absolute and check the numbers."""
        for name in ("landing", "warehouse", "published", "reference", "contracts"):
            object.__setattr__(self, name, Path(getattr(self, name)).expanduser().absolute())
        if self.suppression_limit < LOWEST_SUPPRESSION_LIMIT:
            raise UsageError(
                f"VEDLEGG2_SUPPRESSION_LIMIT is {self.suppression_limit}; it may not be under "
                f"{LOWEST_SUPPRESSION_LIMIT}. Raise it."
            )
        for name in ("keep_releases", "max_line_bytes", "max_expanded_bytes", "max_expansion"):
            if getattr(self, name) < 1:
                raise UsageError(f"VEDLEGG2_{name.upper()} is {getattr(self, name)}; it must be at least 1.")

    @property
    def workspace(self) -> Path:
        """Folder of the warehouse file: private (0700); lock, kept files and run folders live in it."""
        return self.warehouse.parent

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read ``VEDLEGG2_<FIELD>`` variables; arguments that are not None go before them.

        Raises:
            UsageError: a variable that does not parse; the sentence names it.
        """
        environ = os.environ if environ is None else environ
        given: dict[str, Any] = {}
        for item in fields(cls):
            variable = f"VEDLEGG2_{item.name.upper()}"
            if overrides.get(item.name) is not None:
                given[item.name] = overrides[item.name]
            elif environ.get(variable):
                given[item.name] = _parse(variable, str(item.type), environ[variable])
        return cls(**given)


def iso_date(text: str) -> dt.date:
    """A date written YYYY-MM-DD; Python alone would take 20240131 and 2024-W05-3 too.

    Raises:
        ValueError: it is none.
    """
    date = dt.date.fromisoformat(text)
    if date.isoformat() != text:
        raise ValueError(text)
    return date


def _parse(variable: str, kind: str, text: str) -> Any:
    """One environment text as the type of its field."""
    try:
        if kind.startswith("Path"):
            return Path(text)
        if kind.startswith("bool"):
            return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
        if kind.startswith("dt.date"):
            return iso_date(text)
        return int(text)
    except (KeyError, ValueError):
        raise UsageError(f"{variable} is «{text}», which is no {kind.split(' ')[0]}; correct it.") from None
