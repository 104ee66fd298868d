"""Synthetic extracts: what the region's senders would deliver, without one real figure.

Belongs here: ``write_sample``, the order in which tables are made and written, and the marker that says
the data are synthetic. Does not belong here: what a dataset contains (one module per group), what is
bad on purpose (``flaws.py``), or the pipeline, which treats these files as everybody else's.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from orchestration.periods import Period, today
from orchestration.sample import parameters as p
from orchestration.sample.antibiotics import make_antibiotics
from orchestration.sample.draws import connect, make_days
from orchestration.sample.epicrises import make_epicrises
from orchestration.sample.files import write_delivery
from orchestration.sample.outpatient import make_outpatient_contacts
from orchestration.sample.pathways import make_cancer_pathways, make_treatment_plans
from orchestration.sample.readmissions import make_fates
from orchestration.sample.staff import make_apprentices, make_training_positions
from orchestration.sample.stays import delivered, make_episodes, make_stays
from orchestration.sample.timetable import CADENCE, Delivery, World, deliveries
from orchestration.sample.waiting import WAITING_TIMES_DRAFT, make_planned_contacts, make_waiting_times
from orchestration.sample.yearly import (
    make_clinical_trials,
    make_costs,
    make_icu_capacity,
    make_psychiatric_beds,
)
from orchestration.settings import UsageError

MARKER = "_SYNTETISKE_DATA.txt"
"""Its name begins with _, so the landing rules pass it by."""

_BY_YEAR = {
    "waiting_times": make_waiting_times,
    "planned_contacts": make_planned_contacts,
    "outpatient_contacts": make_outpatient_contacts,
    "cancer_pathways": make_cancer_pathways,
    "treatment_plans": make_treatment_plans,
    "antibiotics": make_antibiotics,
    "psychiatric_beds": make_psychiatric_beds,
    "icu_capacity": make_icu_capacity,
    "costs": make_costs,
    "clinical_trials": make_clinical_trials,
    "training_positions": make_training_positions,
    "apprentices": make_apprentices,
}


def write_sample(
    folder: Path,
    first: str = "2022-01",
    last: str = "2024-12",
    scale: float = 1.0,
    seed: int = 1,
    faults: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Write synthetic extracts of all 14 datasets into a landing folder.

    The same arguments give the same bytes.

    Args:
        folder: made when it is not there; must be empty or hold an earlier sample.
        first: first month, ``2022-01``.
        last: last month; a tertial or year is written when it lies wholly in the range. 2019 is always
            written for antibiotics and inpatient_stays.
        scale: 1.0 is about the real volume of the region; it multiplies waiting_times, planned_contacts,
            outpatient_contacts, inpatient_stays and epicrises.
        seed: of all chance.
        faults: also write deliveries that are rejected.
        progress: called with the dataset, and how many of all deliveries are written.

    Raises:
        UsageError: arguments that make no sense, extracts that nobody can have read yet, a folder with files
            that are not from a sample, or one that cannot be written.
    """
    world = World.of(first, last, scale, seed, faults)
    if folder.is_dir() and not (folder / MARKER).exists() and any(_visible(folder)):
        raise UsageError(
            f"{folder} holds files that are not from a sample; give another folder, so that synthetic and "
            "real data are never mixed."
        )
    dates = [
        delivery.extract_date
        for dataset in CADENCE
        for period in world.periods(dataset)
        for delivery in deliveries(world, dataset, period)
    ]
    if max(dates) > today():
        raise UsageError(
            f"Extracts up to {last} are read on {max(dates)}, in the future; choose an earlier --to."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).write_text(_marker(world, first, last), encoding="utf-8")
    except (FileExistsError, NotADirectoryError, PermissionError):
        raise UsageError(f"{folder} cannot be written; name a folder of your own.") from None
    with tempfile.TemporaryDirectory(prefix="vedlegg2-sample-") as temporary:
        con = connect(seed, temporary)
        make_days(con, 2017, world.last.year + 1)
        for done, (delivery, source) in enumerate(_everything(con, world), start=1):
            write_delivery(con, folder, seed, delivery, source)
            if progress:
                progress(delivery.dataset, done, len(dates))
        con.close()
    if faults:
        _write_stray_file(folder, world)


def _everything(con: duckdb.DuckDBPyConnection, world: World) -> Iterator[tuple[Delivery, str]]:
    """Every delivery with the SQL of its rows, each table made just before it is needed."""
    for dataset, make in _BY_YEAR.items():
        periods = world.periods(dataset)
        for year in sorted({period.year for period in periods}):
            make(con, world, year)
            yield from _of_table(world, dataset, [period for period in periods if period.year == year])
        con.execute(f"drop table if exists {dataset}")
    for era in world.eras("inpatient_stays"):
        make_episodes(con, world, era)
        make_fates(con, world, era)
        make_stays(con, world, era)
        for period in era:
            for delivery in deliveries(world, "inpatient_stays", period):
                yield delivery, delivered(period, delivery.trust, delivery.extract_date, delivery.draft)
        periods = [period for period in world.periods("epicrises") if period in era]
        for year in sorted({period.year for period in periods}):
            make_epicrises(con, world, year)
            yield from _of_table(world, "epicrises", [period for period in periods if period.year == year])


def _of_table(world: World, dataset: str, periods: list[Period]) -> Iterator[tuple[Delivery, str]]:
    """The deliveries whose rows are those of one period and trust in the dataset's table."""
    for period in periods:
        for delivery in deliveries(world, dataset, period):
            columns = WAITING_TIMES_DRAFT if delivery.draft else "*"
            where = f"_period = '{period.label}' and _t = {delivery.trust}"
            yield delivery, f"select {columns} from {dataset} where {where}"


def _visible(folder: Path) -> Iterator[Path]:
    """What the landing rules would look at."""
    return (path for path in folder.iterdir() if not path.name.startswith((".", "_")))


def _write_stray_file(folder: Path, world: World) -> None:
    """One file in a folder whose name is mistyped."""
    label = world.last.label
    stray = (
        folder
        / "ventetider"
        / label
        / f"{world.last.end.isoformat()}"
        / p.SENDERS[2]
        / f"ventetider_{label}.csv"
    )
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_text("henvisning_id;foretak_orgnr\n", encoding="utf-8")


def _marker(world: World, first: str, last: str) -> str:
    """The text of the marker: nothing in the folder is real."""
    days = ", ".join(f"{days} ({treatment})" for treatment, days in p.INVENTED_LIMITS.items())
    return f"""SYNTETISKE DATA

Alle filer i denne mappen er syntetiske. De er laget av et program, og ingen tall, datoer eller
identer beskriver et virkelig helseforetak, en virkelig pasient, ansatt eller virkelig aktivitet.
Rapporter og tall som lages av dem, skal merkes «syntetiske data».

Laget med: fra {first} til {last}, skala {world.scale:g}, frø {world.seed}, \
{"med" if world.faults else "uten"} leveranser som blir avvist.

Oppdiktede verdier å merke seg:
- maks_dager (lengste forløpstid, dager) er oppdiktet for kreftformene som ikke har en grense i
  referansedataene: {days}.
- Årene før 2022 og etter 2024 er framskrevet fra nærmeste år.
"""
