"""1.2 Outpatient activity and 3.4 Digital contact: the same contacts, counted as contacts and as patients."""

from __future__ import annotations

from collections import Counter

from tests.oracle.figures import AREA, Indicator, Measure, count, ratio
from tests.oracle.periods import FigurePeriod
from tests.oracle.state import Organisation, Row


def _not_a_contact(row: Row, indirect: bool) -> str | None:
    if row["omsorgsnivaa"] != 3:
        return "not_outpatient"
    if row["polindir"] == 21:
        return "technical"
    if indirect:
        return "indirect"
    if row["debitor"] in (12, 30, 32, 60):
        return "not_public"
    return "contract_specialist" if row["debitor"] == 50 else None


def activity_code(row: Row) -> str:
    """1.2: first exclusion code that applies to the contact, else ``included``."""
    if row["tjenesteomraade"] == "SOM":
        return "other_service_area"
    return _not_a_contact(row, row["kontakttype"] == 5) or "included"


def patient_code(row: Row) -> str:
    """3.4: as in 1.2 for all areas; a contact with digital follow-up is never ``indirect``."""
    indirect = row["kontakttype"] == 5 and row["digital_oppfolging"] is None
    return _not_a_contact(row, indirect) or ("included" if row["pasient_id"] else "no_patient_id")


class OutpatientActivity(Indicator):
    """1.2: counted contacts in mental health care and substance use treatment."""

    id = "1.2"
    datasets = ("outpatient_contacts",)
    counted_dataset = "outpatient_contacts"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """A series of an existing figure without contacts is 0; ``all`` is the sum of the areas."""
        contacts = Counter(
            AREA[row["tjenesteomraade"]]
            for row in self.input("outpatient_contacts", org, period.extracts)
            if activity_code(row) == "included"
        )
        areas = {area: count(contacts[area]) for code, area in AREA.items() if code != "SOM"}
        return {"all": count(contacts.total()), **areas}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: contact."""
        return Counter(activity_code(row) for row in self.input("outpatient_contacts", org, [extract]))


class DigitalContact(Indicator):
    """3.4: of the patients with a counted contact, those with a digital one; distinct within the figure."""

    id = "3.4"
    datasets = ("outpatient_contacts",)
    counted_dataset = "outpatient_contacts"

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """A service area looks at the contacts of that area only."""
        patients: dict[str, set[str]] = {}
        reached: dict[str, set[str]] = {}
        for row in self.input("outpatient_contacts", org, period.extracts):
            for series in ("all", AREA[row["tjenesteomraade"]]):
                seen, digital = patients.setdefault(series, set()), reached.setdefault(series, set())
                if patient_code(row) == "included":
                    seen.add(row["pasient_id"])
                    if row["kontakttype"] in (6, 7) or row["digital_oppfolging"] is not None:
                        digital.add(row["pasient_id"])
        return {series: ratio(len(reached[series]), len(patients[series])) for series in patients}

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: contact."""
        return Counter(patient_code(row) for row in self.input("outpatient_contacts", org, [extract]))
