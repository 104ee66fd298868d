"""Months, tertials and years, as labels and as dates; what day it is in Norway.

Belongs here: the calendar of the extracts (spec/extracts.md, Layout). Does not belong here: datasets,
files, indicators. All dates are local dates in Europe/Oslo.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
FIRST_YEAR = 2019
"""Periods run from 2019 to the current one (spec/extracts.md)."""

Cadence = Literal["month", "tertial", "year"]
MONTHS_IN: dict[str, int] = {"month": 1, "tertial": 4, "year": 12}
_LABEL = {
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "tertial": re.compile(r"(\d{4})-T([123])"),
    "year": re.compile(r"(\d{4})"),
}


@dataclass(frozen=True, order=True)
class Period:
    """One month, tertial or year; ``number`` counts from 1 within the year."""

    year: int
    number: int
    cadence: Cadence

    @classmethod
    def parse(cls, label: str, cadence: Cadence) -> Period:
        """Read ``2024-03``, ``2024-T1`` or ``2024``.

        Raises:
            ValueError: the label is not of the cadence's form.
        """
        match = _LABEL[cadence].fullmatch(label)
        if match is None:
            raise ValueError(f"{label!r} is no {cadence}")
        return cls(int(match[1]), int(match[2]) if cadence != "year" else 1, cadence)

    @property
    def label(self) -> str:
        """The period's name in folders, tables and figures."""
        if self.cadence == "month":
            return f"{self.year:04d}-{self.number:02d}"
        return f"{self.year:04d}-T{self.number}" if self.cadence == "tertial" else f"{self.year:04d}"

    @property
    def start(self) -> dt.date:
        """First day."""
        return dt.date(self.year, (self.number - 1) * MONTHS_IN[self.cadence] + 1, 1)

    @property
    def end(self) -> dt.date:
        """Last day."""
        month = self.number * MONTHS_IN[self.cadence]
        following = dt.date(self.year + month // 12, month % 12 + 1, 1)
        return following - dt.timedelta(days=1)


def today() -> dt.date:
    """Today's date in Norway: the only clock of the landing rules; never used in a model."""
    return dt.datetime.now(OSLO).date()


def is_open(period: Period, day: dt.date) -> bool:
    """True when the period is 2019 or later and has begun on ``day``: a delivery for it may exist."""
    return period.year >= FIRST_YEAR and period.start <= day
