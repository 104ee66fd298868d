"""Every page of the report: accessible, no error, no request, no sideways scroll, right on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from report_marts import REGION, TRUSTS, seed

pytestmark = pytest.mark.browser
DOTS = re.compile(r"\b\d\d\.\d\d\.\d{4}\b|\b[1-3]\.\d\b|\d\.\s|[\w-]+\.(csv|json|xlsx|duckdb)|3,267")
"""Where a point may stand between digits, or three digits after a comma: dates, ids, names of files, a constant."""
A4 = (595, 842)
WORDS = {"met": "Nådd", "not_met": "Ikke nådd", "not_assessable": "Kan ikke vurderes"}
FORMS = {
    "share": (100, " %", 1),
    "growth": (100, " %", 2),
    "days": (1, " dager", 1),
    "ddd_per_100_bed_days": (1, "", 2),
}
"""Unit -> factor, what stands behind, fewest decimals; others are plain numbers."""
JUDGED = """
select s.indicator_id, n.name, v.value, v.unit, v.suppressed, s.baseline_value, s.status, o.status,
    o.official_total
from marts.indicator_status as s
join marts.indicator_value as v using (indicator_id, series, org_id, period)
join marts.indicator_overall as o using (indicator_id, org_id, period)
join names as n using (indicator_id, series)
where s.org_id = ? and s.period = '2024' and s.official order by all"""
SERIES = """
select value from marts.indicator_value
where indicator_id = '3.2' and series = 'somatic' and org_id = ? and period_type = 'month' order by period"""
ANNUAL = """rows => rows.map(row => [
    row.querySelector('.nr').innerText, row.querySelector('.vurdering .dom').innerText,
    [...row.querySelectorAll('.resultat strong')].map(one => one.innerText)])"""


def noticed(visits: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The pages on which something was noticed."""
    assert len(visits) > 35
    return {name: getattr(visit, what) for name, visit in visits.items() if getattr(visit, what)}


def test_axe_finds_nothing_on_any_page(visits: Mapping[str, Any]) -> None:
    assert noticed(visits, "violations") == {}


def test_axe_would_see_a_bad_contrast(page: Page, site: Path) -> None:
    page.goto((site / "metode.html").as_uri())
    page.evaluate("document.querySelector('.ingress').style.setProperty('color', '#c8ccd2')")
    assert [
        one["id"]
        for one in Axe()
        .run(page, options={"runOnly": ["color-contrast"], "preload": False})
        .response["violations"]
    ] == ["color-contrast"]


def test_no_page_has_an_error_or_asks_for_anything_outside(visits: Mapping[str, Any]) -> None:
    assert noticed(visits, "said") == {}
    assert noticed(visits, "asked") == {}


def test_no_page_holds_a_script_or_a_handler(visits: Mapping[str, Any]) -> None:
    assert noticed(visits, "code") == {}


def test_no_page_scrolls_sideways_on_a_telephone_or_at_double_size(visits: Mapping[str, Any]) -> None:
    assert noticed(visits, "wide") == {}


def test_every_chart_has_words_and_a_table(visits: Mapping[str, Any]) -> None:
    drawn = {name: visit for name, visit in visits.items() if visit.charts}
    assert {name for name in visits if name.startswith("indikator/")} == set(drawn)
    for name, visit in drawn.items():
        assert all(label and label.startswith("Linjediagram over ") for label in visit.charts), name
        assert not [label for label in visit.charts if "None" in label], name
        assert visit.tables >= 2, name


def test_no_number_is_american(visits: Mapping[str, Any]) -> None:
    american = re.compile(r".{0,9}(?:\d\.\d|\d,\d{3}\b|-\d+,\d).{0,9}")
    found = {name: american.findall(DOTS.sub(" ", visit.text)) for name, visit in visits.items()}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def says(text: str, value: float | None, unit: str) -> bool:
    """Whether a text is the value in Norwegian form, to the last digit shown; written without the report's code."""
    factor, behind, decimals = FORMS.get(unit, (1, "", 0))
    plain = (
        text.split("\n")[0].replace("\u00a0", " ").replace("−", "-").removesuffix(" DDD per 100 liggedøgn")
    )
    if value is None:
        return plain == "–"
    found = re.fullmatch(rf"(-?\d{{1,3}}(?: \d{{3}})*(?:,(\d+))?){behind}", plain)
    if found is None:
        return False
    places = len(found[2] or "")
    number = float(found[1].replace(" ", "").replace(",", "."))
    return places >= decimals and abs(number - factor * value) <= 0.5 * 10**-places + 1e-9


@pytest.fixture(scope="module")
def judged(database: Path) -> Mapping[str, list[tuple[Any, ...]]]:
    """Per organisation the official figures of the letter's year, with the names of their series."""
    with duckdb.connect() as con:
        con.execute(f"attach '{database}' as release (read_only); use release")
        con.execute("create temp table names (indicator_id varchar, series varchar, name varchar)")
        names = [(row["indicator_id"], row["series"], row["name_no"]) for row in seed("series")]
        con.executemany("insert into names values (?, ?, ?)", names)
        return {org: con.execute(JUDGED, [org]).fetchall() for org in (REGION, *TRUSTS)}


def test_the_figures_on_the_overviews_are_those_of_the_marts(
    visits: Mapping[str, Any], judged: Mapping[str, list[tuple[Any, ...]]]
) -> None:
    compared = 0
    for org, figures in judged.items():
        shown: dict[tuple[str, str], list[str]] = {}
        at = ""
        for name, *cells in visits[f"oversikt/{org}-aar.html"].rows:
            first = name.split("\n")[0].strip()
            if re.match(r"\d\.\d\s", first):
                at, first = first[:3], ""
            shown[at, first] = cells
        for indicator, name, value, unit, hidden, baseline, status, overall, total in figures:
            assert shown[indicator, ""][1] == WORDS[overall], (org, indicator)
            if total > 6:
                continue
            number, verdict, before = shown[indicator, "" if total == 1 else name]
            assert number == "skjult" if hidden else says(number, value, unit), (
                org,
                indicator,
                number,
                value,
            )
            assert verdict == WORDS[status], (org, indicator, name)
            assert hidden or says(before, baseline, unit), (org, indicator, before, baseline)
            compared += 1
    assert compared > 60


def test_the_figures_of_the_yearly_report_are_those_of_the_marts(
    page: Page, site: Path, judged: Mapping[str, list[tuple[Any, ...]]]
) -> None:
    page.goto((site / "arlig-melding.html").as_uri())
    rows = page.locator("table.melding tbody tr").evaluate_all(ANNUAL)
    assert [row[0] for row in rows] == sorted({figure[0] for figure in judged[REGION]})
    for indicator, verdict, results in rows:
        figures = [figure for figure in judged[REGION] if figure[0] == indicator]
        assert verdict == WORDS[figures[0][7]]
        if len(figures) > 6:
            counts = [sum(figure[6] == code for figure in figures) for code in WORDS]
            assert results == [f"{count} av {len(figures)}" for count in counts if count]
        else:
            assert len(results) == len(figures)
            for _, name, value, unit, *_ in figures:
                assert any(says(result, value, unit) for result in results), (indicator, name, value, results)


def test_the_table_behind_the_chart_is_the_series(page: Page, site: Path, database: Path) -> None:
    page.goto((site / "indikator/3-2.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    table = page.get_by_role("region", name="Tallene bak diagrammet over utviklingen")
    shown = table.locator("tbody td:nth-child(2)").all_inner_texts()
    with duckdb.connect(database, read_only=True) as con:
        values = con.execute(SERIES, [REGION]).fetchall()
    assert len(shown) == len(values) == 24
    assert all(says(text, value, "days") for text, (value,) in zip(shown, values, strict=True))


def test_hidden_figures_are_words(page: Page, site: Path) -> None:
    page.goto((site / "indikator/3-7.html").as_uri())
    assert page.locator("figure", has_text="Skjult av personvernhensyn").count() == 3
    assert page.locator("td", has_text="skjult").count() > 0


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto((site / "indikator/3-6.html").as_uri())
    wanted = page.locator("a[href]:visible, summary:visible, [tabindex='0']:visible").count()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    reached = 1
    while reached <= wanted:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px", page.evaluate("document.activeElement.outerHTML")
        reached += 1
    assert reached == wanted
    page.goto((site / "indikator/3-6.html").as_uri())
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open] table").first.is_visible()
    page.keyboard.press("Enter")
    assert not page.locator("details table").first.is_visible()


def test_everything_works_without_javascript(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Hele året", exact=True).click()
    page.get_by_role("link", name="St. Olavs hospital", exact=True).click()
    assert page.locator("h1").inner_text() == "St. Olavs hospital HF"
    page.locator("table.alle").get_by_role("link", name="3.6").click()
    assert page.url.endswith("/indikator/3-6.html")
    page.locator("summary").first.click()
    assert page.locator("details table").first.is_visible()
    context.close()


@pytest.mark.parametrize(("wish", "scroll"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_for_those_who_want_no_motion(
    browser: Browser, site: Path, wish: Any, scroll: str
) -> None:
    context = browser.new_context(reduced_motion=wish)
    page = context.new_page()
    page.goto((site / "last-ned.html").as_uri())
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == scroll
    moving = (
        "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration !== '0s')"
    )
    assert page.evaluate(f"document.getAnimations().length + {moving}.length") == 0
    context.close()


@pytest.mark.parametrize(
    ("name", "pages", "landscape"),
    [("arlig-melding", 1, True), ("index", 4, True), ("indikator/3-2", 4, False)],
)
def test_paper(page: Page, site: Path, name: str, pages: int, landscape: bool) -> None:
    """A4 in the right direction, tagged; the yearly report on one sheet."""
    page.goto((site / f"{name}.html").as_uri())
    pdf = page.pdf(prefer_css_page_size=True, tagged=True, outline=True)
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(sizes)
    assert 1 <= len(sizes) <= pages
    width, height = reversed(A4) if landscape else A4
    assert all(abs(float(w) - width) < 1 and abs(float(h) - height) < 1 for w, h in sizes)
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", pdf)
