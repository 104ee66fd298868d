"""Workbooks: what each kind of cell counts as, and what cannot be read."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from landing_kit import OLAVS, House, house, no_gate

__all__ = ["house", "no_gate"]


def workbook(rows: list[list[Any]], more: bool = True) -> bytes:
    """An xlsx file with these rows on its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if more:
        book.create_sheet("other").append(["x"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_workbook(house: House) -> None:
    header = ["Foretak_orgnr ", "maaned", "atc_kode", "administrasjonsvei", "virkestoff_gram", None]
    rows: list[list[Any]] = [
        [],
        header,
        [int(OLAVS), dt.date(2024, 2, 1), "J01CA04", "O", 12.5],
        [float(OLAVS), "2024-02", "J01CA04", "P", "12,5"],
        [OLAVS, dt.datetime(2024, 3, 15), "J01CA04", "O", 1],
        [],
        [OLAVS, "2024-03", "J01CA04", "O", "=1+1"],
        [OLAVS, "2024-03", "J01CA04", "O", 1e-6],
        *([OLAVS, "2024-03", "J01CA04", "O", n] for n in range(30)),
        [OLAVS, "2024-03", "J01CA04", "O", "#N/A"],
    ]
    house.put("antibiotics/2024-T1/2024-06-10/a.xlsx", workbook(rows))
    house.load("antibiotics")
    assert house.faults("a.xlsx") == {
        ("virkestoff_gram", "type", 1, 39),
        ("virkestoff_gram", "required", 1, 7),
        (None, "too_many_rejected", 2, None),
    }
    rows[6][4] = 2
    house.put("antibiotics/2024-T1/2024-06-10/a.xlsx", workbook(rows))
    house.load("antibiotics")
    assert house.rows("line, foretak_orgnr, maaned, virkestoff_gram", "antibiotics")[:5] == [
        (3, OLAVS, "2024-02", Decimal("12.5")),
        (4, OLAVS, "2024-02", Decimal("12.5")),
        (5, OLAVS, "2024-03", Decimal(1)),
        (7, OLAVS, "2024-03", Decimal(2)),
        (8, OLAVS, "2024-03", Decimal("0.000001")),
    ]


def test_workbook_of_dates_times_and_booleans(house: House) -> None:
    stay = [
        "O1",
        77,
        OLAVS,
        974749025.0,
        "SOM",
        1,
        dt.datetime(2024, 1, 1, 10, 30),
        dt.date(2024, 1, 3),
        1,
        1,
        None,
    ]
    names = [
        "opphold_id",
        "pasient_id",
        "foretak_orgnr",
        "behandlingssted_orgnr",
        "tjenesteomraade",
        "omsorgsnivaa",
    ]
    names += ["inn_tid", "ut_tid", "innmate_hast", "uttilstand", "dodsdato"]
    late = [*stay[:6], dt.datetime(2024, 1, 1, 10, 29, 59, 999_900), *stay[7:]]
    house.put("inpatient_stays/2024-T1/2024-06-10/a.xlsx", workbook([names, stay, ["O2", *late[1:]]]))
    plan = ["F1", "P", OLAVS, "PHVV", dt.date(2024, 2, 1), dt.datetime(2024, 2, 1, 12), True, ""]
    names = ["forlop_id", "pasient_id", "foretak_orgnr", "tjenesteomraade", "behandling_start_dato"]
    names += ["behandlingsplan_dato", "plan_med_pasient", "forlop_slutt_dato"]
    fine = [["F" + str(n), "P", OLAVS, "PHVV", dt.date(2024, 2, 1), None, 0, None] for n in range(30)]
    house.put("treatment_plans/2024-T1/2024-06-10/b.xlsx", workbook([names, plan, *fine]))
    house.load("inpatient_stays")
    house.load("treatment_plans")
    assert house.rows(
        "opphold_id, pasient_id, behandlingssted_orgnr, inn_tid, ut_tid", "inpatient_stays"
    ) == [
        ("O1", "77", "974749025", dt.datetime(2024, 1, 1, 10, 30), dt.datetime(2024, 1, 3)),
        ("O2", "77", "974749025", dt.datetime(2024, 1, 1, 10, 30), dt.datetime(2024, 1, 3)),
    ]
    assert house.faults("b.xlsx") == {("behandlingsplan_dato", "type", 1, 2)}
    assert house.ask("select count(*) filter (not plan_med_pasient) from raw.treatment_plans") == [(30,)]


def test_a_date_that_is_none_is_not_told_to_anybody(house: House, recwarn: pytest.WarningsRecorder) -> None:
    header = ["foretak_orgnr", "maaned", "atc_kode", "administrasjonsvei", "virkestoff_gram"]
    row = [OLAVS, 99999999999, "J01CA04", "O", 1]
    content = io.BytesIO(workbook([header, row]))
    book = openpyxl.load_workbook(content)
    book.worksheets[0]["B2"].number_format = "yyyy-mm-dd"
    target = io.BytesIO()
    book.save(target)
    house.put("antibiotics/2024-T1/2024-06-10/a.xlsx", target.getvalue())
    house.load("antibiotics")
    assert house.faults("a.xlsx") == {("maaned", "type", 1, 2), (None, "too_many_rejected", 1, None)}
    assert not [warning for warning in recwarn if "99999999999" in str(warning.message)]


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


def test_workbooks_that_are_rejected(house: House) -> None:
    whole = workbook([["aar", "foretak_orgnr"], [2024, OLAVS]])
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    far = members[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    files = {
        "cut": (whole[: len(whole) // 2], "unreadable"),
        "old": (b"\xd0\xcf\x11\xe0" + bytes(600), "unreadable"),
        "text": (b"aar;foretak_orgnr\n", "unreadable"),
        "zip": (archive({"a.txt": b"x"}), "unreadable"),
        "bomb": (archive({**members, "xl/media/x.bin": bytes(50_000_000)}), "too_large"),
        "broken": (archive({**members, sheet: members[sheet][:-40]}), "unreadable"),
        "laughs": (archive({**members, sheet: laughs + b"<worksheet>&b;</worksheet>"}), "unreadable"),
        "far": (archive({**members, sheet: far}), "missing_column"),
        "header": (workbook([["aar", "foretak_orgnr", "tjenesteomraade", "dognplasser"]]), "no_rows"),
        "nothing": (workbook([]), "no_rows"),
        "missing": (whole, "missing_column"),
    }
    for name, (content, _) in files.items():
        house.put(f"psychiatric_beds/2024/2025-06-20/{name}/{name}.xlsx", content)
    house.load("psychiatric_beds")
    assert {name: house.one(f"{name}.xlsx") for name in files} == {
        name: ("rejected", reason) for name, (_, reason) in files.items()
    }
