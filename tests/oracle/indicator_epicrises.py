"""3.6 Discharge summary within one day after discharge."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.oracle.figures import AREA, Indicator, Measure, ratio
from tests.oracle.periods import DAY, FigurePeriod
from tests.oracle.state import Organisation, Row

AREAS = ("somatic", "mental_health_adult", "substance_use")


def code(row: Row, extract_date: dt.date) -> str:
    """First exclusion code that applies to the row, else ``included``."""
    if row["tjenesteomraade"] == "PHBU":
        return "child_mental_health"
    if row["omsorgsnivaa"] != 1:
        return "not_inpatient"
    if row["epikrise_samtykke"] == 4:
        return "no_consent"
    if row["tjenesteomraade"] == "SOM" and (row["hdg"] in (14, 15) or row["inntilstand"] == 3):
        return "birth_or_newborn"
    if row["utskrevet_tid"].date() + DAY >= extract_date:
        return "not_yet_due"
    return "included"


def in_time(rows: list[Row]) -> bool:
    """Is the first summary sent at most one calendar day after the (earliest) discharge time?"""
    sent = [row["epikrise_sendt_tid"] for row in rows if row["epikrise_sendt_tid"] is not None]
    discharged = min(row["utskrevet_tid"] for row in rows)
    return bool(sent) and (min(sent).date() - discharged.date()).days <= 1


class DischargeSummary(Indicator):
    """A discharge is a stay at a trust; it counts once within a figure, however many rows it has."""

    id = "3.6"
    datasets = ("epicrises",)
    counted_dataset = "epicrises"

    def coded(self, org: Organisation, extracts: Iterable[str]) -> Iterator[tuple[Row, str]]:
        """The rows with their exclusion codes."""
        for extract in extracts:
            for trust in org.trusts:
                extracted = self.state.extract_date("epicrises", extract, trust.id)
                for row in self.state.rows("epicrises", extract, trust.id):
                    assert extracted is not None
                    yield row, code(row, extracted)

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Share per area and for the three areas together (``all``).

        A discharge whose rows disagree about the area belongs to that of its earliest row.
        """
        counts: dict[str, list[bool]] = {}
        discharges: dict[tuple[str, str], list[Row]] = {}
        for row, reason in self.coded(org, period.extracts):
            area = AREA[row["tjenesteomraade"]]
            for series in (area, "all") if area in AREAS else ():
                counts.setdefault(series, [])
            if reason == "included":
                discharges.setdefault((row["foretak_orgnr"], row["opphold_id"]), []).append(row)
        for rows in discharges.values():
            earliest = min(rows, key=lambda row: row["utskrevet_tid"])
            for series in (AREA[earliest["tjenesteomraade"]], "all"):
                counts[series].append(in_time(rows))
        return {series: ratio(sum(found), len(found)) for series, found in counts.items()}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: row."""
        return Counter(reason for _, reason in self.coded(org, [extract]))
