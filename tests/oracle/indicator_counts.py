"""2.1 Clinical treatment studies, 2.2 Training positions, 2.3 Apprentices: distinct counts once a year."""

from __future__ import annotations

from collections import Counter

from tests.oracle.figures import Indicator, Measure, count
from tests.oracle.periods import FigurePeriod, bounds
from tests.oracle.state import Organisation, Row

FIELDS = {
    "ANESTESI": "anaesthesia",
    "BARN": "paediatric",
    "INTENSIV": "intensive_care",
    "OPERASJON": "operating",
    "KREFT": "oncology",
    "JORDMOR": "midwifery",
}


class ClinicalStudies(Indicator):
    """2.1: distinct treatment studies with at least one new patient at the organisation in the year."""

    id = "2.1"
    datasets = ("clinical_trials",)
    counted_dataset = "clinical_trials"

    @staticmethod
    def code(row: Row) -> str:
        """First exclusion code that applies to the row, else ``included``."""
        if not row["behandlingsstudie"]:
            return "not_treatment"
        if row["nye_pasienter"] is None:
            return "not_reported"
        return "included" if row["nye_pasienter"] else "no_new_patients"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """A study at two trusts counts once in the region."""
        rows = self.input("clinical_trials", org, period.extracts)
        return {"all": count(len({row["studie_id"] for row in rows if self.code(row) == "included"}))}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: row."""
        return Counter(self.code(row) for row in self.input("clinical_trials", org, [extract]))


class _ActiveAtYearEnd(Indicator):
    """Distinct persons or positions of a trust that are active on 31 December, per series."""

    start: str
    end: str
    identity: str
    series: tuple[str, ...]

    def active(self, row: Row, year: str) -> bool:
        """Begun by and not ended before 31 December; an open end counts."""
        day = bounds(year)[1]
        return row[self.start] <= day and (row[self.end] is None or row[self.end] >= day)

    def code(self, row: Row, year: str) -> str:
        """First exclusion code that applies to the row, else ``included``."""
        return "included" if self.active(row, year) else "not_active"

    def series_of(self, row: Row) -> str:
        """Series of an included row."""
        raise NotImplementedError

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """A series of an existing figure without rows is 0."""
        found: dict[str, set[tuple[str, str]]] = {series: set() for series in ("all", *self.series)}
        for row in self.input(self.datasets[0], org, period.extracts):
            if self.code(row, period.label) == "included":
                for series in ("all", self.series_of(row)):
                    found[series].add((row["foretak_orgnr"], row[self.identity]))
        return {series: count(len(identities)) for series, identities in found.items()}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: row."""
        return Counter(self.code(row, extract) for row in self.input(self.datasets[0], org, [extract]))


class TrainingPositions(_ActiveAtYearEnd):
    """2.2: positions for specialist nurses and midwives in training."""

    id = "2.2"
    datasets = ("training_positions",)
    counted_dataset = "training_positions"
    start, end, identity = "fra_dato", "til_dato", "stilling_id"
    series = tuple(FIELDS.values())

    def series_of(self, row: Row) -> str:
        """The field of training."""
        return FIELDS[row["fagretning"]]


class Apprentices(_ActiveAtYearEnd):
    """2.3: apprentices in the trades that the reference list includes."""

    id = "2.3"
    datasets = ("apprentices",)
    counted_dataset = "apprentices"
    start, end, identity = "kontrakt_fra", "kontrakt_til", "laerling_id"
    series = ("healthcare_worker", "other")

    def _trade(self, row: Row) -> dict[str, str]:
        trades = self.state.reference["apprentice_trades"]
        return next(trade for trade in trades if trade["trade"] == row["larefag"])

    def code(self, row: Row, year: str) -> str:
        """``not_active`` before ``not_relevant_trade``."""
        relevant = self._trade(row)["relevant"] == "true"
        return super().code(row, year) if relevant or not self.active(row, year) else "not_relevant_trade"

    def series_of(self, row: Row) -> str:
        """As the list of trades says."""
        return self._trade(row)["series"]
