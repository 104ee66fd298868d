"""One small landing folder over time: what each run says, publishes and leaves alone.

Three trusts deliver discharge summaries and studies; then come a file with faults, its correction, an older
extract, an as-of run and enforced targets. The runs are made once, one after the other, and looked at below.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import resource
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.integration import files
from tests.integration.place import PROGRAM, Place

REGION, OLAV, NORD, MORE = "983658776", "883974832", "983974791", "997005562"
IN_TIME = {OLAV: (150, 200), NORD: (100, 160), MORE: (60, 120)}
"""Trust -> summaries sent in time, of discharges; 64,6 % together."""
CORRECTED = (140, 160)
"""The second trust's next extract: 72,9 % together."""
TERTIAL = "2024-T1"
SECRET = "HEMMELIG-7"

pytestmark = pytest.mark.slow


class Step(NamedTuple):
    """A call of the program, and what stood there after it."""

    code: int
    out: str
    err: str
    current: str
    releases: list[str]
    shares: dict[str, tuple[float, float]]
    """Organisation -> numerator and denominator of 3.6 in the tertial, in the current release."""
    delivered: list[tuple[Any, ...]]


def shares(database: Path) -> dict[str, tuple[float, float]]:
    import duckdb

    with duckdb.connect(database, read_only=True) as con:
        rows = con.execute(
            "select org_id, numerator, denominator from marts.indicator_value "
            "where indicator_id = '3.6' and series = 'all' and period = ?",
            [TERTIAL],
        ).fetchall()
    return {row[0]: row[1:] for row in rows}


def step(place: Place, *arguments: str) -> Step:
    done = place.vedlegg2(*arguments)
    with place.release() as con:
        delivered = con.execute(
            "select file_name, sha256, status, extract_date from marts.delivery order by all"
        ).fetchall()
    return Step(
        done.returncode,
        done.stdout,
        done.stderr,
        place.current(),
        sorted(path.name for path in (place.published / "releases").iterdir()),
        shares(place.published / "current" / "indicators.duckdb"),
        delivered,
    )


def discharges(trust: str, in_time: int, number: int) -> list[files.Row]:
    """Discharges of one trust, and 20 of children, which are left out."""
    left = dt.datetime(2024, 2, 1, 12)
    return [
        {"opphold_id": f"o{one}", "pasient_id": f"p{one}", "foretak_orgnr": trust, "omsorgsnivaa": 1}
        | {"tjenesteomraade": "SOM" if one < number else "PHBU", "utskrevet_tid": left}
        | {"epikrise_sendt_tid": left + dt.timedelta(days=1 if one < in_time else 2)}
        for one in range(number + 20)
    ]


def deliver(place: Place, trust: str, extract_date: str, in_time: int, number: int, bad: int = 0) -> Path:
    """A trust's delivery of discharge summaries; the first ``bad`` rows from line 4 on have no time."""
    rows = discharges(trust, in_time, number)
    for row in rows[2 : 2 + bad]:
        row["utskrevet_tid"] = SECRET
    path = place.landing / "epicrises" / TERTIAL / extract_date / f"hf_{trust}" / "epikriser.csv"
    files.write_csv(path, "epicrises", rows)
    return path


def begin(place: Place) -> None:
    for trust, (in_time, number) in IN_TIME.items():
        deliver(place, trust, "2024-06-15", in_time, number)
    for year, number in (("2023", 20), ("2024", 22)):
        rows = [
            {"studie_id": f"s{one}", "foretak_orgnr": trust, "aar": int(year), "behandlingsstudie": True}
            | {"nye_pasienter": 1}
            for trust in IN_TIME
            for one in range(number)
        ]
        path = place.landing / "clinical_trials" / year / f"{int(year) + 1}-02-01" / "studier.csv"
        files.write_csv(path, "clinical_trials", rows)


class Story(NamedTuple):
    """Everything that happened, in this order."""

    place: Place
    held: subprocess.CompletedProcess[str]
    held_seconds: float
    holder: str
    first: Step
    again: Step
    faulty: Step
    still_faulty: Step
    corrected: Step
    as_of: Step
    as_of_shares: dict[str, tuple[float, float]]
    enforced: Step
    enforced_again: Step
    landing: dict[str, str]
    landing_before: dict[str, str]


def hashes(place: Place) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in place.landing.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    place = Place(tmp_path_factory.mktemp("runs"))
    place.reference.mkdir()
    begin(place)

    with subprocess.Popen(
        [PROGRAM, "run"],
        env=place.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        holder = _holder(place, running)
        before = _child_seconds()
        held = place.vedlegg2("run")
        held_seconds = _child_seconds() - before
        out, err = running.communicate(timeout=1200)
    assert running.returncode == 0, err
    first = step(place, "releases")._replace(code=running.returncode, out=out, err=err)
    again = step(place, "run")

    deliver(place, NORD, "2024-07-01", *CORRECTED, bad=20)
    faulty = step(place, "run")
    still_faulty = step(place, "run")
    deliver(place, NORD, "2024-07-01", *CORRECTED)
    corrected = step(place, "run")

    deliver(place, OLAV, "2024-06-01", 20, 200)
    landing_before = hashes(place)
    as_of = step(place, "run", "--as-of", "2024-06-20")
    (made,) = set(as_of.releases) - set(corrected.releases)
    as_of_shares = shares(place.published / "releases" / made / "indicators.duckdb")
    enforced = step(place, "run", "--enforce-targets")
    enforced_again = step(place, "run", "--enforce-targets")
    return Story(
        place=place,
        held=held,
        held_seconds=held_seconds,
        holder=holder,
        first=first,
        again=again,
        faulty=faulty,
        still_faulty=still_faulty,
        corrected=corrected,
        as_of=as_of,
        as_of_shares=as_of_shares,
        enforced=enforced,
        enforced_again=enforced_again,
        landing=hashes(place),
        landing_before=landing_before,
    )


def _holder(place: Place, running: subprocess.Popen[str]) -> str:
    """The id of the run, as soon as it holds the warehouse."""
    lock = Path(f"{place.warehouse}.lock")
    while running.poll() is None:
        if lock.exists() and lock.read_text():
            found: str = json.loads(lock.read_text())["run_id"]
            return found
        time.sleep(0.05)
    raise AssertionError("the run ended before it held the warehouse")


def _child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def region(of: dict[str, tuple[int, int]]) -> tuple[int, int]:
    return sum(one[0] for one in of.values()), sum(one[1] for one in of.values())


def test_the_first_run_publishes(story: Story):
    assert story.first.code == 0
    assert story.first.err == ""
    assert f"Publisert: {story.place.published}" in story.first.out
    assert story.first.shares == {**IN_TIME, REGION: region(IN_TIME)}
    assert len(story.first.releases) == 1


def test_a_second_run_at_the_same_time_is_told_who_holds_the_warehouse(story: Story):
    assert story.held.returncode == 5
    assert story.held.stdout == ""
    assert story.holder in story.held.stderr
    assert re.search(r"started 20\d\d-", story.held.stderr)
    assert story.held_seconds < 2


def test_a_run_with_nothing_new_says_so_and_changes_nothing(story: Story):
    assert story.again.code == 0
    assert "Ingenting nytt" in story.again.out
    assert story.again[3:] == story.first[3:]


def test_a_faulty_file_is_named_to_the_line_and_never_quoted(story: Story):
    assert story.faulty.code == 3
    lines = story.faulty.err.splitlines()
    assert all(line.startswith("rejected: ") for line in lines)
    place = f"epicrises/{TERTIAL}/2024-07-01/hf_{NORD}/epikriser.csv"
    assert all(place in line for line in lines)
    (fault,) = [line for line in lines if "utskrevet_tid" in line]
    assert "line 4, column utskrevet_tid: type, 20 times" in fault
    assert any("too_many_rejected" in line for line in lines)
    assert SECRET not in story.faulty.err + story.faulty.out


def test_the_others_keep_their_figures_and_so_does_the_sender_of_a_faulty_file(story: Story):
    assert story.faulty.shares == story.first.shares
    assert [row[2:] for row in story.faulty.delivered if row[2] != "accepted"] == [
        ("rejected", dt.date(2024, 7, 1))
    ]


def test_a_fault_is_reported_until_it_is_corrected(story: Story):
    assert story.still_faulty.code == 3
    assert story.still_faulty.err == story.faulty.err
    assert story.still_faulty.current == story.faulty.current


def test_a_corrected_file_with_a_newer_extract_date_replaces_what_was_delivered(story: Story):
    now = {**IN_TIME, NORD: CORRECTED}
    assert story.corrected.code == 0
    assert story.corrected.err == ""
    assert story.corrected.shares == {**now, REGION: region(now)}
    assert story.corrected.current != story.faulty.current


def test_as_of_makes_a_release_of_its_own_and_leaves_current_alone(story: Story):
    assert story.as_of.code == 0
    assert story.as_of.current == story.corrected.current
    (made,) = set(story.as_of.releases) - set(story.corrected.releases)
    assert made in story.as_of.out
    assert story.as_of_shares == story.first.shares


def test_an_older_extract_that_arrives_later_replaces_nothing(story: Story):
    assert story.enforced.shares == story.corrected.shares
    older = [row for row in story.enforced.delivered if row[3] == dt.date(2024, 6, 1)]
    assert [row[2] for row in older] == ["accepted"]


def test_enforced_targets_end_with_ten_after_publishing_and_again_when_nothing_is_new(story: Story):
    assert story.enforced.code == 10
    assert story.enforced.current != story.corrected.current
    assert "Mål som ikke er nådd: 2.1." in story.enforced.out
    assert story.enforced_again.code == 10
    assert story.enforced_again.current == story.enforced.current
    assert "Ingenting nytt" in story.enforced_again.out
    assert story.enforced_again.err == ""


def test_the_landing_folder_is_never_touched(story: Story):
    assert story.landing == story.landing_before


def test_status_shows_the_verdicts(story: Story):
    shown = story.place.vedlegg2("status", "--year", "2024")
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout.replace("\u00a0", " ")
    studies = next(line for line in text.splitlines() if re.search(r"\b2\.1\b", line))
    assert re.search(r"\b22\b.*minst 15 % høyere enn i 2023.*\b20\b.*Ikke nådd.*0 av 1", studies)
    assert re.search(r"72,9 %.*minst 70 %", text)
    numbers = re.findall(r"(?m)^\W*([1-3]\.[1-7])\s", text)
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 16
    own = story.place.vedlegg2("status", "--year", "2024", "--org", NORD)
    assert own.returncode == 0
    assert "87,5 %" in own.stdout.replace("\u00a0", " ")


def test_explain_takes_a_figure_apart(story: Story):
    shown = story.place.vedlegg2("explain", "3.6", TERTIAL, "--series", "somatic")
    assert shown.returncode == 0, shown.stderr
    text = shown.stdout.replace("\u00a0", " ")
    now = region({**IN_TIME, NORD: CORRECTED})
    for pattern in (
        r"Verdi\W+72,9 %",
        rf"Teller\W+{now[0]}\b",
        rf"Nevner\W+{now[1]}\b",
        r"Mål\W+minst 70 %",
        r"Vurdering\W+Nådd",
        r"included\W+480\b",
        r"child_mental_health\W+60\b",
    ):
        assert re.search(pattern, text), pattern
    folder = story.place.landing / "epicrises" / TERTIAL
    used = (("2024-06-15", OLAV), ("2024-07-01", NORD), ("2024-06-15", MORE))
    for date, trust in used:
        content = (folder / date / f"hf_{trust}" / "epikriser.csv").read_bytes()
        assert hashlib.sha256(content).hexdigest() in text
    replaced = (folder / "2024-06-15" / f"hf_{NORD}" / "epikriser.csv").read_bytes()
    assert hashlib.sha256(replaced).hexdigest() not in text


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["explain", "9.9", "2024"], "9.9"),
        (["explain", "3.6", "2031"], "2031"),
        (["explain", "3.6", TERTIAL, "--series", "nothing"], "nothing"),
        (["explain", "3.6", TERTIAL, "--org", "123"], "123"),
        (["status", "--year", "1999"], "1999"),
        (["status", "--org", "123"], "123"),
    ],
)
def test_what_is_not_there_is_exit_2(story: Story, arguments: list[str], named: str):
    done = story.place.vedlegg2(*arguments)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_release_and_warehouse_say_the_same_where_nothing_is_hidden(story: Story):
    with story.place.engine() as con:
        path = story.place.published / "current" / "indicators.duckdb"
        con.execute(f"attach '{path}' as release (read_only)")
        tables = [
            row[0]
            for row in con.execute(
                "select table_name from duckdb_tables() where database_name = 'release' order by 1"
            ).fetchall()
        ]
        assert len(tables) == 13
        for name in set(tables) - {"revision"}:
            for one, other in (("release.marts", "marts"), ("marts", "release.marts")):
                differ = f"select * from {one}.{name} except all select * from {other}.{name}"
                assert con.execute(differ).fetchall() == [], (name, one)
        hidden = con.execute("select count(*) from release.marts.indicator_value where suppressed").fetchall()
        assert hidden == [(0,)]


def test_every_table_and_column_of_a_release_is_described(story: Story):
    with story.place.release() as con:
        bare = con.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'marts' and coalesce(comment, '') = '' "
            "union all select table_name, null from duckdb_tables() "
            "where schema_name = 'marts' and coalesce(comment, '') = ''"
        ).fetchall()
    assert bare == []


def test_parquet_and_csv_hold_what_the_database_holds(story: Story):
    folder = story.place.published / "current"
    with story.place.release() as con:
        for path in sorted((folder / "parquet").glob("*.parquet")):
            for one, other in ((path.stem, f"'{path}'"), (f"'{path}'", path.stem)):
                one, other = (name if name.startswith("'") else f"marts.{name}" for name in (one, other))
                assert con.execute(f"select * from {one} except all select * from {other}").fetchall() == []
        (statuses,) = con.execute("select count(*) from marts.indicator_status").fetchall()[0]
    lines = (folder / "indicators.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert len(lines) == statuses + 1


def test_no_landing_folder_is_exit_2_and_an_empty_one_is_none(tmp_path: Path):
    place = Place(tmp_path)
    place.reference.mkdir()
    missing = place.vedlegg2("run")
    assert missing.returncode == 2
    assert str(place.landing) in missing.stderr
    place.landing.mkdir()
    empty = place.vedlegg2("run")
    assert empty.returncode == 0, empty.stderr
    assert "tom" in empty.stdout
    assert not os.path.lexists(place.published / "current")
    place.refer("organisations", [{**row, "valid_from": "i fjor"} for row in place.seed("organisations")])
    wrong = place.vedlegg2("run")
    assert wrong.returncode == 2
    assert f"{place.reference / 'organisations.csv'}, line 2, column valid_from" in wrong.stderr
    assert len(wrong.stderr.splitlines()) == 1
