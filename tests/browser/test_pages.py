"""Every page of the report: accessible, no error, no request, no sideways scroll, right on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,
    "resultTypes": ["violations"],
}
"""Without preload: axe would fetch style sheets, which the page forbids."""
KINDS = {
    "index": "index.html",
    "trust": "oversikt/883974832-nyeste.html",
    "months": "indikator/3-2.html",
    "cancer": "indikator/3-1.html",
    "beds": "indikator/2-5.html",
    "hidden": "indikator/3-7.html",
    "variation": "variasjon.html",
    "annual": "arlig-melding.html",
    "paste": "arlig-melding-tabell.html",
    "quality": "datakvalitet.html",
    "download": "last-ned.html",
    "method": "metode.html",
}
"""One page of each kind."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_every_page_is_accessible_and_quiet(page: Page, site: Path) -> None:
    """Axe finds nothing with everything open; the console is empty; nothing but files is asked for."""
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    found = {}
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        violations = Axe().run(page, options=AXE).response["violations"]
        if violations:
            nodes = [node["html"][:200] for violation in violations for node in violation["nodes"][:2]]
            found[path.name] = [[violation["id"] for violation in violations], nodes]
    assert not found
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_axe_would_see_a_bad_contrast(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.evaluate("document.querySelector('.ingress').style.setProperty('color', '#c8ccd2')")
    assert "color-contrast" in [one["id"] for one in Axe().run(page, options=AXE).response["violations"]]


@pytest.mark.parametrize("width", [360, 390, 720, 1440])
def test_no_page_scrolls_sideways(page: Page, site: Path, width: int) -> None:
    """720 is what a window of 1440 has left at 200 % zoom."""
    page.set_viewport_size({"width": width, "height": 800})
    wide = []
    for name in KINDS.values():
        page.goto((site / name).as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(name)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert wide == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, site: Path) -> None:
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


def test_every_chart_has_words_and_a_table(page: Page, site: Path) -> None:
    for path in sorted(site.glob("indikator/*.html")):
        page.goto(path.as_uri())
        charts = page.locator("svg[role=img]")
        for label in charts.evaluate_all("found => found.map(one => one.getAttribute('aria-label'))"):
            assert label.startswith("Linjediagram over "), path.name
            assert "None" not in label
        hidden = page.locator("svg:not([role=img]):not([aria-hidden=true])")
        assert hidden.count() == 0
        assert page.locator("details table").count() >= page.locator("svg.hoved").count()


def test_no_number_is_american(page: Page, site: Path) -> None:
    """A point between digits stands in dates, ids and names of files only."""
    allowed = re.compile(
        r"\b\d\d\.\d\d\.(\d{4}|\d\d)\b|\b[1-3]\.\d\b|\d\.\s|[\w-]+\.(csv|json|xlsx|duckdb)|3,267"
    )
    for name in KINDS.values():
        page.goto((site / name).as_uri())
        text = allowed.sub(" ", page.locator("main").inner_text())
        assert not re.search(r"\d\.\d|\d,\d{3}\b|-\d+,\d", text), (name, re.findall(r".{9}\d\.\d.{9}", text))


@pytest.mark.parametrize(
    ("kind", "pages", "landscape"), [("annual", 1, True), ("index", 4, True), ("months", 4, False)]
)
def test_paper(page: Page, site: Path, tmp_path: Path, kind: str, pages: int, landscape: bool) -> None:
    """A4 in the right direction, tagged; the yearly report on one sheet."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("no pdfinfo on this machine")
    page.goto((site / KINDS[kind]).as_uri())
    file = tmp_path / "page.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True, tagged=True, outline=True)
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    facts = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    assert int(facts["Pages"]) <= pages
    assert "(A4)" in facts["Page size"]
    width, height = map(float, re.findall(r"[\d.]+", facts["Page size"])[:2])
    assert (width > height) is landscape
    assert facts["Tagged"].strip() == "yes"
