"""The state of the deliveries: what has arrived, what was rejected, what changed since the last release.

Belongs here: the calendar of deliveries, rejections by rule, revisions. Does not belong here: the files
behind one indicator (``origin.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.report import codes
from orchestration.report import norwegian as nb
from orchestration.report.marts import Marts, Row
from orchestration.report.shown import HIDDEN

MOST_REVISIONS = 200
COUNTS = ("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate")
LENGTHS = {7: "tertial", 4: "year"}


@dataclass(frozen=True)
class Cell:
    """What came for a period from a sender: a status, ``missing``, or ``none`` when nobody delivers it."""

    state: str
    date: str = ""
    deliveries: int = 0

    @property
    def word(self) -> str:
        """The state in words."""
        return {"missing": "Mangler", "none": ""}.get(self.state) or codes.DELIVERY.get(self.state, "")


@dataclass(frozen=True)
class Calendar:
    """Deliveries of one kind of period: rows (extract, sender, cells) under columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]


def context(marts: Marts) -> dict[str, Any]:
    """Everything that the page shows."""
    known = [row for row in marts.deliveries if row["delivery_id"] is not None]
    return {
        "calendars": _calendars(known),
        "totals": _totals(known),
        "files": [_file(row) for row in _unused(marts.deliveries)],
        "rules": _rules(marts),
        "revisions": [_revision(marts, row) for row in marts.revisions[:MOST_REVISIONS]],
        "revised": len(marts.revisions),
        "old_release": next((row["old_release"] for row in marts.revisions), None),
        "hidden": sum(figure.suppressed for figure in marts.figures.values()),
        "figures": len(marts.figures),
        "incomplete": sum(not figure.complete for figure in marts.figures.values()),
    }


def _calendars(rows: Sequence[Row]) -> list[Calendar]:
    """One calendar per kind of period; months get a row per year."""
    cells = _cells(rows)
    by_kind: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_kind[_kind(row["period"])].add(row["dataset"])
    found = []
    for kind, name in (("month", "Månedlige"), ("tertial", "Tertialvise"), ("year", "Årlige")):
        datasets = sorted(by_kind[kind], key=lambda code: codes.DATASET.get(code, code))
        periods = sorted({row["period"] for row in rows if row["dataset"] in datasets})
        if kind == "month":
            found.extend(_months(name, datasets, periods, cells))
        elif periods:
            lines = [
                (
                    dataset,
                    sender,
                    tuple(
                        cells[dataset, sender].get(period) or _empty(cells, dataset, period)
                        for period in periods
                    ),
                )
                for dataset, sender in sorted(
                    cells, key=lambda key: (codes.DATASET.get(key[0], key[0]), key[1])
                )
                if dataset in datasets
            ]
            heads = [
                f"{nb.short_period(period)} {nb.year_of(period)}" if kind == "tertial" else period
                for period in periods
            ]
            found.append(Calendar(name, tuple(heads), tuple(_named(line) for line in lines)))
    return found


def _months(
    name: str, datasets: Sequence[str], periods: Sequence[str], cells: dict[tuple[str, str], dict[str, Cell]]
) -> list[Calendar]:
    """A calendar with the months as columns and a row per sender and year."""
    lines = []
    for dataset, sender in sorted(key for key in cells if key[0] in datasets):
        for year in sorted({nb.year_of(period) for period in periods}):
            labels = [f"{year}-{month:02d}" for month in range(1, 13)]
            there = cells[dataset, sender]
            line = tuple(there.get(label) or _empty(cells, dataset, label) for label in labels)
            lines.append(_named((dataset, f"{sender} {year}".strip(), line)))
    return [Calendar(name, tuple(month[:3] for month in nb.MONTHS), tuple(lines))] if lines else []


def _named(line: tuple[str, str, tuple[Cell, ...]]) -> tuple[str, str, tuple[Cell, ...]]:
    """The extract by its name."""
    return codes.DATASET.get(line[0], line[0]), line[1] or "uten avsendermappe", line[2]


def _empty(cells: dict[tuple[str, str], dict[str, Cell]], dataset: str, period: str) -> Cell:
    """Nothing came: missing where somebody else delivered the period."""
    others = any(period in there for (at, _), there in cells.items() if at == dataset)
    return Cell("missing" if others else "none")


def _cells(rows: Sequence[Row]) -> dict[tuple[str, str], dict[str, Cell]]:
    """The newest state of each extract, sender and period; accepted deliveries count before rejected ones."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["dataset"], row["sender"] or "", row["period"]].append(row)
    found: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
    for (dataset, sender, period), files in groups.items():
        accepted = [row for row in files if row["status"] == "accepted"]
        newest = max(accepted or files, key=lambda row: (row["extract_date"], row["status"]))
        dates = len({row["extract_date"] for row in accepted})
        found[dataset, sender][period] = Cell(newest["status"], nb.day(newest["extract_date"]), dates)
    return found


def _kind(period: str) -> str:
    return "month" if len(period) == 7 and period[5].isdigit() else LENGTHS.get(len(period), "year")


def _totals(rows: Sequence[Row]) -> list[tuple[str, str, list[str]]]:
    """Rows of each extract in accepted files."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] == "accepted":
            groups[row["dataset"]].append(row)
    return [
        (
            codes.DATASET.get(dataset, dataset),
            nb.plain(len(files)),
            [_sum(files, column) for column in COUNTS],
        )
        for dataset, files in sorted(groups.items(), key=lambda pair: codes.DATASET.get(pair[0], pair[0]))
    ]


def _sum(rows: Sequence[Row], column: str) -> str:
    """The sum of what is shown, called a least number where something is hidden."""
    least = sum(_least(row, column) for row in rows)
    if all(row[column] is not None for row in rows):
        return nb.plain(least)
    return f"minst {nb.plain(least)}" if least else HIDDEN


def _least(row: Row, column: str) -> int:
    """A count, or the least that it can be: rows read are never fewer than rows accepted."""
    shown = row["rows_accepted"] if column == "rows_read" and row[column] is None else row[column]
    return int(shown or 0)


def _unused(rows: Sequence[Row]) -> list[Row]:
    """Files that are rejected or wait for others of their delivery."""
    return [row for row in rows if row["status"] in ("rejected", "held_back")]


def _file(row: Row) -> dict[str, str]:
    return {
        "dataset": codes.DATASET.get(row["dataset"] or "", row["dataset"] or nb.NOTHING),
        "period": nb.period(row["period"] or nb.NOTHING),
        "extract_date": nb.day(row["extract_date"]),
        "sender": row["sender"] or nb.NOTHING,
        "file_name": row["file_name"],
        "status": codes.DELIVERY.get(row["status"], row["status"]),
        "reason": codes.RULE.get(row["reason"] or "", row["reason"] or nb.NOTHING),
    }


def _rules(marts: Marts) -> list[dict[str, str]]:
    """Rejections by extract, rule and field."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in marts.rejections:
        dataset = (row["delivery_id"] or "").split("/")[0]
        groups[dataset, row["rule"] or "", row["field"] or ""].append(row)
    return [
        {
            "dataset": codes.DATASET.get(dataset, dataset or nb.NOTHING),
            "rule": codes.RULE.get(rule, rule),
            "code": rule,
            "field": field or nb.NOTHING,
            "files": nb.plain(len({(row["delivery_id"], row["file_name"]) for row in rows})),
            "rows": _sum(rows, "row_count"),
        }
        for (dataset, rule, field), rows in sorted(groups.items())
    ]


def _revision(marts: Marts, row: Row) -> dict[str, str]:
    figure = marts.figures.get((row["indicator_id"], row["series"], row["org_id"], row["period"]))
    unit = figure.unit if figure else "count"
    old, new = row["old_value"], row["new_value"]
    extra = nb.extra_decimals(new, old, unit)
    org = marts.organisations.get(row["org_id"])
    return {
        "indicator": row["indicator_id"],
        "series": marts.name(row["indicator_id"], row["series"]),
        "org": org.name if org else row["org_id"],
        "period": nb.period(row["period"]),
        "old": nb.quantity(old, unit, extra=extra),
        "new": nb.quantity(new, unit, extra=extra),
        "change": nb.change(new, old, unit, extra=extra),
        "cause": codes.CAUSE.get(row["cause"], row["cause"] or nb.NOTHING),
    }
