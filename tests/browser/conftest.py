"""The report in a real browser: Chromium of the system, driven by Playwright.

Belongs here: the browser and the report that is looked at. Does not belong here: what is expected of it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from report_marts import FACTS, write_release

from orchestration import report

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests are left out, or fail where VEDLEGG2_BROWSER is «required»."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("VEDLEGG2_BROWSER") == "required":
            pytest.fail("There is no chromium; install it, or take VEDLEGG2_BROWSER=required away.")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release's database with all indicators."""
    return write_release(tmp_path_factory.mktemp("release") / "indicators.duckdb")


@pytest.fixture(scope="session")
def site(browser: Browser, database: Path) -> Path:
    """Its report."""
    folder = database.parent / "report"
    report.build(database, folder, FACTS)
    return folder
