"""Every dialect of csv, and the lines that are named."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest
from landing_kit import BASE, OLAVS, PERIOD, House, csv, house, many, no_gate, waiting

from orchestration.landing.model import LandingFile
from orchestration.landing.take import take
from orchestration.settings import Settings

__all__ = ["house", "no_gate"]


ROWS = [*many(30), waiting(31, pasient_id="åse ø"), waiting(32, tjenesteomraade="X"), waiting(33)]
TEXT = csv(ROWS)
BAD_LINE = 33


def quoted(rows: list[dict[str, str]]) -> str:
    """Everything in quotes."""
    return csv([{f'"{name}"': f'"{value}"' for name, value in row.items()} for row in rows])


def turned(date: str) -> str:
    """2024-03-01 as 01.03.2024."""
    return ".".join(reversed(date.split("-")))


SAME: dict[str, bytes] = {
    "plain.csv": TEXT.encode(),
    "bom.csv": b"\xef\xbb\xbf" + TEXT.encode(),
    "1252.csv": TEXT.encode("cp1252"),
    "crlf.csv": TEXT.replace("\n", "\r\n").encode(),
    "crlf_bom.csv": b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(),
    "crlf_1252.csv": TEXT.replace("\n", "\r\n").encode("cp1252"),
    "cr.csv": TEXT.replace("\n", "\r").encode(),
    "mixed.csv": "".join(
        line + ("\r\n" if number % 3 else "\n") for number, line in enumerate(TEXT.splitlines())
    ).encode(),
    "no_last_newline.csv": TEXT.rstrip("\n").encode(),
    "crlf_no_last_newline.csv": TEXT.replace("\n", "\r\n").rstrip().encode(),
    "blank_at_the_end.csv": (TEXT + "\n\n  \n").encode(),
    "zipped.csv.gz": TEXT.encode(),
    "two_members.csv.gz": gzip.compress(TEXT[:1000].encode()) + gzip.compress(TEXT[1000:].encode()),
    "quoted.csv": quoted(ROWS).encode(),
    "quoted_crlf.csv": quoted(ROWS).replace("\n", "\r\n").encode(),
    "quoted_1252.csv": quoted(ROWS).encode("cp1252"),
    "blanks.csv": TEXT.replace(";", " ; ").replace("\n", " \n").encode(),
    "tabs.csv": TEXT.replace(";", "\t;\t").encode(),
    "nbsp.csv": TEXT.replace(";", "\u00a0;\u00a0").encode(),
    "upper.CSV": "\n".join(
        [TEXT.splitlines()[0].upper().replace(";", " ; "), *TEXT.splitlines()[1:]]
    ).encode(),
    "turned.csv": csv([dict(reversed(row.items())) for row in ROWS]).encode(),
    "extra.csv": csv([{"navn": "Ola Nordmann", **row, "fnr": "x"} for row in ROWS]).encode(),
    "last_empty.csv": TEXT.replace("\n", ";\n").encode(),
    "dates.csv": csv([{n: turned(v) if "dato" in n else v for n, v in row.items()} for row in ROWS]).encode(),
}  # fmt: skip


def test_every_dialect_gives_the_same_rows(house: House) -> None:
    for name, content in SAME.items():
        house.put(f"waiting_times/2024-03/2024-04-10/{name.replace('.', '_')}/{name}", content)
    result = house.load()
    assert {name: house.counts(name) for name in SAME} == dict.fromkeys(SAME, (33, 32, 1, 0))
    faults = {
        name: {fault for fault in house.faults(name) if fault[1] != "same_trust_twice"} for name in SAME
    }
    assert all(found == {("tjenesteomraade", "code", 1, BAD_LINE)} for found in faults.values())
    sizes = dict(house.ask("select file_name, bytes from raw.delivery_file"))
    assert sizes["plain.csv"] == len(SAME["plain.csv"])
    assert [warning for warning in result.warnings if "extra.csv" in warning]
    assert not [
        warning for warning in result.warnings if "Ola" in warning or "navn" in warning or "fnr" in warning
    ]
    kept = {path.name for path in (house.settings.workspace / "kept").iterdir()}
    assert kept == {
        sha256 for (sha256,) in house.ask("select sha256 from raw.delivery_file where status = 'accepted'")
    }


@pytest.mark.parametrize(
    "name", ["1252.csv", "quoted_crlf.csv", "turned.csv", "nbsp.csv", "cr.csv", "mixed.csv"]
)
def test_dialects_hold_the_same_values(house: House, name: str) -> None:
    house.put(f"{PERIOD}/{name}", SAME[name])
    house.load()
    assert house.rows("henvisning_id, pasient_id, foretak_orgnr, ansiennitetsdato::varchar, line") == sorted(
        (f"H{n}", "åse ø" if n == 31 else f"P{n}", OLAVS, "2024-01-10", n + 1)
        for n in range(1, 34)
        if n != 32
    )


def test_lines_are_physical_lines(house: House) -> None:
    """Quoted line breaks and blank lines count; the record's line is the one on which it begins."""
    lines = TEXT.splitlines()
    wide = '"H;""100"" ";"P\n;\r\n100";' + ";".join(list(waiting(0).values())[2:])
    text = "\n".join(
        [lines[0], "", lines[1], "   ", wide, lines[2], "kort;rad", lines[3] + ";for;lang", *lines[4:40]]
    )
    house.put(f"{PERIOD}/a.csv", text + "\n")
    house.load()
    assert house.faults("a.csv") == {
        (None, "field_count", 2, 9),
        ("tjenesteomraade", "code", 1, BAD_LINE + 6),
        (None, "too_many_rejected", 3, None),
    }
    assert [line for (line,) in house.ask("select line from quarantine.rejected_row order by line")] == [
        9,
        10,
        39,
    ]


def test_quotes_separators_and_line_breaks_in_a_field(house: House) -> None:
    row = waiting(0, henvisning_id='"a;""b"" "', pasient_id='"x\ny"')
    house.put(f"{PERIOD}/a.csv", csv([row, waiting(2)]))
    house.load()
    assert house.rows("henvisning_id, pasient_id, line") == [("H2", "P2", 4), ('a;"b"', "x\ny", 2)]


def test_a_blank_line_in_a_plain_file_moves_the_lines_after_it(house: House) -> None:
    lines = TEXT.splitlines()
    house.put(f"{PERIOD}/a.csv", "\n".join([*lines[:5], "", *lines[5:]]))
    house.put("waiting_times/2024-02/2024-04-10/b.csv", csv(many(3, ventetid_sluttdato="2024-02-05")))
    house.load()
    assert house.faults("a.csv") == {("tjenesteomraade", "code", 1, BAD_LINE + 1)}
    assert house.rows("henvisning_id, line")[:2] == [("H1", 2), ("H1", 2)]
    assert house.one("b.csv") == ("accepted", None)


def test_a_comment_sign_and_odd_characters_are_values(house: House) -> None:
    ids = ["#1", "\\", "'", "--", "NULL", "åæø", "a,b", "|", "\u2028x", "x\x85y", "%s{}", "=1+1"]
    house.put(f"{PERIOD}/a.csv", csv([waiting(0, henvisning_id=one) for one in ids]))
    house.load()
    assert {row for (row,) in house.rows("henvisning_id")} == set(ids)
    assert house.ask("select max(line) from raw.waiting_times") == [(len(ids) + 1,)]


def test_nothing_is_left_in_the_spool(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", TEXT.encode("cp1252"))
    house.put(f"{PERIOD}/b.csv.gz", quoted(ROWS))
    house.load()
    assert list((house.settings.workspace / "spool").iterdir()) == []
    assert house.ask("select table_name from duckdb_tables() where temporary") == []
    assert house.ask("select view_name from duckdb_views() where temporary and not internal") == []


def test_ten_thousand_columns(house: House) -> None:
    extra = {f"x{n}": "1" for n in range(10_000)}
    house.put(f"{PERIOD}/a.csv", csv([{**waiting(1), **extra}, {**waiting(2), **extra}]))
    result = house.load()
    assert house.one("a.csv") == ("accepted", None)
    assert "10000 columns" in result.warnings[0]


def test_optional_columns_may_be_missing(house: House) -> None:
    row = BASE["planned_contacts"]
    house.put("planned_contacts/2024-T1/2024-05-10/a/a.csv", csv([row]))
    other = {**row, "foretak_orgnr": "983974791", "opprettet_dato": "2024-01-01", "avlyst_dato": ""}
    house.put("planned_contacts/2024-T1/2024-05-10/b/b.csv", csv([other]))
    house.load("planned_contacts")
    assert house.rows("foretak_orgnr, opprettet_dato::varchar, avlyst_dato", "planned_contacts") == [
        (OLAVS, None, None),
        ("983974791", "2024-01-01", None),
    ]


def test_a_line_longer_than_duckdb_likes(house: House) -> None:
    house.put(f"{PERIOD}/a.csv", csv([*many(9), waiting(10, henvisning_id="x" * 3_000_000)]))
    house.load()
    assert house.one("a.csv") == ("accepted", None)
    assert house.ask("select max(length(henvisning_id)) from raw.waiting_times") == [(3_000_000,)]


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    (tmp_path / "spool").mkdir()
    real = os.fstat
    calls = []

    def fstat(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            path.write_text(TEXT + "more")
        return real(descriptor)

    monkeypatch.setattr(os, "fstat", fstat)
    taken = take(LandingFile(path, "a.csv", "csv"), tmp_path / "spool", Settings())
    assert taken.fault is not None
    assert taken.fault.rule == "unreadable"


def test_a_text_of_several_chunks(house: House) -> None:
    """Line ends, letters and quotes that fall on the edge of what is read at a time."""
    rng = random.Random(7)
    rows = [waiting(n, pasient_id="ø" * rng.randint(1, 60)) for n in range(30_000)]
    text = csv(rows, "\r\n")
    house.put(f"{PERIOD}/a/utf8.csv", text)
    house.put(f"{PERIOD}/b/1252.csv", text.encode("cp1252"))
    house.put(f"{PERIOD}/c/mixed.csv", text.replace("\r\n", "\n", 5))
    house.put(f"{PERIOD}/d/quoted.csv", text.replace("H29999", '"H;29999"'))
    house.load()
    for name in ("utf8.csv", "1252.csv", "mixed.csv", "quoted.csv"):
        assert house.counts(name) == (30_000, 30_000, 0, 0)
    assert house.ask("select count(*) from raw.waiting_times where henvisning_id <> 'H' || (line - 2)") == [
        (0,)
    ]
