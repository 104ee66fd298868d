"""What the pages say: the figures of the marts, and nothing that a name or a code could do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page
from report_marts import FACTS, REGION, write_release

from orchestration import report

pytestmark = pytest.mark.browser
WORDS = {"met": "Nådd", "not_met": "Ikke nådd", "not_assessable": "Kan ikke vurderes"}
PAYLOADS = tuple(
    payload.replace("#", str(number))
    for number in range(10)
    for payload in (
        "<script>window.broken=#</script>",
        '"><img src=x onerror="window.broken=#">',
        "</td></table><svg onload=window.broken=#>",
        '<a href="javascript:window.broken=#">x</a>',
        "{{ # * 7 }}<!--&lt;b&gt;-->' style='background:url(//example.org/#)",
    )
)
"""What somebody could write where a name, a code or a comment is expected."""
OVERVIEW = """rows => rows.map(row => [
    row.querySelector('th').innerText,
    row.querySelector('.resultat strong')?.innerText,
    row.querySelector('.vurdering .dom')?.innerText,
    row.querySelector('.basis')?.innerText])"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def norwegian(value: float, unit: str) -> str:
    """A value as the page must show it, written without the report's code."""
    if unit == "share":
        return f"{100 * value:.1f} %".replace(".", ",")
    if unit == "days":
        return f"{value:.1f} dager".replace(".", ",")
    return f"{value:,.0f}".replace(",", " ")


def test_the_figures_on_the_overview_are_those_of_the_marts(page: Page, site: Path, database: Path) -> None:
    page.goto((site / f"oversikt/{REGION}-aar.html").as_uri())
    rows = page.locator("table.alle tr.indikator, table.alle tr.del").evaluate_all(OVERVIEW)
    shown = {}
    at = ""
    for name, value, verdict, baseline in rows:
        first = name.replace("\u00a0", " ").split("\n")[0]
        if first[:1].isdigit() and first[1:2] == ".":
            at, first = first.split(" ", 1)
        shown[at, "" if first.endswith(" ") else first] = (value, verdict, baseline)
    with duckdb.connect(database, read_only=True) as con:
        figures = con.execute(
            "select v.indicator_id, v.value, v.unit, o.status, o.official_total, s.baseline_value "
            "from marts.indicator_value as v "
            "join marts.indicator_status as s using (indicator_id, series, org_id, period) "
            "join marts.indicator_overall as o using (indicator_id, org_id, period) "
            "where v.org_id = ? and v.period = '2024' and s.official and o.official_total = 1 "
            "and v.unit in ('share', 'count', 'bed_days', 'beds')",
            [REGION],
        ).fetchall()
        overall = con.execute(
            "select indicator_id, status from marts.indicator_overall where org_id = ? and period = '2024'",
            [REGION],
        ).fetchall()
    assert len(figures) > 6
    heads = {key[0]: cells for key, cells in reversed(list(shown.items()))}
    for indicator, value, unit, _, _, baseline in figures:
        said = heads[indicator]
        assert said[0].replace("\u00a0", " ") == norwegian(value, unit), indicator
        if baseline is not None:
            assert said[2].replace("\u00a0", " ").startswith(norwegian(baseline, unit)), indicator
    assert {indicator: heads[indicator][1] for indicator, _ in overall} == {
        indicator: WORDS[status] for indicator, status in overall
    }


def test_the_table_behind_the_chart_is_the_series(page: Page, site: Path, database: Path) -> None:
    page.goto((site / "indikator/3-2.html").as_uri())
    page.locator("details").first.evaluate("one => one.open = true")
    shown = page.locator("details").first.locator("tbody tr td:nth-child(2)").all_inner_texts()
    with duckdb.connect(database, read_only=True) as con:
        values = con.execute(
            "select value from marts.indicator_value where indicator_id = '3.2' and series = 'somatic' "
            "and org_id = ? and period_type = 'month' order by period",
            [REGION],
        ).fetchall()
    assert [text.replace("\u00a0", " ") for text in shown] == [
        norwegian(value, "days") for (value,) in values
    ]


def test_hidden_figures_are_words(page: Page, site: Path) -> None:
    page.goto((site / "indikator/3-7.html").as_uri())
    assert page.locator("figure", has_text="Skjult av personvernhensyn").count() == 3
    assert page.locator("td", has_text="skjult").count() > 0


def write_payloads(database: Path) -> None:
    """Put payloads wherever a table of the release holds text that people wrote."""
    with duckdb.connect(database) as con:
        con.execute("create temp table payload (text varchar)")
        con.executemany("insert into payload values (?)", [[payload] for payload in PAYLOADS])
        con.execute(
            "insert into marts.delivery (delivery_id, dataset, period, extract_date, sender, file_name, sha256, "
            "status, reason) select text || '/x', text, text, date '2024-06-10', text, text, text, 'rejected', "
            "text from payload"
        )
        con.execute("insert into marts.rejection select text || '/x', text, text, text, 3 from payload")
        con.execute(
            "insert into marts.exclusion select text, '3.6', ?, '2024-T1', text, 7 from payload", [REGION]
        )
        for table, columns in {
            "indicator": ("name_no", "short_name_no", "goal_no", "definition_no", "source_no"),
            "organisation": ("name",),
            "target": ("wording_no",),
            "comment": ("text_no",),
            "indicator_value": ("note",),
            "indicator_status": ("detail",),
            "revision": ("old_release", "cause"),
        }.items():
            assigned = ", ".join(f"{column} = ?" for column in columns)
            con.execute(f"update marts.{table} set {assigned}", list(PAYLOADS[: len(columns)]))


def test_names_and_codes_are_text(page: Page, tmp_path: Path) -> None:
    """50 payloads in every text column: no dialog, no request, no element of theirs, and all can be read."""
    database = write_release(tmp_path / "indicators.duckdb", indicators=frozenset({"3.2", "3.6"}))
    write_payloads(database)
    report.build(database, tmp_path / "report", FACTS)
    said: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    read = ""
    theirs = "script, img, a[href^='javascript'], [onload], [onerror], main b"
    for path in sorted((tmp_path / "report").rglob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("window.broken") is None
        assert page.locator(theirs).count() == 0
        read += page.locator("body").text_content() or ""
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert len(set(PAYLOADS)) == 50
    assert [payload for payload in PAYLOADS if payload not in read] == []
