"""Two regions of a made-up country, and what they deliver in the years of two letters.

Belongs here: their deliveries, in round numbers that stand near the thresholds. Does not belong here: the
letters and organisations themselves, which are files in ``tests/letters/``.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from tests.integration import files
from tests.integration.place import Place
from tests.integration.world import bounds, extract_date

LETTERS = Path(__file__).parent.parent / "letters"
IN_TIME = {"2024": 36, "2025": 36}
"""Discharge summaries in time, of 50 per trust and tertial: 72 %."""
WITH_PATIENT = {"2024": 35, "2025": 38}
"""Treatment plans made with the patient, of 50: 70 and 76 %."""
STUDIES = {"2023": 20, "2024": 22, "2025": 24}
"""Treatment studies per region: 10 % more, then 9 % more."""


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a file in ``tests/letters/``."""
    with (LETTERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def deliver(place: Place) -> None:
    """Write the deliveries of both regions, all trusts in one file."""
    trusts = [row["org_id"] for row in rows_of("organisations") if row["org_level"] == "trust"]
    for year, number in STUDIES.items():
        studies = [
            {"studie_id": f"s{one}", "foretak_orgnr": trust, "aar": int(year), "behandlingsstudie": True}
            | {"nye_pasienter": 1}
            for trust in trusts
            for one in range(number)
        ]
        _write(place, "clinical_trials", year, studies)
    for year, in_time in IN_TIME.items():
        for tertial in (f"{year}-T1", f"{year}-T2", f"{year}-T3"):
            day = bounds(tertial)[0]
            left = dt.datetime.combine(day, dt.time(12))
            discharges = [
                {"opphold_id": f"o{one}-{tertial}", "foretak_orgnr": trust, "tjenesteomraade": "SOM"}
                | {"omsorgsnivaa": 1, "utskrevet_tid": left}
                | {"epikrise_sendt_tid": left + dt.timedelta(days=1 if one < in_time else 2)}
                for trust in trusts
                for one in range(50)
            ]
            _write(place, "epicrises", tertial, discharges)
            plans = [
                {"forlop_id": f"f{one}-{tertial}", "foretak_orgnr": trust, "tjenesteomraade": "PHVV"}
                | {"behandling_start_dato": day, "behandlingsplan_dato": day}
                | {"plan_med_pasient": one < WITH_PATIENT[year]}
                for trust in trusts
                for one in range(50)
            ]
            _write(place, "treatment_plans", tertial, plans)


def _write(place: Place, dataset: str, period: str, rows: list[files.Row]) -> None:
    folder = place.landing / dataset / period / str(extract_date(period)) / "brevene"
    files.write_csv(folder / f"{dataset}.csv", dataset, rows)
