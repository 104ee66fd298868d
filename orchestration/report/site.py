"""The report of a release: a folder of pages that opens from a file, without a connection to anything.

Belongs here: which pages there are, and writing them. Does not belong here: what stands on a page.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from orchestration.report import (
    annual,
    downloads,
    indicator_page,
    norwegian,
    overview,
    quality,
    variation,
    words,
    workbook,
)
from orchestration.report.links import Links, short
from orchestration.report.marts import Marts, read
from orchestration.report.rows import Organisation
from orchestration.report.shown import Verdict

HERE = Path(__file__).resolve().parent
FACTS = ("synthetic", "as_of", "content_hash", "code_version")
"""What pages say of the release: nothing that differs between two runs with the same input."""
FONT_SLOT = "FONT_AS_BASE64"
LICENCE = "source-sans-3-LICENSE.txt"


@dataclass(frozen=True)
class Site:
    """The folder being written; ``facts`` are those of the release that pages may say."""

    folder: Path
    facts: Mapping[str, Any]
    marts: Marts
    links: Links
    templates: jinja2.Environment

    def write(self, name: str, template: str, home: Organisation, /, **context: Any) -> None:
        """Write one page; ``name`` is its path in the folder, ``home`` the region of the menu."""
        root = "../" * name.count("/")
        html = self.templates.get_template(f"{template}.html.j2").render(
            root=root,
            here=name,
            facts=self.facts,
            extracted=self.extracted,
            menu=self._menu(home),
            home=home,
            **context,
        )
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8", newline="\n")

    @property
    def extracted(self) -> dt.date | None:
        """Extract date of the newest delivery that was accepted."""
        rows = (row for row in self.marts.deliveries if row["status"] == "accepted")
        return max((row["extract_date"] for row in rows if row["extract_date"]), default=None)

    def _menu(self, region: Organisation) -> list[tuple[str, str]]:
        """The five parts of the report, for a region."""
        years = self.marts.years(region.org_id)
        yearly = [(self.links.annual(region, years[-1]), "Årlig melding")] if years else []
        return [
            (self.links.overview(region), "Oversikt"),
            (self.links.variation(region), "Variasjon"),
            *yearly,
            ("datakvalitet.html", "Datakvalitet"),
            ("last-ned.html", "Last ned"),
            ("metode.html", "Metode"),
        ]


def build(
    database: Path,
    folder: Path,
    facts: Mapping[str, Any],
    reference: Mapping[str, Sequence[Mapping[str, str]]],
) -> None:
    """Write the report of a release: the same bytes for the same tables, facts and reference data.

    Args:
        database: ``indicators.duckdb`` of the release; only read.
        folder: where to write, for example ``<release>/report``; made when it is not there.
        facts: what the manifest says of the release: ``synthetic``, ``as_of``, ``content_hash`` and
            ``code_version`` are shown where they are given. Times and ids of the run are not: the same
            content gives the same report.
        reference: rows of the reference data, of which ``series`` (Norwegian names and order of the series)
            and ``spc_phases`` (why a process chart has new limits) are used.
    """
    marts = read(database, reference)
    folder.mkdir(parents=True, exist_ok=True)
    said = {name: facts.get(name) for name in FACTS}
    site = Site(folder, said, marts, Links(marts), _templates())
    _assets(folder)
    for region in marts.regions:
        _region(site, region)
    if marts.regions:
        first = marts.regions[0]
        site.write("datakvalitet.html", "datakvalitet", first, **quality.context(marts))
        site.write("last-ned.html", "last_ned", first, tables=downloads.write(database, folder))
        site.write("metode.html", "metode", first, verdicts={code: Verdict(code) for code in words.STATUS})


def _region(site: Site, region: Organisation) -> None:
    """Every page of one region."""
    marts, links = site.marts, site.links
    for org in (region, *marts.trusts(region)):
        for view in overview.views(marts, org):
            context = overview.context(marts, links, org, view)
            site.write(links.overview(org, view), "oversikt", region, **context)
    for indicator in marts.indicators:
        page = indicator_page.context(marts, links, indicator, region)
        if page is not None:
            site.write(links.indicator(indicator, region), "indikator", region, **page)
    site.write(links.variation(region), "variasjon", region, **variation.context(marts, links, region))
    for year in marts.years(region.org_id):
        _annual(site, region, year)


def _annual(site: Site, region: Organisation, year: int) -> None:
    """The yearly report as page, as plain table and as workbook."""
    context = annual.context(site.marts, site.links, region, year)
    title = f"Årlig melding {year}: måloppnåelse, {region.name}"
    if site.facts.get("synthetic"):
        title += " (syntetiske data)"
    site.write(site.links.annual(region, year), "arlig_melding", region, title=title, **context)
    site.write(context["plain_table"], "arlig_melding_tabell", region, title=title, **context)
    workbook.write(site.folder / context["workbook"], context["rows"], title, year)


def _assets(folder: Path) -> None:
    """The style sheet as one file with the font inside, which browsers take from a file: address too."""
    assets = folder / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    font = base64.b64encode((HERE / "assets" / "source-sans-3.woff2").read_bytes()).decode()
    parts = [path.read_text(encoding="utf-8") for path in sorted((HERE / "assets").glob("*.css"))]
    css = "\n".join(parts).replace(FONT_SLOT, font)
    (assets / "stil.css").write_text(css, encoding="utf-8", newline="\n")
    (assets / LICENCE).write_bytes((HERE / "assets" / LICENCE).read_bytes())


def _templates() -> jinja2.Environment:
    """Templates that escape everything that is not markup of our own."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        periode=norwegian.period,
        kort_periode=norwegian.short_period,
        dato=norwegian.day,
        tall=norwegian.plain,
        kort=short,
    )
    environment.globals["deler"] = environment.get_template("deler.html.j2").module
    return environment
