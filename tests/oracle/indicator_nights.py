"""1.3 Inpatient days in mental health care, and 2.4 Broad-spectrum antibiotics per 100 bed days."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

from tests.oracle.figures import AREA, Indicator, Measure, count, ratio
from tests.oracle.periods import FigurePeriod
from tests.oracle.state import Organisation, Row, State
from tests.oracle.stays import bed_days, stays_in_force, tertials_touched

GROUPS = {
    "J01DH": "carbapenems",
    "J01DC": "second_generation_cephalosporins",
    "J01DD": "third_generation_cephalosporins",
    "J01CR": "penicillins_with_inhibitor",
    "J01MA": "quinolones",
}
"""First five characters of the ATC code -> series."""


def nights_in(
    state: State, nights: Counter[tuple[str, str, str]], org: Organisation, period: FigurePeriod, area: str
) -> int:
    """Nights of the trusts that have delivered stays for the extract period they lie in."""
    return sum(
        nights[trust.id, area, extract]
        for extract in period.extracts
        for trust in org.trusts
        if state.extract_date("inpatient_stays", extract, trust.id)
    )


class InpatientDays(Indicator):
    """1.3: nights in the period in mental health care, adults and children; ``all`` is their sum."""

    id = "1.3"
    datasets = ("inpatient_stays",)
    counted_dataset = "inpatient_stays"

    def __init__(self, state: State) -> None:
        super().__init__(state)
        stays = stays_in_force(state)
        self.nights = bed_days(stays)
        self.codes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for stay in stays:
            for tertial in tertials_touched(stay):
                self.codes[stay.row["foretak_orgnr"], tertial][self.code(stay.row)] += 1

    @staticmethod
    def code(row: Row) -> str:
        """First exclusion code that applies to the stay, else ``included``."""
        if row["tjenesteomraade"] not in ("PHVV", "PHBU"):
            return "other_service_area"
        return "included" if row["omsorgsnivaa"] == 1 else "not_inpatient"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """A series of an existing figure without stays is 0."""
        adult, child = (nights_in(self.state, self.nights, org, period, area) for area in ("PHVV", "PHBU"))
        return {"all": count(adult + child), AREA["PHVV"]: count(adult), AREA["PHBU"]: count(child)}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: stay, in each tertial that its dates touch."""
        total: Counter[str] = Counter()
        for trust in org.trusts:
            if self.state.extract_date("inpatient_stays", extract, trust.id):
                total += self.codes[trust.id, extract]
        return total


class Antibiotics(Indicator):
    """2.4: 100 x DDD / somatic bed days; a trust that lacks one dataset contributes the other."""

    id = "2.4"
    datasets = ("antibiotics", "inpatient_stays")
    counted_dataset = "antibiotics"

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.nights = bed_days(stays_in_force(state))
        self.ddd_grams = {
            (row["atc_code"], row["route"]): Fraction(row["ddd_grams"]) for row in state.reference["who_ddd"]
        }

    def code(self, row: Row) -> str:
        """First exclusion code that applies to the purchase, else ``included``."""
        if row["atc_kode"][:5] not in GROUPS:
            return "not_broad_spectrum"
        known = (row["atc_kode"], row["administrasjonsvei"]) in self.ddd_grams
        return "included" if known else "no_ddd"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """DDD = grams / WHO DDD of the code and route, the same version for all years."""
        doses = dict.fromkeys(("all", *GROUPS.values()), Fraction(0))
        for row in self.input("antibiotics", org, period.extracts):
            if self.code(row) == "included":
                ddd = (
                    Fraction(row["virkestoff_gram"])
                    / self.ddd_grams[row["atc_kode"], row["administrasjonsvei"]]
                )
                doses[GROUPS[row["atc_kode"][:5]]] += ddd
                doses["all"] += ddd
        nights = nights_in(self.state, self.nights, org, period, "SOM")
        return {series: ratio(ddd, nights, 100) for series, ddd in doses.items()}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: purchase row as delivered."""
        return Counter(self.code(row) for row in self.input("antibiotics", org, [extract]))
