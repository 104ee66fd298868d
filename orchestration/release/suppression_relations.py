"""Which published numbers add up to which: all that a reader of a release can hold against a hidden number.

Belongs here: the relations of the specification (regions, `all`, periods, exclusion counts, deliveries,
distinct patients, verdicts) as one sparse linear system. Does not belong here: solving it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from orchestration.release.suppression_cells import (
    SMALL_FILE_ROWS,
    UNITS_FROM,
    Bools,
    Cell,
    Floats,
    Marts,
    measures,
)
from orchestration.release.suppression_system import Relations, System

DISTINCT = ("3.4",)
"""Distinct patients: the whole is at least its largest part and at most their sum."""
LAST_ONLY = ("3.3",)
"""Snapshots: a longer period is its last tertial."""
ONE_UNIT_PER_ROW = ("1.2", "3.2", "3.3", "3.4", "3.5", "3.6")
"""Indicators whose units are the accepted rows of a delivery."""
AT_LEAST_A_ROW_PER_UNIT = ("3.1",)
INCLUDED_IS_ALL = {
    "1.2": "count",
    "3.1": "denominator",
    "3.3": "denominator",
    "3.5": "denominator",
    "3.7": "denominator",
}
"""Indicators whose `included` units are a number of their series `all`."""
LONGEST_TERTIAL = 123
"""Days, and so the most bed days of one stay in a tertial."""
SAME_ORDER_OF_CODES = ("not_outpatient", "technical", "not_public", "contract_specialist")
"""Codes by which 3.4, over all service areas, leaves out at least the contacts that 1.2 does."""


def relations(marts: Marts) -> System:
    """Everything a reader knows about the numbers, shown or not, but for the verdicts."""
    rows = Relations(marts)
    figures: dict[tuple[str, str, str], dict[str, Cell]] = defaultdict(dict)
    units: dict[tuple[str, str, str], dict[str, Cell]] = defaultdict(dict)
    files: dict[str, list[Cell]] = defaultdict(list)
    for cell in marts.cells:
        if cell.table == "indicator_value":
            indicator, series, org, period = cell.key
            figures[indicator, series, org][period] = cell
        elif cell.table == "exclusion":
            _, indicator, org, period, code = cell.key
            units[indicator, org, period][code] = cell
        else:
            files[cell.key[0]].append(cell)
    _numbers_of_a_figure(rows)
    _regions(rows, figures)
    _series(rows, figures)
    _periods(rows, figures)
    _units(rows, units)
    _included(rows, units, figures)
    _rows_of_deliveries(rows, units, files)
    return rows.system(_least(marts))


def verdict_relations(marts: Marts) -> System:
    """What each verdict tells of its baseline, as far as its figure is known: on which side of it that lies."""
    rows = Relations(marts)
    for verdict in marts.verdicts:
        # The baseline is below the figure, or equal.
        below = (verdict.rule == "above_baseline") == verdict.met
        numbers = np.nan_to_num(
            [marts.value[marts.column[verdict.figure, name]] for name in measures(verdict.figure)]
        )
        if len(numbers) == 1:
            strict = int(verdict.met)
            low, high = (-np.inf, numbers[0] - strict) if below else (numbers[0] + strict, np.inf)
            rows.add([(verdict.baseline, "count", 1)], low, high)
        else:
            scale = max(numbers[0], numbers[1], 1.0)
            terms = [
                (verdict.baseline, "numerator", numbers[1] / scale),
                (verdict.baseline, "denominator", -numbers[0] / scale),
            ]
            rows.add(terms, *((-np.inf, 0.0) if below else (0.0, np.inf)))
    return rows.system(np.zeros(len(marts.value)))


def verdicts_told(marts: Marts, hidden: Bools) -> Bools:
    """Per verdict: does it say something of a hidden baseline, standing on a shown figure."""
    is_hidden = dict(zip(marts.cells, hidden, strict=True))
    return np.array(
        [
            is_hidden.get(verdict.baseline, False) and not is_hidden.get(verdict.figure, True)
            for verdict in marts.verdicts
        ],
        dtype=bool,
    )


@cache
def months(period: str) -> tuple[int, int]:
    """First and last month of a period, counted from year 0."""
    year, _, part = period.partition("-")
    first, last = 1, 12
    if part.startswith("YTD"):
        last = int(part[3:])
    elif part.startswith("T"):
        first, last = 4 * int(part[1:]) - 3, 4 * int(part[1:])
    elif part:
        first = last = int(part)
    return 12 * int(year) + first, 12 * int(year) + last


@cache
def _is_extract_period(indicator: str, period: str) -> bool:
    """Is it one delivery's period: a month for 3.2, else a tertial."""
    part = period.partition("-")[2]
    return part.isdigit() if UNITS_FROM[indicator] == "waiting_times" else part.startswith("T")


def _numbers_of_a_figure(rows: Relations) -> None:
    """Numerator and rest make the denominator."""
    for cell in rows.marts.cells:
        names = measures(cell)
        if "rest" in names:
            rows.add([(cell, "denominator", 1), (cell, "numerator", -1), (cell, "rest", -1)])


def _regions(rows: Relations, figures: Mapping[tuple[str, str, str], dict[str, Cell]]) -> None:
    """A region is the sum of its trusts; longer periods follow from its extract periods."""
    trusts: dict[str, list[str]] = defaultdict(list)
    for trust, region in rows.marts.region_of.items():
        trusts[region].append(trust)
    for (indicator, series, region), periods in figures.items():
        parts = [figures.get((indicator, series, trust), {}) for trust in trusts.get(region, [])]
        for period, total in periods.items() if parts else ():
            there = [part[period] for part in parts if period in part]
            if indicator in DISTINCT:
                # A trust that lacks its last tertial has no year of its own and yet counts in the region's.
                covered = all(period in part or not _within(_extract_periods(part), period) for part in parts)
                rows.is_union(total, there, covered=covered)
            elif _is_extract_period(indicator, period):
                rows.is_sum(total, there)


def _extract_periods(periods: Mapping[str, Cell]) -> list[str]:
    """The extract periods among them, in order of time."""
    return sorted(
        (period for period, cell in periods.items() if _is_extract_period(cell.key[0], period)), key=months
    )


def _within(extract_periods: Iterable[str], wide: str) -> list[str]:
    """Those inside a longer period, in the same order."""
    first, last = months(wide)
    return [period for period in extract_periods if first <= months(period)[0] and months(period)[1] <= last]


def _series(rows: Relations, figures: Mapping[tuple[str, str, str], dict[str, Cell]]) -> None:
    """`all` is the sum of the other series; in 3.3 `passed` is what is not kept in `all`."""
    parts: dict[tuple[str, str], list[dict[str, Cell]]] = defaultdict(list)
    for (indicator, series, org), periods in figures.items():
        if series not in ("all", "passed"):
            parts[indicator, org].append(periods)
    for (indicator, series, org), periods in figures.items():
        for period, total in periods.items():
            if series == "all" and indicator in DISTINCT:
                rows.is_union(total, [part[period] for part in parts[indicator, org] if period in part])
            elif series == "all" and _is_extract_period(indicator, period):
                rows.is_sum(total, [part[period] for part in parts[indicator, org] if period in part])
            elif series == "passed" and (kept := figures[indicator, "all", org].get(period)):
                rows.add([(total, "numerator", 1), (kept, "rest", -1)])
                rows.add([(total, "rest", 1), (kept, "numerator", -1)])


def _periods(rows: Relations, figures: Mapping[tuple[str, str, str], dict[str, Cell]]) -> None:
    """A longer period is the sum of its extract periods, their last one, or the union of their patients."""
    for (indicator, _, _), periods in figures.items():
        extract_periods = _extract_periods(periods)
        spans: dict[tuple[int, int], list[Cell]] = defaultdict(list)
        for period, total in periods.items():
            spans[months(period)].append(total)
            if _is_extract_period(indicator, period):
                continue
            parts = [periods[inside] for inside in _within(extract_periods, period)]
            if indicator in LAST_ONLY:
                rows.is_sum(total, parts[-1:])
            elif indicator not in DISTINCT:
                rows.is_sum(total, parts)
            else:
                rows.is_union(total, parts)
                before = f"{period[:4]}-YTD08"
                if before in periods and months(period)[1] % 12 == 0:
                    rows.is_union(total, [periods[before], *parts[-1:]], covered=len(parts) == 3)
        if indicator in DISTINCT:
            for same, *others in spans.values():
                for other in others:
                    rows.is_sum(other, [same])


def _units(rows: Relations, units: Mapping[tuple[str, str, str], dict[str, Cell]]) -> None:
    """Exclusion counts: the region's and its trusts', and those of 1.2 and 3.4."""
    members: dict[tuple[str, str, str], list[dict[str, Cell]]] = defaultdict(list)
    for (indicator, org, period), codes in units.items():
        if org in rows.marts.region_of:
            members[indicator, rows.marts.region_of[org], period].append(codes)
    for (indicator, org, period), codes in units.items():
        for code, total in codes.items() if members[indicator, org, period] else ():
            rows.is_sum(total, [part[code] for part in members[indicator, org, period] if code in part])
        if indicator == "1.2":
            _contacts_of_two_indicators(rows, codes, units.get(("3.4", org, period), {}))


def _included(
    rows: Relations,
    units: Mapping[tuple[str, str, str], dict[str, Cell]],
    figures: Mapping[tuple[str, str, str], dict[str, Cell]],
) -> None:
    """The units that count and the figures they make."""
    areas: dict[tuple[str, str], list[dict[str, Cell]]] = defaultdict(list)
    for (indicator, series, org), periods in figures.items():
        if series not in ("all", "passed"):
            areas[indicator, org].append(periods)
    for (indicator, org, period), codes in units.items():
        if "included" not in codes:
            continue
        included = (codes["included"], "count", 1.0)
        whole = figures.get((indicator, "all", org), {}).get(period)
        parts = [(part[period], "denominator", -1.0) for part in areas[indicator, org] if period in part]
        if indicator == "3.2":
            rows.add([included, *parts])
        elif indicator == "3.4":
            rows.add([included, *parts], 0, np.inf)
        elif whole and indicator == "3.6":
            rows.add([included, (whole, "denominator", -1)], 0, np.inf)
        elif whole and indicator == "1.3":
            rows.add([(codes["included"], "count", LONGEST_TERTIAL), (whole, "count", -1)], 0, np.inf)
        elif whole:
            rows.add([included, (whole, INCLUDED_IS_ALL[indicator], -1)])


def _contacts_of_two_indicators(
    rows: Relations, narrow: Mapping[str, Cell], wide: Mapping[str, Cell]
) -> None:
    """1.2 and 3.4 divide the same contacts; what 1.2 leaves out by a code, 3.4 leaves out too."""
    if not wide:
        return
    rows.add(
        [*((cell, "count", 1) for cell in narrow.values()), *((cell, "count", -1) for cell in wide.values())]
    )
    for code in SAME_ORDER_OF_CODES:
        if code in narrow and code in wide:
            rows.add([(wide[code], "count", 1), (narrow[code], "count", -1)], 0, np.inf)
    counted = [(wide[code], "count", 1.0) for code in ("included", "no_patient_id") if code in wide]
    if "included" in narrow and counted:
        rows.add([*counted, (narrow["included"], "count", -1)], 0, np.inf)


def _rows_of_deliveries(
    rows: Relations, units: Mapping[tuple[str, str, str], dict[str, Cell]], files: Mapping[str, list[Cell]]
) -> None:
    """The accepted rows of a delivery are the units of the trusts that it is in force for.

    A delivery that a newer one partly replaced also holds rows of trusts that it no longer counts for. One whose
    files are all hidden in any case says nothing.
    """
    counted: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for indicator, trust, period, delivery in rows.marts.in_force:
        counted[indicator, delivery] += units.get((indicator, trust, period), {}).values()
    for (indicator, delivery), cells in counted.items():
        terms = [(file, "rows", 1.0) for file in files.get(delivery, [])]
        known = [
            rows.marts.value[rows.marts.column[file, name]] >= SMALL_FILE_ROWS for file, name, _ in terms
        ]
        if any(known) and indicator in ONE_UNIT_PER_ROW + AT_LEAST_A_ROW_PER_UNIT:
            exact = indicator in ONE_UNIT_PER_ROW and delivery not in rows.marts.superseded
            rows.add([*terms, *((cell, "count", -1.0) for cell in cells)], 0, 0 if exact else np.inf)


def _least(marts: Marts) -> Floats:
    """Lower bounds: 0; an exclusion count that has a row although no other shows 0 is at least 1."""
    least = np.zeros(len(marts.value))
    counts = [(column, cell) for (cell, _), column in marts.column.items() if cell.table == "exclusion"]
    with_zeros = {cell.key[1] for column, cell in counts if marts.value[column] == 0}
    for column, cell in counts:
        _, indicator, org, period, code = cell.key
        if indicator not in with_zeros:
            least[column] = 1
        if code == "no_limit":
            least[column] = max(least[column], marts.without_limit.get((org, period), 0))
    return least
