"""The same region delivered in many forms, each under organisation numbers of its own.

Belongs here: who the regions are and how each of them delivers. Does not belong here: the rows
(``world.py``) and the writing of files (``files.py``).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from pathlib import Path

from tests.integration import files
from tests.integration.place import Place, organisation_number
from tests.integration.world import DAY, Row, extract_date, world

BASE, COPIED, AGAIN = "base", "copied", "again"
FORMS = (
    BASE,
    "duplicated",
    "renamed",
    COPIED,
    AGAIN,
    "header",
    "split",
    "parquet",
    "xlsx",
    "windows",
    "senders",
)
"""The regions: the plainest form, and the others, which say the same."""
SUMMED = ("antibiotics", "costs")
PSEUDONYMS = (
    *("pasient_id", "henvisning_id", "kontakt_id", "opphold_id", "forlop_id"),
    *("studie_id", "stilling_id", "laerling_id"),
)
UNEXPECTED = "kanarifugl-4711"
"""What stands in a column that nobody asked for."""
COPY = 3
"""The number of the trust that the region ``copied`` has beyond the others: its third once more."""


def org(form: str, trust: int | None) -> str:
    """The organisation number of a form's trust, or of its region."""
    return organisation_number(5 * FORMS.index(form) + (0 if trust is None else trust + 1))


def trusts(form: str) -> range:
    """The trusts of a form's region."""
    return range(COPY + 1 if form == COPIED else COPY)


def organisations() -> list[dict[str, str]]:
    """Rows of organisations.csv."""
    since = {"valid_from": "2002-01-01", "valid_to": "", "exempt_datasets": "", "source": "made up"}
    rows = []
    for form in FORMS:
        region = org(form, None)
        rows.append(
            {"org_id": region, "name": f"Region {form}", "org_level": "region", "parent_id": ""} | since
        )
        rows += [
            {"org_id": org(form, trust), "name": f"{form} {trust}", "org_level": "trust", **since}
            | {"parent_id": region}
            for trust in trusts(form)
        ]
    return rows


def for_all(rows: Iterable[dict[str, str]], column: str) -> list[dict[str, str]]:
    """Reference rows of the one region of ``seeds/``, for the region of every form."""
    return [{**row, column: org(form, None)} for row in rows for form in FORMS]


def deliver(place: Place) -> None:
    """Write every delivery of every form."""
    for (dataset, period), rows in world().items():
        folder = place.landing / dataset / period
        _deliver(folder, folder / str(extract_date(period)), dataset, period, rows)


def _deliver(home: Path, folder: Path, dataset: str, period: str, rows: list[Row]) -> None:
    def of(form: str) -> list[Row]:
        return [_of_region(row, form, row["foretak_orgnr"]) for row in rows]

    draw = random.Random(f"{dataset} {period}")
    columns = files.names(dataset)
    files.write_csv(folder / "alt.csv", dataset, of(BASE))

    again = of(AGAIN)
    files.write_csv(home / str(extract_date(period) + 7 * DAY) / "igjen.csv", dataset, again)
    copies = [_renamed(_of_region(row, COPIED, COPY)) for row in rows if row["foretak_orgnr"] == 2]
    doubled = of("duplicated") * (1 if dataset in SUMMED else 2)
    renamed = [_renamed(row) for row in of("renamed")]
    mixed = [*again, *doubled, *renamed, *of(COPIED), *copies]
    draw.shuffle(mixed)
    files.write_csv(folder / "rader" / "blandet.csv", dataset, mixed)

    split = of("split")
    draw.shuffle(split)
    turned = ["uventet kolonne", *reversed(columns)]
    header = [f"  {name.upper()} " for name in turned]
    files.write(
        folder / "filer" / "overskrift.csv",
        files.csv_bytes(
            [{**row, "uventet kolonne": UNEXPECTED} for row in of("header")],
            turned,
            header,
        ),
    )
    files.write_csv(folder / "filer" / "del 1.csv", dataset, split[::2])
    files.write(folder / "filer" / "del 2.csv", files.csv_bytes(split[1::2], columns, encoding="utf-8-sig"))

    formats = folder / "formater"
    files.write_parquet(formats / "alt.parquet", dataset, of("parquet"))
    files.write_xlsx(formats / "alt.xlsx", dataset, of("xlsx"))
    windows = files.csv_bytes(of("windows"), columns, norwegian=True, encoding="cp1252")
    files.write(formats / "windows.csv.gz", windows)

    for trust in trusts("senders"):
        own = [row for row in of("senders") if row["foretak_orgnr"] == org("senders", trust)]
        if own:
            files.write_csv(folder / f"foretak {trust}" / "alt.csv", dataset, own)


def _of_region(row: Row, form: str, trust: int) -> Row:
    """The row under a form's numbers; a patient is one person in all regions, so each has its own."""
    patient = row.get("pasient_id")
    known = {"pasient_id": patient and f"{patient}-{FORMS.index(form)}"} if "pasient_id" in row else {}
    return {**row, **known, "foretak_orgnr": org(form, trust)}


def _renamed(row: Row) -> Row:
    """The row with other pseudonyms, which sort otherwise."""
    return {
        name: hashlib.sha256(value.encode()).hexdigest()[:20] if name in PSEUDONYMS and value else value
        for name, value in row.items()
    }
