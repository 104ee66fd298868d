"""The yearly lists of persons: positions in training and apprentices.

Belongs here: the tables ``training_positions`` and ``apprentices`` of one year, full size at every
scale; each holds every contract known, of which just so many run on 31 December. Does not belong here:
files, or which trades count (reference data).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import numbered
from orchestration.sample.timetable import World, value_of

STARTS = "08-15"
ENDS = "08-14"


def make_training_positions(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``training_positions``; the newest position of every group has no end yet."""
    active = {y: value_of(p.POSITIONS, y) for y in range(year - p.KNOWN_YEARS - 1, year + 1)}
    rows = list(_contracts(active, p.POSITION_SPLIT, year))
    con.execute(f"""
        create or replace table training_positions as
        select prefix(t) || '-U' || starts || '-' || kind[1:2] || lpad(number::varchar, 3, '0')
                as stilling_id,
            orgnr(t) as foretak_orgnr, kind as fagretning, (starts || '-{STARTS}')::date as fra_dato,
            if(number = 0 and starts = {year}, null, (ends || '-{ENDS}')::date) as til_dato,
            no as _no, t as _t, '{year}' as _period
        from {numbered("t, kind, starts, ends, number", rows)} order by _no
    """)


def make_apprentices(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``apprentices``; the trades of a group take turns."""
    active = {y: value_of(p.APPRENTICES, y) for y in range(year - p.KNOWN_YEARS - 1, year + 1)}
    rows = [
        (t, kind[0], p.APPRENTICE_TRADES[kind][number % len(p.APPRENTICE_TRADES[kind])], starts, ends, number)
        for t, kind, starts, ends, number in _contracts(active, p.APPRENTICE_SPLIT, year)
    ]
    con.execute(f"""
        create or replace table apprentices as
        select prefix(t) || '-L' || starts || '-' || kind || lpad(number::varchar, 3, '0') as laerling_id,
            orgnr(t) as foretak_orgnr, trade as larefag, (starts || '-{STARTS}')::date as kontrakt_fra,
            (ends || '-{ENDS}')::date as kontrakt_til,
            no as _no, t as _t, '{year}' as _period
        from {numbered("t, kind, trade, starts, ends, number", rows)} order by _no
    """)


def _contracts(
    active: dict[int, dict[str, int]], split: tuple[float, ...], year: int
) -> Iterator[tuple[int, str, int, int, int]]:
    """Contracts of two years (trust, kind, first year, last year, number).

    Every autumn so many begin as are missing beside those of the autumn before, so that ``active`` contracts
    run at each year's end.
    """
    first = min(active)
    for kind in active[year]:
        upto = [sum(split[:t]) for t in range(len(split) + 1)]
        for t in range(len(split)):
            begun = 0
            for y in range(first, year + 1):
                total = active[y][kind]
                here = round(total * upto[t + 1]) - round(total * upto[t])
                begun = max(0, here - begun) if y > first else here // 2
                yield from ((t, kind, y, y + 2, number) for number in range(begun))
