"""3.5 Treatment plan made together with the patient."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from tests.oracle.figures import AREA, Indicator, Measure, ratio
from tests.oracle.periods import FigurePeriod
from tests.oracle.state import Organisation, Row


def has_plan(row: Row) -> bool:
    """Made with the patient, dated, and not after the end of the pathway (an open end counts)."""
    made, end = row["behandlingsplan_dato"], row["forlop_slutt_dato"]
    return bool(row["plan_med_pasient"]) and made is not None and (end is None or made <= end)


class TreatmentPlans(Indicator):
    """Unit: pathway of a trust; it counts once within a figure."""

    id = "3.5"
    datasets = ("treatment_plans",)
    counted_dataset = "treatment_plans"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Share of the pathways started in the period that have a plan made with the patient.

        A pathway delivered in several of the figure's tertials counts once, as the newest extract knows it
        (on a tie the later tertial).
        """
        newest: dict[tuple[str, str], tuple[dt.date, str, Row]] = {}
        for extract in period.extracts:
            for row in self.input("treatment_plans", org, [extract]):
                key = (row["foretak_orgnr"], row["forlop_id"])
                extracted = self.state.extract_date("treatment_plans", extract, key[0])
                assert extracted is not None
                if key not in newest or newest[key][:2] < (extracted, extract):
                    newest[key] = (extracted, extract, row)
        planned: dict[str, list[bool]] = {}
        for _, _, row in newest.values():
            for series in ("all", AREA[row["tjenesteomraade"]]):
                planned.setdefault(series, []).append(has_plan(row))
        return {series: ratio(sum(found), len(found)) for series, found in planned.items()}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """No exclusions: every pathway is included."""
        rows = self.input("treatment_plans", org, [extract])
        return Counter({"included": len({(row["foretak_orgnr"], row["forlop_id"]) for row in rows})})
