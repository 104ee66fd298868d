"""3.3 Planned time kept, at the last day of the tertial."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from tests.oracle.figures import AREA, Indicator, Measure, ratio
from tests.oracle.periods import FigurePeriod, bounds
from tests.oracle.state import Organisation, Row


def code(row: Row, cut_off: dt.date) -> str:
    """First exclusion code that applies to the planned contact, else ``included``."""
    if row["opprettet_dato"] and row["opprettet_dato"] > cut_off:
        return "created_later"
    if row["status"] == "avlyst" and (row["avlyst_dato"] is None or row["avlyst_dato"] <= cut_off):
        return "cancelled"
    carried_out = row["utfort_dato"]
    if carried_out is not None and carried_out <= cut_off:
        return "carried_out"
    if carried_out is None and row["status"] == "utfort":
        return "carried_out"
    if row["planlagt_dato"] is None:
        return "no_planned_date"
    closed = row["henvisningsperiode_sluttdato"]
    return "referral_closed" if closed and closed <= cut_off else "included"


def shares(rows: Iterable[Row], cut_off: dt.date) -> dict[str, Measure]:
    """Kept per area and in all, and ``passed`` with the same denominator."""
    open_contacts: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for row in rows:
        counted = code(row, cut_off) == "included"
        for series in ("all", AREA[row["tjenesteomraade"]]):
            open_contacts[series] += int(counted)
            passed[series] += int(counted and row["planlagt_dato"] < cut_off)
    figures = {series: ratio(n - passed[series], n) for series, n in open_contacts.items()}
    if "all" in open_contacts:
        figures["passed"] = ratio(passed["all"], open_contacts["all"])
    return figures


class PlannedTime(Indicator):
    """A snapshot: a year or year to date is the last tertial in it."""

    id = "3.3"
    datasets = ("planned_contacts",)
    counted_dataset = "planned_contacts"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Share of the open planned contacts whose planned date has not passed."""
        last = period.extracts[-1]
        return shares(self.input("planned_contacts", org, [last]), bounds(last)[1])

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: row."""
        cut_off = bounds(extract)[1]
        return Counter(code(row, cut_off) for row in self.input("planned_contacts", org, [extract]))

    def comparable_baseline(
        self, org: Organisation, period: FigurePeriod, year: int
    ) -> tuple[bool, dict[str, Fraction]]:
        """Same extract date as the year before: (comparable, series -> baseline value).

        Trust by trust the baseline year's delivery extracted exactly one year earlier, also one that a newer
        delivery replaced since; comparable only when every trust in the figure has such a delivery.
        """
        last = period.extracts[-1]
        before = f"{year}{last[4:]}"
        rows: list[Row] = []
        for trust in org.trusts:
            extracted = self.state.extract_date("planned_contacts", last, trust.id)
            if extracted is None:
                continue
            earlier = _one_year_earlier(extracted)
            found = [self.state.on_day.get(("planned_contacts", before, day, trust.id)) for day in earlier]
            delivery = next(filter(None, found), None)
            if delivery is None:
                return False, {}
            rows += self.state.rows_of(delivery, trust.id)
        figures = shares(rows, bounds(before)[1])
        return True, {series: m.value for series, m in figures.items() if m.value is not None}


def _one_year_earlier(day: dt.date) -> list[dt.date]:
    """The exact day, then the other of 28 and 29 February when it does not exist or was not delivered."""
    if (day.month, day.day) == (2, 29):
        return [dt.date(day.year - 1, 2, 28)]
    candidates = [day.replace(year=day.year - 1)]
    if (day.month, day.day) == (2, 28) and _leap(day.year - 1):
        candidates.append(dt.date(day.year - 1, 2, 29))
    return candidates


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
