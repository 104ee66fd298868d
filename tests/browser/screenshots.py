"""Pictures of the report for a person to look at: every kind of page, wide and narrow, and on paper.

Belongs here: taking them. Does not belong here: judging them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PAGES = (
    *("index", "variasjon", "arlig-melding", "datakvalitet", "last-ned", "metode"),
    *("indikator/1-1", "indikator/2-5", "indikator/3-1", "indikator/3-2", "indikator/3-6"),
)
WIDTHS = (1440, 390)
PAPER = ("index", "arlig-melding", "indikator/3-2")


def main(report: Path, folder: Path) -> None:
    """Take the pictures of a report into a folder."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium on this machine; install it, then run again.")
    if not (report / "index.html").is_file():
        sys.exit(f"{report} holds no report; make one with «make run».")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            for name in PAGES:
                if (report / f"{name}.html").is_file():
                    page.goto((report / f"{name}.html").absolute().as_uri())
                    path = folder / f"{name.replace('/', '-')}-{width}.png"
                    page.screenshot(path=str(path), full_page=True)
        for name in PAPER:
            if (report / f"{name}.html").is_file():
                page.goto((report / f"{name}.html").absolute().as_uri())
                path = folder / f"{name.replace('/', '-')}.pdf"
                page.pdf(path=str(path), prefer_css_page_size=True, tagged=True, outline=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
