"""3.2 Mean waiting time: days from seniority date to the end of the wait, per counted referral."""

from __future__ import annotations

from collections import Counter

from tests.oracle.figures import AREA, Indicator, Measure, ratio
from tests.oracle.periods import FigurePeriod
from tests.oracle.state import Organisation, Row


def code(row: Row) -> str:
    """First exclusion code that applies to the referral, else ``included``."""
    wait = (row["ventetid_sluttdato"] - row["ansiennitetsdato"]).days
    outcomes = {3: "control", 4: "emergency", 5: "newborn", 6: "pregnancy", 7: "course_or_advice"}
    if row["ventetid_sluttkode"] != 1:
        return "not_started"
    if row["utfall_av_vurdering"] in outcomes:
        return outcomes[row["utfall_av_vurdering"]]
    if row["rett_til_helsehjelp"] == 5:
        return "rejected"
    if row["rett_til_helsehjelp"] == 6:
        return "not_assessed_for_right"
    if row["vurderingsdato"] is None:
        return "no_assessment_date"
    if row["vurderingsdato"] == row["ventetid_sluttdato"]:
        return "ended_on_assessment_date"
    if wait in (0, 1):
        return "zero_or_one_day"
    return "over_ten_years" if wait > 3652 else "included"


class WaitingTime(Indicator):
    """Numerator: sum of days; denominator: referrals; longer periods are weighted by count."""

    id = "3.2"
    datasets = ("waiting_times",)
    counted_dataset = "waiting_times"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Mean per service area; an area without any referral, counted or not, has no row."""
        days: Counter[str] = Counter()
        referrals: Counter[str] = Counter()
        for row in self.input("waiting_times", org, period.extracts):
            area, counted = AREA[row["tjenesteomraade"]], code(row) == "included"
            days[area] += (row["ventetid_sluttdato"] - row["ansiennitetsdato"]).days * counted
            referrals[area] += int(counted)
        return {area: ratio(days[area], referrals[area]) for area in referrals}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: row."""
        return Counter(code(row) for row in self.input("waiting_times", org, [extract]))
