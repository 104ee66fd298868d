"""A small landing folder that grows: three trusts, discharge summaries and studies.

Belongs here: what is delivered, and when. Does not belong here: what is published of it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.integration import files

OLAV, NORD, MORE = "883974832", "983974791", "997005562"
CANARY = "KANARI"
"""Begins every pseudonym; it may stand in the warehouse, in kept files and nowhere else."""
TERTIAL = "2024-T1"


def begin(landing: Path) -> None:
    """The first deliveries."""
    for trust, (in_time, number) in {OLAV: (150, 200), NORD: (100, 160), MORE: (60, 120)}.items():
        _discharges(landing, trust, "2024-06-15", in_time, number)
    for year, number in (("2023", 20), ("2024", 22)):
        _studies(landing, year, f"{int(year) + 1}-02-01", number)


def correct(landing: Path) -> None:
    """A trust's next extract."""
    _discharges(landing, MORE, "2024-06-20", 70, 120)


def go_on(landing: Path) -> None:
    """What the disturbed runs are to load: two trusts' next extracts, one with bad rows, and the studies'."""
    _discharges(landing, NORD, "2024-07-01", 140, 160, bad=3)
    _discharges(landing, OLAV, "2024-07-01", 160, 200)
    _studies(landing, "2024", "2025-03-01", 25)


def _discharges(
    landing: Path, trust: str, extract_date: str, in_time: int, number: int, bad: int = 0
) -> None:
    left = dt.datetime(2024, 2, 1, 12)
    rows: list[files.Row] = [
        {"opphold_id": f"o{one}", "pasient_id": f"{CANARY}-{trust}-{one}", "foretak_orgnr": trust}
        | {"omsorgsnivaa": 1, "tjenesteomraade": "SOM", "utskrevet_tid": left}
        | {"epikrise_sendt_tid": left + dt.timedelta(days=1 if one < in_time else 2)}
        for one in range(number)
    ]
    for row in rows[:bad]:
        row["utskrevet_tid"] = "i går"
    folder = landing / "epicrises" / TERTIAL / extract_date / f"hf_{trust}"
    files.write_csv(folder / "epikriser.csv", "epicrises", rows)


def _studies(landing: Path, year: str, extract_date: str, number: int) -> None:
    rows: list[files.Row] = [
        {"studie_id": f"s{one}", "foretak_orgnr": trust, "aar": int(year), "behandlingsstudie": True}
        | {"nye_pasienter": 1}
        for trust in (OLAV, NORD, MORE)
        for one in range(number)
    ]
    files.write_csv(
        landing / "clinical_trials" / year / extract_date / "studier.csv", "clinical_trials", rows
    )
