"""1.1 Real growth in costs, mental health care and substance use treatment."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.figures import Indicator, Measure, count
from tests.oracle.periods import FigurePeriod
from tests.oracle.state import Organisation

AREAS = ("PHVV", "PHBU", "TSB")
APART = {"PENSJON": "pension", "AVSKRIVNING": "depreciation"}
"""Kinds of cost that are left out of the growth, but shown."""


class CostGrowth(Indicator):
    """Growth of the costs without pension and depreciation, from the year before; both years date it."""

    id = "1.1"
    datasets = ("costs",)

    def sources(self, period: FigurePeriod) -> tuple[str, ...]:
        """Both years (rules for all, 8)."""
        return (str(period.year - 1), period.label)

    def amounts(self, org: Organisation, year: str) -> dict[str, Fraction]:
        """NOK for the three areas: included, pension, depreciation; credits are negative."""
        sums = dict.fromkeys(("costs_included", *APART.values()), Fraction(0))
        for row in self.input("costs", org, [year]):
            if row["tjenesteomraade"] in AREAS:
                sums[APART.get(row["kostnadsart"], "costs_included")] += Fraction(row["belop_nok"])
        return sums

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Amounts, nominal growth, and real growth in a year with a deflator."""
        before = str(period.year - 1)
        amounts = self.amounts(org, period.label)
        figures = {series: count(amount) for series, amount in amounts.items()}
        base = amounts["costs_included"]
        earlier = self.amounts(org, before)["costs_included"] if self.exists(org, before) else None
        nominal = base / earlier - 1 if earlier is not None and earlier > 0 else None
        figures["nominal_growth"] = Measure(base, earlier, nominal)
        for row in self.state.reference["price_growth"]:
            if row["year"] == period.label and row["deflator"] and nominal is not None:
                real = (1 + nominal) / (1 + Fraction(row["deflator"])) - 1
                figures["real_growth"] = Measure(None, None, real)
        return figures

    def obstacles(self, org: Organisation, period: FigurePeriod) -> dict[str, str]:
        """base(y-1) not above 0: ``zero_denominator``; missing or incomplete: ``no_baseline``."""
        before = str(period.year - 1)
        if not self.exists(org, before):
            return {"nominal_growth": "no_baseline"}
        if self.amounts(org, before)["costs_included"] <= 0:
            return {"nominal_growth": "zero_denominator"}
        if not self.state.complete(org, self.datasets, [before]):
            return {"nominal_growth": "no_baseline"}
        return {}
