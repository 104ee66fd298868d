"""A reader who attacks published tables with linear programs, sharing no code with the suppression or its audit.

Belongs here: what a clever reader knows (sums over trusts, areas and tertials; left-out rows) and works out.
Does not belong here: marts to attack (``suppression_marts.py``).
"""

from __future__ import annotations

import itertools
import math

import duckdb
import numpy as np
from scipy.optimize import linprog

from tests.suppression_marts import REGION, longer

Key = tuple[str, str, str, str]
COUNT = "1.2"
CEILING = 200
"""A reader knows that no number is larger, so that every program has an end."""


def found_out(con: duckdb.DuckDBPyConnection, limit: int) -> set[Key]:
    """Hidden figures of which a number has a single value, or only small ones, in view of all that is shown.

    Every figure is a sum of base cells (area, trust, tertial), each with two parts: numerator and the rest (a
    count has one). Ends of intervals are rounded inwards to whole numbers.
    """
    rows = con.execute(
        "select indicator_id, series, org_id, period, numerator, denominator from marts.indicator_value"
    ).fetchall()
    trusts = sorted({row[2] for row in rows} - {REGION})
    areas = sorted({row[1] for row in rows} - {"all"})
    tertials = sorted({row[3] for row in rows if "-T" in row[3]})
    indicator = rows[0][0]
    parts = 1 if indicator == COUNT else 2
    base = {key: place for place, key in enumerate(itertools.product(areas, trusts, tertials, range(parts)))}
    codes = con.execute("select org_id, period, code, row_count from marts.exclusion").fetchall()
    for org, period, code, _ in codes:
        if org != REGION and code != "included":
            base[code, org, period, 0] = len(base)

    def vector(keys: list[tuple[str, str, str, int]]) -> np.ndarray:
        found = np.zeros(len(base))
        for key in keys:
            found[base[key]] += 1
        return found

    known: list[tuple[np.ndarray, float]] = []
    hidden: dict[tuple[Key, int], np.ndarray] = {}
    for one, series, org, period, numerator, denominator in rows:
        inside = [t for t in tertials if period in longer(one, t)]
        for part in range(parts):
            terms = vector(
                list(
                    itertools.product(
                        areas if series == "all" else [series],
                        trusts if org == REGION else [org],
                        inside,
                        [part],
                    )
                )
            )
            if numerator is None:
                hidden[(one, series, org, period), part] = terms
            else:
                known.append((terms, numerator if part == 0 else denominator - numerator))
    for org, period, code, count in codes:
        if count is None:
            continue
        here = trusts if org == REGION else [org]
        if code == "included":
            known.append((vector(list(itertools.product(areas, here, [period], range(parts)))), count))
        else:
            known.append(
                (vector([(code, o, period, 0) for o in here if (code, o, period, 0) in base]), count)
            )
    return _worked_out(hidden, known, limit)


def _worked_out(
    hidden: dict[tuple[Key, int], np.ndarray], known: list[tuple[np.ndarray, float]], limit: int
) -> set[Key]:
    matrix = np.array([terms for terms, _ in known]) if known else None
    total = np.array([value for _, value in known]) if known else None
    seen: list[np.ndarray] = []
    found: set[Key] = set()
    for (key, _), terms in hidden.items():

        def safe(terms: np.ndarray = terms) -> bool:
            values = [float(terms @ solution) for solution in seen]
            if not values:
                return False
            low, high = math.ceil(min(values) - 1e-6), math.floor(max(values) + 1e-6)
            return low < high and not (low >= 1 and high <= limit - 1)

        for sign in (-1, 1):
            if not safe():
                answer = linprog(sign * terms, A_eq=matrix, b_eq=total, bounds=(0, CEILING), method="highs")
                seen.append(answer.x)
        if not safe():
            found.add(key)
    return found
