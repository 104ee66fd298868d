"""Where every page of the report lies.

Belongs here: file names, so that a link and the page it leads to cannot differ. Does not belong here: what
stands on a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestration.report.marts import Marts
from orchestration.report.rows import Indicator, Organisation

NEWEST = "nyeste"
VIEWS = {NEWEST: "", "maaned": "month", "tertial": "tertial", "hittil": "year_to_date", "aar": "year"}
"""Name of an overview in its file name -> its period type; the newest period of each indicator has none."""


def safe(code: str) -> str:
    """A code as part of a file name or an id."""
    return re.sub(r"[^0-9A-Za-z_]+", "-", code).strip("-") or "x"


@dataclass(frozen=True)
class Links:
    """Paths from the report's folder; the first region's pages have the short names."""

    marts: Marts

    def _first(self, region_id: str) -> bool:
        return region_id == self.marts.regions[0].org_id

    def overview(self, org: Organisation, view: str = NEWEST) -> str:
        """The overview of an organisation."""
        if view == NEWEST and self._first(org.org_id):
            return "index.html"
        return f"oversikt/{safe(org.org_id)}-{view}.html"

    def indicator(self, indicator: Indicator, region: Organisation) -> str:
        """The page of an indicator."""
        region_part = "" if self._first(region.org_id) else f"-{safe(region.org_id)}"
        return f"indikator/{safe(indicator.indicator_id)}{region_part}.html"

    def variation(self, region: Organisation) -> str:
        """The trusts side by side."""
        return "variasjon.html" if self._first(region.org_id) else f"variasjon-{safe(region.org_id)}.html"

    def annual(self, region: Organisation, year: int, ending: str = ".html") -> str:
        """The yearly report; the first region's newest one has the short name."""
        if self._first(region.org_id) and year == max(self.marts.years(region.org_id), default=year):
            return f"arlig-melding{ending}"
        return f"arlig-melding-{safe(region.org_id)}-{year}{ending}"

    def region(self, org: Organisation) -> Organisation:
        """The region of an organisation, or the organisation itself."""
        return self.marts.organisations.get(self.marts.region_of(org), org)


def short(name: str) -> str:
    """A name without its legal form, for narrow columns."""
    return re.sub(r"\s+(RHF|HF|AS|SA)$", "", name)
