"""1.4 Inpatient beds in mental health care, and 2.5 Intensive care capacity."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.figures import AREA, Indicator, Measure, count
from tests.oracle.periods import FigurePeriod, bounds
from tests.oracle.state import Organisation, Row

BED_AREAS = ("PHVV", "PHBU")


class InpatientBeds(Indicator):
    """1.4: the regional authority's own row holds for the region, area by area, when it has a value."""

    id = "1.4"
    datasets = ("psychiatric_beds",)

    def members(self, org: Organisation) -> list[str]:
        """The region may deliver for itself."""
        return [*super().members(org), *([org.id] if org.level == "region" else [])]

    def exists(self, org: Organisation, extract: str) -> bool:
        """A trust, or the region itself, has a delivery in force."""
        return any(self.state.extract_date("psychiatric_beds", extract, m) for m in self.members(org))

    def _own(self, org: Organisation, extract: str, area: str) -> list[Row]:
        rows = self.state.rows("psychiatric_beds", extract, org.id) if org.level == "region" else []
        return [row for row in rows if row["tjenesteomraade"] == area]

    def _holds(self, org: Organisation, extract: str, area: str) -> bool:
        """Has the region a value of its own?"""
        return any(row["dognplasser"] is not None for row in self._own(org, extract, area))

    def _rows(self, org: Organisation, extract: str, area: str) -> list[Row]:
        own = self._own(org, extract, area)
        trusts = [r for r in self.input("psychiatric_beds", org, [extract]) if r["tjenesteomraade"] == area]
        return own if self._holds(org, extract, area) or not trusts else trusts

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Sum of the beds reported; what nobody reported has no row."""
        figures: dict[str, Measure] = {}
        total = []
        for area in BED_AREAS:
            rows = self._rows(org, period.label, area)
            beds = [Fraction(row["dognplasser"]) for row in rows if row["dognplasser"] is not None]
            if beds:
                figures[AREA[area]] = count(sum(beds, Fraction(0)))
            total += beds
        return {**figures, "all": count(sum(total, Fraction(0)))} if total else {}

    def complete(self, org: Organisation, period: FigurePeriod, series: str) -> bool:
        """A missing value makes its series and ``all`` incomplete; a region's own value completes an area."""
        areas = BED_AREAS if series == "all" else [a for a in BED_AREAS if AREA[a] == series]
        return all(self._area_complete(org, period, area) for area in areas)

    def _area_complete(self, org: Organisation, period: FigurePeriod, area: str) -> bool:
        if self._holds(org, period.label, area):
            extracted = self.state.extract_date("psychiatric_beds", period.label, org.id)
            return extracted is not None and extracted >= bounds(period.label)[1]
        missing = any(row["dognplasser"] is None for row in self._rows(org, period.label, area))
        return not missing and self.state.complete(org, self.datasets, period.extracts)


class IntensiveCare(Indicator):
    """2.5: beds of category 2 and 3, in ordinary operation and at full mobilisation (surge)."""

    id = "2.5"
    datasets = ("icu_capacity",)
    modes = (("ordinary", "ordinaer"), ("surge", "beredskap"))

    def beds(self, org: Organisation, year: str) -> dict[str, Fraction]:
        """Beds per series; of several counts in a year the latest per hospital and mode holds."""
        rows = list(self.input("icu_capacity", org, [year]))
        latest: dict[tuple[str, str, str], object] = {}
        for row in sorted(rows, key=lambda row: row["telledato"]):
            latest[_place(row)] = row["telledato"]
        beds: dict[str, Fraction] = {}
        for row in rows:
            if row["telledato"] == latest[_place(row)] and row["kategori"] in (2, 3):
                mode = next(name for name, code in self.modes if code == row["driftstype"])
                for series in (mode, f"{mode}_category_{row['kategori']}"):
                    beds[series] = beds.get(series, Fraction(0)) + Fraction(row["antall_senger"])
        return beds

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Absolute, per 100 000 inhabitants of the region, and the increase of surge beyond ordinary."""
        beds = self.beds(org, period.label)
        figures = {series: count(number) for series, number in beds.items()}
        population = next(
            (
                Fraction(row["population"])
                for row in self.state.reference["population"]
                if row["org_id"] == org.id and row["date"] == f"{period.label}-01-01"
            ),
            None,
        )
        for mode, _ in self.modes:
            if org.level == "region" and population and mode in beds:
                value = beds[mode] / population * 100_000
                figures[f"{mode}_per_100k"] = Measure(beds[mode], population, value)
        base = self._baseline(org, period)
        if base is not None and {"ordinary", "surge"} <= beds.keys():
            increase = (beds["surge"] - base["surge"]) - (beds["ordinary"] - base["ordinary"])
            figures["surge_minus_ordinary"] = Measure(None, None, increase)
        return figures

    def _baseline_year(self, org: Organisation, period: FigurePeriod) -> str | None:
        for row in self.state.targets[period.label, org.region, self.id]:
            if row["series"] == "surge_minus_ordinary":
                return row["baseline_year"]
        return None

    def _baseline(self, org: Organisation, period: FigurePeriod) -> dict[str, Fraction] | None:
        """Beds of the baseline year, when both modes are there and the year is complete."""
        year = self._baseline_year(org, period)
        if year is None or not self.state.complete(org, self.datasets, [year]):
            return None
        beds = self.beds(org, year)
        return beds if {"ordinary", "surge"} <= beds.keys() else None

    def obstacles(self, org: Organisation, period: FigurePeriod) -> dict[str, str]:
        """Why there is no ``surge_minus_ordinary``: ``no_data`` this year, or ``no_baseline``."""
        if not {"ordinary", "surge"} <= self.beds(org, period.label).keys():
            return {"surge_minus_ordinary": "no_data"}
        missing = self._baseline(org, period) is None
        return {"surge_minus_ordinary": "no_baseline"} if missing else {}


def _place(row: Row) -> tuple[str, str, str]:
    return row["foretak_orgnr"], row["behandlingssted_orgnr"], row["driftstype"]
