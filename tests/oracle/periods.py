"""Months, tertials and years as labels: the calendar of extract periods and of figures.

Belongs here: which extract periods a figure's period is made of. Does not belong here: which figures exist
(``rollup.py``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
FIRST_YEAR = 2019
CADENCE = {
    "waiting_times": "month",
    "planned_contacts": "tertial",
    "outpatient_contacts": "tertial",
    "inpatient_stays": "tertial",
    "epicrises": "tertial",
    "cancer_pathways": "tertial",
    "treatment_plans": "tertial",
    "antibiotics": "tertial",
    "psychiatric_beds": "year",
    "icu_capacity": "year",
    "costs": "year",
    "clinical_trials": "year",
    "training_positions": "year",
    "apprentices": "year",
}
"""Dataset -> how often it is delivered."""
MONTHS = {"month": 1, "tertial": 4, "year": 12}


def label_of(day: dt.date, cadence: str) -> str:
    """Label of the extract period that the day lies in."""
    if cadence == "month":
        return f"{day.year}-{day.month:02d}"
    return f"{day.year}-T{(day.month + 3) // 4}" if cadence == "tertial" else f"{day.year}"


def bounds(label: str) -> tuple[dt.date, dt.date]:
    """First and last day of an extract period (``2024-03``, ``2024-T1``, ``2024``)."""
    year, part = int(label[:4]), label[5:]
    if not part:
        first, last = 1, 12
    elif part.startswith("T"):
        first, last = 4 * int(part[1]) - 3, 4 * int(part[1])
    else:
        first = last = int(part)
    return dt.date(year, first, 1), dt.date(year + last // 12, last % 12 + 1, 1) - DAY


def extracts_of(cadence: str, year: int) -> list[str]:
    """The extract periods of a year, in order."""
    return [label_of(dt.date(year, month, 1), cadence) for month in range(1, 13, MONTHS[cadence])]


@dataclass(frozen=True)
class FigurePeriod:
    """The period of a figure, with the extract periods inside it and those it cannot exist without."""

    type: str
    label: str
    extracts: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def start(self) -> dt.date:
        """First day."""
        return bounds(self.extracts[0])[0]

    @property
    def end(self) -> dt.date:
        """Last day."""
        return bounds(self.extracts[-1])[1]

    @property
    def year(self) -> int:
        """Calendar year."""
        return int(self.label[:4])

    def in_year(self, year: int) -> str:
        """Label of the same period in another year (rules for all, 6)."""
        return f"{year}{self.label[4:]}"


def figure_periods(cadence: str, year: int) -> list[FigurePeriod]:
    """Rules for all, 2: month, tertial, year to date and year, as far as the cadence has them.

    A tertial of a monthly indicator and a year to date need their last extract period, a year needs all.
    """
    extracts = tuple(extracts_of(cadence, year))
    if cadence == "year":
        return [FigurePeriod("year", str(year), extracts, extracts)]
    periods = [FigurePeriod(cadence, label, (label,), (label,)) for label in extracts]
    if cadence == "month":
        for number in (1, 2, 3):
            months = extracts[4 * number - 4 : 4 * number]
            periods.append(FigurePeriod("tertial", f"{year}-T{number}", months, months[-1:]))
    for index, label in enumerate(extracts):
        until = extracts[: index + 1]
        periods.append(
            FigurePeriod("year_to_date", f"{year}-YTD{bounds(label)[1].month:02d}", until, (label,))
        )
    return [*periods, FigurePeriod("year", str(year), extracts, extracts)]
