"""The report in a real browser: Chromium of the system, driven by Playwright.

Belongs here: the browser, the report that is looked at, and one visit to each of its pages. Does not belong
here: what is expected of it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from report_marts import FACTS, reference, write_release

from orchestration import report

CHROMIUM = shutil.which("chromium")
FULL = os.environ.get("VEDLEGG2_BROWSER") == "full"
"""Then the browser must be there, and every page is looked at with every rule and width, not one of each kind."""
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,
    "resultTypes": ["violations"],
}
"""Without preload: axe would fetch style sheets, which the page forbids."""
SLOW = ("color-contrast", "target-size", "region", "link-in-text-block")
"""Rules about style sheet and frame of a page, which are the same for all pages of a kind."""
QUICK = AXE | {"rules": {rule: {"enabled": False} for rule in SLOW}}
KINDS = (
    *("index", "variasjon", "arlig-melding", "arlig-melding-tabell", "datakvalitet", "last-ned", "metode"),
    *("oversikt/883974832-nyeste", "indikator/2-4", "indikator/2-5", "indikator/3-1", "indikator/3-2"),
    *("indikator/3-6", "indikator/3-7"),
)
"""A page of each kind."""
NARROW = (360, 720)
"""A small telephone, and what a window of 1440 has left at 200 % zoom."""
WIDTHS = (1440, 360)
"""Neighbouring pages are looked at in one or the other."""
ROWS = """rows => rows.map(row => [
    row.querySelector('th').innerText,
    row.querySelector('.resultat strong')?.innerText,
    row.querySelector('.vurdering .dom')?.innerText,
    row.querySelector('.basis')?.firstChild.textContent.trim()])"""
CODE = """() => [...document.querySelectorAll('*')].filter(one => one.tagName === 'SCRIPT'
    || [...one.attributes].some(attribute => attribute.name.startsWith('on') || attribute.name === 'style')).length"""


@dataclass
class Visit:
    """What the browser noticed on one page, with everything open that can be opened."""

    said: list[str] = field(default_factory=list)
    """Console messages and errors."""
    asked: list[str] = field(default_factory=list)
    """Addresses outside the report's files."""
    wide: list[int] = field(default_factory=list)
    """Widths at which the page scrolls sideways."""
    violations: list[str] = field(default_factory=list)
    text: str = ""
    code: int = 0
    """Elements that are or carry script or style."""
    charts: list[str | None] = field(default_factory=list)
    """What is said of each picture that is not decoration."""
    tables: int = 0
    rows: list[list[str]] = field(default_factory=list)
    """Rows of the overview: name, value, verdict, baseline."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that the browser tests were left out."""
    if CHROMIUM is None and not FULL:
        terminalreporter.write_line(
            "The tests in a browser were left out: there is no chromium here (apt-get install chromium)."
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests are left out, or fail where VEDLEGG2_BROWSER is «full»."""
    if CHROMIUM is None:
        if FULL:
            pytest.fail("There is no chromium; install it, or take VEDLEGG2_BROWSER=full away.")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page of 1440 by 900, for readers who want no motion."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release's database with all indicators."""
    return write_release(tmp_path_factory.mktemp("release") / "indicators.duckdb", years=(2023, 2024))


@pytest.fixture(scope="session")
def site(browser: Browser, database: Path) -> Path:
    """Its report."""
    folder = database.parent / "report"
    report.build(database, folder, FACTS, reference())
    return folder


@pytest.fixture(scope="session")
def visits(browser: Browser, site: Path) -> Mapping[str, Visit]:
    """Every page of the report, loaded once."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    found = {}
    for number, path in enumerate(sorted(site.rglob("*.html"))):
        name = path.relative_to(site).as_posix()
        thorough = FULL or name.removesuffix(".html") in KINDS
        found[name] = _visit(page, path, WIDTHS[number % 2], thorough=thorough)
    context.close()
    return found


def _visit(page: Page, path: Path, width: int, *, thorough: bool) -> Visit:
    visit = Visit()
    listeners: dict[Any, Any] = {
        "console": lambda message: visit.said.append(message.text),
        "pageerror": lambda error: visit.said.append(str(error)),
        "request": lambda request: visit.asked.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    widths = (*NARROW, width) if thorough else (width,)
    page.set_viewport_size({"width": widths[0], "height": 900})
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    visit.code = page.evaluate(CODE)
    for wide in widths:
        page.set_viewport_size({"width": wide, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > wide:
            visit.wide.append(wide)
    for violation in Axe().run(page, options=AXE if thorough else QUICK).response["violations"]:
        visit.violations += [f"{violation['id']}: {node['html'][:200]}" for node in violation["nodes"][:2]]
    visit.text = page.locator("main").inner_text()
    pictures = page.locator("svg:not([aria-hidden=true])")
    visit.charts = pictures.evaluate_all("found => found.map(one => one.getAttribute('aria-label'))")
    visit.tables = page.locator("details table").count()
    visit.rows = page.locator("table.alle tr.indikator, table.alle tr.del").evaluate_all(ROWS)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    visit.asked = [url for url in visit.asked if not url.startswith(("file:", "data:"))]
    return visit
