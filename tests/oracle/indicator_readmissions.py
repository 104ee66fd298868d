"""3.7 Unplanned readmissions: acute return within 30 days after an ended episode in the same sector."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.figures import Indicator, Measure, ratio
from tests.oracle.periods import FigurePeriod, label_of
from tests.oracle.state import Organisation, Row, State, Trust
from tests.oracle.stays import stays_in_force

SECTOR = {"SOM": "somatic", "PHVV": "mental_health", "PHBU": "mental_health", "TSB": "substance_use"}
GAP = dt.timedelta(hours=8)
WINDOW = dt.timedelta(hours=30 * 24)


@dataclass
class Episode:
    """Stays of one patient in one sector that overlap or follow each other within 8 hours."""

    stays: list[Row]

    @property
    def start(self) -> dt.datetime:
        """Admission of the first stay."""
        start: dt.datetime = self.stays[0]["inn_tid"]
        return start

    @property
    def end(self) -> dt.datetime:
        """Last discharge; an open stay has none yet, so it lasts for ever."""
        return max(row["ut_tid"] or dt.datetime.max for row in self.stays)

    @property
    def ended(self) -> bool:
        """No stay in it is open."""
        return self.end != dt.datetime.max

    @property
    def acute(self) -> bool:
        """Any stay is acute (``innmate_hast`` 1, 2, 3; missing is not acute)."""
        return any(row["innmate_hast"] in (1, 2, 3) for row in self.stays)

    @property
    def last(self) -> Row:
        """The stay with the last discharge; on a tie the later admission, then the higher id as text."""
        return max(self.stays, key=lambda row: (row["ut_tid"], row["inn_tid"], row["opphold_id"]))


def episodes(stays: list[Row]) -> list[Episode]:
    """Rule 1, for the inpatient stays of one patient in one sector."""
    found: list[Episode] = []
    for row in sorted(stays, key=lambda row: row["inn_tid"]):
        if found and (row["inn_tid"] < found[-1].end or row["inn_tid"] - found[-1].end < GAP):
            found[-1].stays.append(row)
        else:
            found.append(Episode([row]))
    return found


@dataclass(frozen=True)
class Unit:
    """An ended episode, credited to a trust in the tertial of its end."""

    trust: str
    tertial: str
    sector: str
    code: str
    readmitted: bool


class Readmissions(Indicator):
    """Index episodes and readmissions, over all trusts that have delivered."""

    id = "3.7"
    datasets = ("inpatient_stays",)
    counted_dataset = "inpatient_stays"

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.newest: dict[str, dt.date] = {}
        for (dataset, _, org), delivery in state.in_force.items():
            if dataset == "inpatient_stays":
                self.newest[org] = max(delivery.extract_date, self.newest.get(org, dt.date.min))
        self.regions: dict[str, list[Trust]] = defaultdict(list)
        for trust in state.trusts.values():
            self.regions[trust.region].append(trust)
        chains: dict[tuple[str, str], list[Row]] = defaultdict(list)
        deaths: dict[str, set[dt.date]] = defaultdict(set)
        for stay in stays_in_force(state):
            row = stay.row
            if row["dodsdato"]:
                deaths[row["pasient_id"]].add(row["dodsdato"])
            if row["omsorgsnivaa"] == 1:
                chains[row["pasient_id"], SECTOR[row["tjenesteomraade"]]].append(row)
        self.units: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for (patient, sector), rows in chains.items():
            for unit in self._units(sector, episodes(rows), deaths[patient]):
                self.units[unit.trust, unit.tertial].append(unit)

    def _units(self, sector: str, chain: list[Episode], deaths: set[dt.date]) -> Iterator[Unit]:
        for episode, following in zip(chain, [*chain[1:], None], strict=True):
            if not episode.ended:
                continue
            readmitted = (
                following is not None and following.acute and GAP <= following.start - episode.end <= WINDOW
            )
            trust, day = episode.last["foretak_orgnr"], episode.end.date()
            horizon = self._horizon(trust, day)
            if episode.last["uttilstand"] != 1:
                code = "not_discharged_alive"
            elif not readmitted and any(0 <= (death - day).days <= 30 for death in deaths):
                code = "died_within_30_days"
            elif horizon is None or episode.end + WINDOW > horizon:
                code = "not_followed_up"
            else:
                code = "included"
            yield Unit(trust, label_of(day, "tertial"), sector, code, readmitted)

    def _horizon(self, trust: str, day: dt.date) -> dt.datetime | None:
        """00:00 on the oldest among the newest extract dates, over all periods, of the region's trusts that
        have any and are valid on the day the episode ended.
        """
        region = self.state.trusts[trust].region
        newest = [
            self.newest[other.id]
            for other in self.regions[region]
            if other.id in self.newest and other.valid_in(day, day)
        ]
        oldest = min(newest, default=None)
        return dt.datetime.combine(oldest, dt.time()) if oldest else None

    def units_of(self, org: Organisation, period: FigurePeriod) -> dict[str, list[Unit]]:
        """Series -> ended episodes of the trusts that have delivered the tertial of the end."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for trust in org.trusts:
            for tertial in period.extracts:
                if self.state.extract_date("inpatient_stays", tertial, trust.id):
                    for unit in self.units[trust.id, tertial]:
                        found[unit.sector].append(unit)
                        found["all"].append(unit)
        return found

    def figure(self, org: Organisation, period: FigurePeriod) -> dict[str, Measure]:
        """Readmitted / index episodes."""
        figures = {}
        for series, units in self.units_of(org, period).items():
            index = [unit for unit in units if unit.code == "included"]
            figures[series] = ratio(sum(unit.readmitted for unit in index), len(index))
        return figures

    def complete(self, org: Organisation, period: FigurePeriod, series: str) -> bool:
        """Complete only when, besides rule 3, no episode of the series is ``not_followed_up``."""
        followed = all(u.code != "not_followed_up" for u in self.units_of(org, period).get(series, []))
        return followed and super().complete(org, period, series)

    def exclusions(self, org: Organisation, extract: str) -> Counter[str]:
        """Unit: ended episode, in the tertial of its end."""
        tertial = FigurePeriod("tertial", extract, (extract,), (extract,))
        return Counter(unit.code for unit in self.units_of(org, tertial).get("all", []))
