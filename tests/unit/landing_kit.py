"""A landing folder, a warehouse and the real contracts, for the tests of landing.

Belongs here: making files and reading back what became of them. Does not belong here: any expectation. The
gate is not asked unless a test wants it: Great Expectations takes seconds to import.
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import landing, warehouse
from orchestration.contracts.load import load_contracts
from orchestration.contracts.model import Contract
from orchestration.landing import loading
from orchestration.landing.model import LoadResult
from orchestration.reference import load_reference
from orchestration.settings import DATA_CONTRACTS, Settings

CONTRACTS = load_contracts(DATA_CONTRACTS)
OLAVS, TRONDELAG, MORE = "883974832", "983974791", "997005562"
REGION = "983658776"
TODAY = dt.date(2026, 6, 1)
"""The day on which the tests take place."""

WAITING: Mapping[str, str] = {
    "henvisning_id": "H1",
    "pasient_id": "P1",
    "foretak_orgnr": OLAVS,
    "tjenesteomraade": "SOM",
    "ansiennitetsdato": "2024-01-10",
    "vurderingsdato": "2024-01-12",
    "ventetid_sluttdato": "2024-03-05",
    "ventetid_sluttkode": "1",
    "rett_til_helsehjelp": "3",
    "utfall_av_vurdering": "1",
}
PERIOD = "waiting_times/2024-03/2024-04-10"
"""The delivery that most tests use; its good row is ``WAITING``."""


def record(names: str, values: str) -> dict[str, str]:
    """A row from names with blanks between them, and values with semicolons."""
    return dict(zip(names.split(), values.split(";"), strict=True))


BASE: Mapping[str, Mapping[str, str]] = {
    "inpatient_stays": record(
        "opphold_id pasient_id foretak_orgnr behandlingssted_orgnr tjenesteomraade omsorgsnivaa inn_tid "
        "ut_tid innmate_hast uttilstand dodsdato",
        f"O;P;{OLAVS};974749025;SOM;1;2024-01-02 10:00;2024-01-05 10:00;1;1;",
    ),
    "epicrises": record(
        "opphold_id pasient_id foretak_orgnr tjenesteomraade omsorgsnivaa utskrevet_tid epikrise_sendt_tid "
        "epikrise_samtykke inntilstand hdg",
        f"O;P;{OLAVS};SOM;1;2024-01-02 10:00;;1;1;4",
    ),
    "planned_contacts": record(
        "kontakt_id pasient_id foretak_orgnr tjenesteomraade planlagt_dato status utfort_dato "
        "henvisningsperiode_sluttdato",
        f"K;P;{OLAVS};SOM;2024-05-02;planlagt;;",
    ),
    "treatment_plans": record(
        "forlop_id pasient_id foretak_orgnr tjenesteomraade behandling_start_dato behandlingsplan_dato "
        "plan_med_pasient forlop_slutt_dato",
        f"F;P;{OLAVS};PHVV;2024-02-01;;ja;",
    ),
    "antibiotics": record(
        "foretak_orgnr maaned atc_kode administrasjonsvei virkestoff_gram", f"{OLAVS};2024-01;J01CA04;O;12,5"
    ),
    "outpatient_contacts": record(
        "kontakt_id pasient_id foretak_orgnr tjenesteomraade kontaktdato omsorgsnivaa kontakttype polindir "
        "debitor digital_oppfolging",
        f"K;P;{OLAVS};SOM;2024-02-01;3;1;;1;",
    ),
    "costs": record(
        "foretak_orgnr regnskapsaar tjenesteomraade kostnadsart belop_nok", f"{OLAVS};2024;SOM;LONN;1000"
    ),
    "icu_capacity": record(
        "foretak_orgnr behandlingssted_orgnr kategori driftstype antall_senger telledato",
        f"{OLAVS};974749025;2;ordinaer;10;2024-05-01",
    ),
    "clinical_trials": record(
        "studie_id foretak_orgnr aar behandlingsstudie nye_pasienter", f"S;{OLAVS};2024;ja;3"
    ),
    "psychiatric_beds": record("foretak_orgnr aar tjenesteomraade dognplasser", f"{OLAVS};2024;PHVV;120"),
    "cancer_pathways": record(
        "forlop_id pasient_id foretak_orgnr kreftform start_dato behandling_start_dato behandlingstype",
        f"F;P;{OLAVS};lung;2024-01-10;2024-02-10;K",
    ),
    "apprentices": record(
        "laerling_id foretak_orgnr larefag kontrakt_fra kontrakt_til", f"L;{OLAVS};kokk;2023-08-01;2025-08-01"
    ),
    "training_positions": record(
        "stilling_id foretak_orgnr fagretning fra_dato til_dato", f"S;{OLAVS};BARN;2024-01-01;2025-01-01"
    ),
}
"""A good row of other extracts, for 2024-T1 read on 2024-06-10 or 2024 read on 2025-02-20."""
EXTRACT_DATE = {"2024-T1": "2024-06-10", "2024": "2025-02-20"}


def waiting(number: int, **changes: str) -> dict[str, str]:
    """A good row of waiting_times with an id of its own, and some changes."""
    return {**WAITING, "henvisning_id": f"H{number}", "pasient_id": f"P{number}", **changes}


def csv(rows: Sequence[Mapping[str, str]], line_end: str = "\n") -> str:
    """Rows as csv text; the header from the first row."""
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    return "".join(line + line_end for line in lines)


def many(count: int, first: int = 1, **changes: str) -> list[dict[str, str]]:
    """Good rows of waiting_times."""
    return [waiting(number, **changes) for number in range(first, first + count)]


class House:
    """One landing folder with its warehouse."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.settings = Settings(
            landing=root / "landing",
            warehouse=root / "space" / "test.duckdb",
            published=root / "out",
            **settings,
        )
        self.settings.landing.mkdir(parents=True)
        self.contracts: dict[str, Contract] = dict(CONTRACTS)
        self.reference = load_reference(self.settings)
        self.con: duckdb.DuckDBPyConnection = warehouse.connect(self.settings)
        landing.prepare(self.con, self.contracts)

    def put(self, path: str, content: str | bytes) -> Path:
        """Write a file to the landing folder."""
        target = self.settings.landing / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = content.encode() if isinstance(content, str) else content
        target.write_bytes(
            gzip.compress(content) if path.endswith(".gz") and content[:2] != b"\x1f\x8b" else content
        )
        return target

    def remove(self, path: str) -> None:
        """Remove a file from the landing folder."""
        (self.settings.landing / path).unlink()

    def load(self, dataset: str = "waiting_times", periods: set[str] | None = None) -> LoadResult:
        return landing.load(self.con, self.settings, self.contracts, self.reference, dataset, periods)

    def pending(self) -> dict[str, set[str]]:
        return landing.pending(self.con, self.settings, self.contracts, self.reference)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.con.execute(sql, list(values)).fetchall()

    def status(self, delivery: str = "%") -> dict[str, tuple[str, str | None]]:
        """``delivery/file`` (of more than one content: with #2, ...) -> status and reason."""
        found: dict[str, tuple[str, str | None]] = {}
        for delivery_id, name, status, reason in self.ask(
            "select delivery_id, file_name, status, reason from raw.delivery_file "
            "where coalesce(delivery_id, '') like ? order by delivery_id, file_name, status",
            delivery,
        ):
            key = f"{delivery_id}/{name}"
            found[key if key not in found else f"{key}#{sum(one.startswith(key) for one in found) + 1}"] = (
                status,
                reason,
            )
        return found

    def one_status(self, delivery: str) -> dict[str, tuple[str, str | None]]:
        """File name -> status and reason, for a delivery whose files have one content each."""
        rows = self.ask(
            "select file_name, status, reason from raw.delivery_file where delivery_id = ?", delivery
        )
        assert len({name for name, _, _ in rows}) == len(rows)
        return {name: (status, reason) for name, status, reason in rows}

    def one(self, name: str) -> tuple[str, str | None]:
        """Status and reason of the only file of that name."""
        ((status, reason),) = self.ask(
            "select status, reason from raw.delivery_file where file_name = ?", name
        )
        return status, reason

    def counts(self, name: str) -> tuple[int, int, int, int]:
        """Rows read, accepted, rejected and duplicate of the only file of that name."""
        (found,) = self.ask(
            "select rows_read, rows_accepted, rows_rejected, rows_duplicate "
            "from raw.delivery_file where file_name = ?",
            name,
        )
        return found  # type: ignore[return-value]

    def faults(self, name: str) -> set[tuple[str | None, str, int, int | None]]:
        """Field, rule, count and first line of each rejection of a file."""
        return set(
            self.ask("select field, rule, row_count, first_line from raw.rejection where file_name = ?", name)
        )

    def rows(self, columns: str = "*", dataset: str = "waiting_times") -> list[tuple[Any, ...]]:
        """What is in force."""
        return self.ask(f"select {columns} from raw.{dataset} order by all")

    def everything(self) -> list[list[tuple[Any, ...]]]:
        """All that landing has written, without times."""
        tables = [f"raw.{name}" for name in self.contracts] + ["raw.rejection", "raw.delivery_org"]
        tables += ["quarantine.rejected_row", "raw.gate_result", "raw.delivery_check"]
        files = self.ask("select * exclude (loaded_at) from raw.delivery_file order by all")
        return [files, *(self.ask(f"from {table} order by all") for table in tables)]


@pytest.fixture
def no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accept what the rules accept, without asking Great Expectations."""
    monkeypatch.setattr(loading, "judge", lambda contract, profile: [])


@pytest.fixture
def house(tmp_path: Path, no_gate: None, monkeypatch: pytest.MonkeyPatch) -> Iterable[House]:
    """An empty house, today being ``TODAY``."""
    monkeypatch.setattr(loading, "today", lambda: TODAY)
    one = House(tmp_path)
    yield one
    one.con.close()
