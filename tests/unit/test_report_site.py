"""The report as files: complete, the same every time, nothing lost between the release and the page."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import duckdb
import openpyxl
import pytest
from report_marts import FACTS, REASON, REGION, TRUSTS, reference, write_release

from orchestration import report
from orchestration.report.marts import read

SOME = frozenset({"1.1", "2.4", "2.5", "3.1", "3.2", "3.6", "3.7"})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release") / "indicators.duckdb", indicators=SOME)


@pytest.fixture(scope="module")
def site(database: Path) -> Path:
    folder = database.parent / "report"
    report.build(database, folder, FACTS, reference())
    return folder


def contents(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def text(page: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))).replace("\u00a0", " ")


def test_every_page_is_there(site: Path) -> None:
    pages = {name for name in contents(site) if name.endswith(".html")}
    views = {"maaned", "tertial", "hittil", "aar"}
    expected = {"index.html", "variasjon.html", "datakvalitet.html", "last-ned.html", "metode.html"}
    expected |= {"arlig-melding.html", "arlig-melding-tabell.html"}
    expected |= {f"indikator/{at.replace('.', '-')}.html" for at in SOME}
    expected |= {f"oversikt/{REGION}-{view}.html" for view in views}
    expected |= {f"oversikt/{trust}-{view}.html" for trust in TRUSTS for view in (*views, "nyeste")}
    assert pages == expected


def test_every_link_leads_somewhere(site: Path, database: Path) -> None:
    outside = {"../release.json", "../indicators.duckdb", "../indicators.csv"}
    for page in site.rglob("*.html"):
        written = page.read_text("utf-8")
        ids = set(re.findall(r'id="([^"]+)"', written))
        for link in re.findall(r'(?:href|src)="([^"]+)"', written):
            if link.startswith("#"):
                assert unquote(link[1:]) in ids, (page.name, link)
            elif link != "data:,":
                target = (page.parent / link.split("#")[0]).resolve()
                inside = os.path.relpath(target, site)
                assert target.is_file() or inside in outside or inside.startswith("../parquet/"), (page, link)


def test_nothing_runs_and_nothing_is_fetched(site: Path) -> None:
    for page in site.rglob("*.html"):
        written = page.read_text("utf-8")
        assert "<script" not in written
        assert not re.search(r"\son\w+=|style=|javascript:|https?://", written), page.name
        assert "default-src 'none'" in written
    assert not re.search(r"url\((?!\"data:)|@import", (site / "assets/stil.css").read_text("utf-8"))


def test_the_same_release_gives_the_same_bytes_in_every_run_and_time_zone(site: Path, database: Path) -> None:
    other = database.parent / "again"
    code = (
        "from pathlib import Path; from orchestration import report; import sys, json;"
        "report.build(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4]))"
    )
    facts = {**FACTS, "release_id": "later", "created_at": "2027-01-01T00:00:00+00:00"}
    subprocess.run(
        [sys.executable, "-c", code, str(database), str(other), json.dumps(facts), json.dumps(reference())],
        env={**os.environ, "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "7"},
        check=True,
    )
    assert contents(site) == contents(other)


def test_every_table_can_be_downloaded_as_it_is(site: Path, database: Path) -> None:
    with duckdb.connect(database, read_only=True) as con:
        tables = [row[0] for row in con.execute("select table_name from duckdb_tables()").fetchall()]
        sizes = {
            name: con.execute(f'select count(*) from marts."{name}"').fetchall()[0][0] for name in tables
        }
    page = (site / "last-ned.html").read_text("utf-8")
    for name, size in sizes.items():
        with (site / f"data/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
        assert len(rows) == size + 1
        assert f'href="../parquet/{name}.parquet"' in page
        assert all(f"<code>{column}</code>" in page for column in rows[0])


def test_reservations_are_said(site: Path) -> None:
    front = text(site / "index.html")
    assert "Syntetiske data" in front
    assert "Tallene for 3. tertial 2024 er ikke fullstendige. Mangler: Helse Møre og Romsdal HF." in front
    assert re.search(r"desember 2024\s+til oppfølging, foreløpig", front)
    assert "skjult" in text(site / "indikator/3-7.html")
    quality = text(site / "datakvalitet.html")
    for words in ("Mangler", "For mange rader er avvist", "mistyped.csv", "70,0 %", "Ny leveranse"):
        assert words in quality


def test_the_reason_of_new_limits_is_said(site: Path) -> None:
    page = (site / "indikator/3-2.html").read_text("utf-8")
    chart = page[page.index('<svg viewBox="0 0 1180') if '<svg viewBox="0 0 1180' in page else 0 :]
    assert f"Nye grenser fra juli 2023: {REASON}." in text(site / "indikator/3-2.html")
    assert f">{REASON}</text>" in chart
    assert "Foreløpige grenser: de bygger på 18 av 24 målinger." in page
    assert re.search(r"juli 2023</th>.*?nye grenser", page, re.DOTALL)


def test_exclusions_and_sources_stand_on_the_indicators_page(site: Path) -> None:
    page = text(site / "indikator/3-6.html")
    assert re.search(r"Regnet med\s+9 000\s+9 000\s+9 000", page)
    assert re.search(r"Fødsel eller nyfødt\s+skjult\s+skjult\s+skjult", page)
    assert "bygger på 2 filer" in page
    assert "1a1a1a1a1a1a…" in page


def test_all_24_cancer_forms_have_their_row(site: Path) -> None:
    page = text(site / "indikator/3-1.html")
    assert "Alle 24 vurderinger" in page
    names = [
        name
        for (at, series), name in read(site.parent / "indicators.duckdb", reference()).series_names.items()
        if at == "3.1" and series != "all"
    ]
    assert len(names) == 24
    assert all(page.count(name) >= 2 for name in names)


def test_intensive_care_shows_three_conditions_and_the_rates(site: Path) -> None:
    page = text(site / "indikator/2-5.html")
    assert "De tre vurderingene" in page
    assert page.index("Ordinær drift per 100 000 innbyggere") > page.index("Andre tall")


def test_the_workbook_holds_the_table_of_the_page(site: Path) -> None:
    book = openpyxl.load_workbook(site / "arlig-melding.xlsx")
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]
    assert rows[0] == ["Nr.", "Indikator", "Mål 2024", "Resultat 2024", "Måloppnåelse", "Kommentar"]
    assert [row[0] for row in rows[1:]] == sorted(SOME)
    assert {row[0]: row[5] for row in rows[1:]}["3.6"] == "Vi er på vei."
    page = text(site / "arlig-melding-tabell.html")
    for row in rows[1:]:
        assert row[4].split(":")[0] in page
        assert all(line in page for line in row[3].replace("\u00a0", " ").split("\n"))


def test_a_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    database = write_release(tmp_path / "indicators.duckdb", indicators=frozenset({"3.6"}))
    with duckdb.connect(database) as con:
        con.execute("update marts.comment set text_no = '=1+1'")
        con.execute("update marts.indicator set short_name_no = '=cmd|x'")
    report.build(database, tmp_path / "report", FACTS, reference())
    with zipfile.ZipFile(tmp_path / "report/arlig-melding.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "'=1+1" in (tmp_path / "report/data/comment.csv").read_text("utf-8-sig")


def test_a_release_with_next_to_nothing_in_it_has_a_report(tmp_path: Path) -> None:
    database = write_release(tmp_path / "indicators.duckdb", indicators=frozenset({"3.6"}))
    with duckdb.connect(database) as con:
        for table in ("target", "indicator_status", "indicator_overall", "spc", "delivery", "exclusion"):
            con.execute(f"delete from marts.{table}")
        con.execute(
            "update marts.indicator set short_name_no = null, goal = null, frequency = null, "
            "definition_no = null"
        )
    report.build(database, tmp_path / "report", {}, reference())
    page = text(tmp_path / "report/index.html")
    assert "Kan ikke vurderes" in page
    assert "Det er ikke satt mål for året" in page
    assert "Syntetiske data" not in page


def test_two_regions_have_their_own_pages(tmp_path: Path) -> None:
    database = write_release(tmp_path / "indicators.duckdb", indicators=frozenset({"3.6"}))
    with duckdb.connect(database) as con:
        con.execute(
            "insert into marts.organisation "
            "select '991324968', 'Helse Sør-Øst RHF', 'region', null, null, null; "
            "insert into marts.indicator_value select * replace ('991324968' as org_id) "
            f"from marts.indicator_value where org_id = '{REGION}'"
        )
    report.build(database, tmp_path / "report", FACTS, reference())
    other = text(tmp_path / "report/oversikt/991324968-nyeste.html")
    assert "Helse Sør-Øst RHF" in other
    assert (tmp_path / "report/indikator/3-6-991324968.html").is_file()
    assert "Helse Sør-Øst" in text(tmp_path / "report/index.html")
