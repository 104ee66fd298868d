"""Stays in force and the nights they cover: what 1.3, 2.4 and 3.7 share.

Belongs here: which version of a stay holds, and nights. Does not belong here: episodes (3.7).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from tests.oracle.periods import DAY, label_of
from tests.oracle.state import Row, State


@dataclass(frozen=True)
class Stay:
    """One stay as its newest delivery knows it."""

    row: Row
    extract_date: dt.date

    @property
    def first_day(self) -> dt.date:
        """Date of admission."""
        day: dt.date = self.row["inn_tid"].date()
        return day

    @property
    def end_day(self) -> dt.date:
        """Date of discharge; of an open stay the extract date of its delivery."""
        return self.row["ut_tid"].date() if self.row["ut_tid"] else self.extract_date


def stays_in_force(state: State) -> list[Stay]:
    """The same stay may come in several tertials' deliveries: of those in force the newest extract date
    holds, on a tie the later tertial.
    """
    held: dict[tuple[str, str], tuple[tuple[dt.date, str], Row]] = {}
    for (dataset, period, org), delivery in state.in_force.items():
        if dataset == "inpatient_stays":
            for row in state.rows(dataset, period, org):
                key, rank = (org, row["opphold_id"]), (delivery.extract_date, period)
                if key not in held or held[key][0] < rank:
                    held[key] = (rank, row)
    return [Stay(row, rank[0]) for rank, row in held.values()]


def bed_days(stays: list[Stay]) -> Counter[tuple[str, str, str]]:
    """(trust, area code, tertial) -> nights of inpatient stays.

    A night counts on the date it begins; a stay covers the nights from its first day up to, not including,
    its end day; overlapping stays of one patient at one trust in one area count each night once.
    """
    nights = {
        (
            stay.row["foretak_orgnr"],
            stay.row["tjenesteomraade"],
            stay.row["pasient_id"],
            stay.first_day + n * DAY,
        )
        for stay in stays
        if stay.row["omsorgsnivaa"] == 1
        for n in range((stay.end_day - stay.first_day).days)
    }
    return Counter((trust, area, label_of(night, "tertial")) for trust, area, _, night in nights)


def tertials_touched(stay: Stay) -> set[str]:
    """The tertials that the dates of the stay touch, both ends included."""
    touched = {label_of(stay.first_day, "tertial")}
    day = stay.first_day
    while day < stay.end_day:
        day = min(day + 28 * DAY, stay.end_day)
        touched.add(label_of(day, "tertial"))
    return touched
