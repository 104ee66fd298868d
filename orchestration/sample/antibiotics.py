"""Purchases of antibiotics, in lines of grams.

Belongs here: the table ``antibiotics`` of one year, full size at every scale. Does not belong here:
files, DDD values (reference data), or bed days (``stays.py``): the amounts follow the bed days that the
parameters foresee, so that DDD per 100 bed days comes out as meant at scale 1.
"""

from __future__ import annotations

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, numbered, reference
from orchestration.sample.timetable import World, value_of


def make_antibiotics(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``antibiotics`` of a year: one to six lines per trust, month, substance and route."""
    draw = Draw(world.seed, "antibiotics", year)
    con.execute(f"""
        create or replace table antibiotics as
        with month as (select * from {numbered("t, m, atc, route, grams", _monthly_grams(year))}),
        bought as (
            select * replace (grams * (0.94 + 0.12 * {draw("month")}) as grams),
                1 + floor(pow({draw("lines")}, 2) * 6)::int as lines,
                {draw("returned")} < {p.RETURNS} * 3.5 as returned
            from month
        ),
        line as (
            select *, unnest(range(lines + returned::int)) as line from bought
        )
        select orgnr(t) as foretak_orgnr, '{year}-' || lpad(m::varchar, 2, '0') as maaned, atc as atc_kode,
            route as administrasjonsvei,
            (case when line = lines then -0.1 else if(returned, 1.1, 1.0) / lines end * grams)::decimal(18, 3)
                as virkestoff_gram,
            no * 10 + line as _no, t as _t, '{year}-T' || ((m - 1) // 4 + 1) as _period
        from line order by _period, _t, _no
    """)


def _monthly_grams(year: int) -> list[tuple[int, int, str, str, float]]:
    """Rows (trust, month, ATC code, route, grams)."""
    ddd = {(row["atc_code"], row["route"]): float(row["ddd_grams"]) for row in reference("who_ddd")}
    rows = []
    for t in range(3):
        bed_days = value_of(p.SOMATIC_NIGHTS, year) * p.SPLIT[0][t]
        total = value_of(p.DDD_PER_100_BED_DAYS, year)[t] * bed_days / 100 / 12
        amounts = {code: total * share * ddd[code] for code, share in p.DDD_SHARES.items()}
        amounts |= {code: grams * p.SPLIT[0][t] / p.SPLIT[0][0] for code, grams in p.OTHER_GRAMS.items()}
        rows += [(t, m, atc, route, grams) for m in range(1, 13) for (atc, route), grams in amounts.items()]
    return rows
