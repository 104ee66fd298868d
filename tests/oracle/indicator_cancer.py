"""3.1 Cancer pathways within the standard time, 24 forms."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from tests.oracle.figures import Indicator, Measure, ratio
from tests.oracle.periods import FigurePeriod, label_of
from tests.oracle.state import Organisation, Row, State

CURATIVE = ("K", "M", "S")


@dataclass(frozen=True)
class Pathway:
    """One pathway: the trust that started it, the tertial and form it counts in."""

    trust: str
    tertial: str
    form: str
    code: str
    within: bool


class CancerPathways(Indicator):
    """The first treatment start of any type decides; a pathway is one over all deliveries in force."""

    id = "3.1"
    datasets = ("cancer_pathways",)
    counted_dataset = "cancer_pathways"

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.limits: dict[tuple[str, str], list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
        for row in state.reference["cancer_pathway_limits"]:
            first = dt.date.fromisoformat(row["valid_from"]) if row["valid_from"] else dt.date.min
            last = dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else dt.date.max
            self.limits[row["cancer_form"], row["treatment"]].append((first, last, int(row["max_days"])))
        pathways: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for dataset, period, org in state.in_force:
            if dataset == "cancer_pathways":
                for row in state.rows(dataset, period, org):
                    pathways[org, row["forlop_id"]].append(row)
        self.pathways: dict[tuple[str, str], list[Pathway]] = defaultdict(list)
        for (trust, _), rows in pathways.items():
            pathway = self._decide(trust, rows)
            self.pathways[trust, pathway.tertial].append(pathway)

    def limit(self, row: Row) -> int | None:
        """Days: ``maks_dager`` when delivered, else the reference limit valid on ``start_dato``."""
        if row["maks_dager"] is not None:
            return int(row["maks_dager"])
        for first, last, days in self.limits[row["kreftform"], row["behandlingstype"]]:
            if first <= row["start_dato"] <= last:
                return days
        return None

    def _decide(self, trust: str, rows: list[Row]) -> Pathway:
        started = [row for row in rows if row["behandling_start_dato"] and row["behandlingstype"]]
        if not started:
            row = min(rows, key=lambda row: row["start_dato"])
            tertial = label_of(row["start_dato"], "tertial")
            return Pathway(trust, tertial, row["kreftform"], "no_treatment_start", False)
        day = min(row["behandling_start_dato"] for row in started)
        first = [row for row in started if row["behandling_start_dato"] == day]
        tertial = label_of(day, "tertial")
        curative = [row for row in first if row["behandlingstype"] in CURATIVE]
        if not curative:
            return Pathway(trust, tertial, first[0]["kreftform"], "not_curative_start", False)
        known = [(limit, row) for row in curative if (limit := self.limit(row)) is not None]
        if not known:
            return Pathway(trust, tertial, curative[0]["kreftform"], "no_limit", False)
        limit, row = max(known, key=lambda pair: pair[0])
        within = (day - row["start_dato"]).days <= limit
        return Pathway(trust, tertial, row["kreftform"], "included", within)

    def pathways_of(self, org: Organisation, period: FigurePeriod) -> dict[str, list[Pathway]]:
        """Series -> pathways of the trusts that have delivered the tertial they count in."""
        found: dict[str, list[Pathway]] = defaultdict(list)
        for trust in org.trusts:
            for tertial in period.extracts:
                if self.state.extract_date("cancer_pathways", tertial, trust.id):
                    for pathway in self.pathways[trust.id, tertial]:
                        found[pathway.form].append(pathway)
                        found["all"].append(pathway)
        return found

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Share within the limit, of the first starts K, M or S with a known limit."""
        figures = {}
        for series, pathways in self.pathways_of(org, period).items():
            counted = [pathway for pathway in pathways if pathway.code == "included"]
            figures[series] = ratio(sum(pathway.within for pathway in counted), len(counted))
        return figures

    def obstacles(self, org: Organisation, period: FigurePeriod) -> dict[str, str]:
        """A form whose every case (first start K, M or S) is excluded as ``no_limit`` has that reason."""
        reasons = {}
        for series, pathways in self.pathways_of(org, period).items():
            codes = {pathway.code for pathway in pathways}
            if "no_limit" in codes and "included" not in codes:
                reasons[series] = "no_limit"
        return reasons

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: pathway."""
        tertial = FigurePeriod("tertial", extract, (extract,), (extract,))
        return Counter(pathway.code for pathway in self.pathways_of(org, tertial).get("all", []))
