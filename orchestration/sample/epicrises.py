"""Discharge summaries of the stays that have ended.

Belongs here: the table ``epicrises`` of one year, made from ``stay``. Does not belong here: the stays
themselves (``stays.py``), or files. Each area meets its share sent within one day over the discharges
that the indicator counts.
"""

from __future__ import annotations

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, choose, pick, ranked, values
from orchestration.sample.timetable import World, value_of

LIMIT = 0.70
"""Shares of few rows are rounded to their own side of the target."""


def make_epicrises(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``epicrises`` of a year from the table ``stay``, which must reach over it."""
    draw = Draw(world.seed, "epicrises", year)
    within = [
        (a, share, 1 if share >= LIMIT else -1) for a, share in enumerate(value_of(p.WITHIN_ONE_DAY, year))
    ]
    in_time_first = ranked(
        "classed",
        group="a, class",
        cell="a, class, t, tertial",
        order=f"{draw('in time')}, no",
        factor=f"if(class = '', {pick(p.WITHIN_ONE_DAY_FACTOR, 't')}, 1)",
    )
    not_births = (group for group in range(1, 27) if group not in (14, 15))
    other_groups = pick(not_births, f"floor({draw('hdg')} * 24)::int")
    con.execute(f"""
        create or replace table epicrises as
        with discharge as (
            select no * 4 + part as no, t, a, level, opphold_id, person, t_out,
                ((month(t_out) - 1) // 4 + 1)::int as tertial
            from stay where part < 3 and year(t_out) = {year}
        ),
        classed as (
            select *, case when level = 2 then 'day' when {draw("consent")} < {p.NO_CONSENT} then 'no_consent'
                when a = 0 and {draw("birth")} < {p.BIRTHS} then 'birth' else '' end as class,
                {draw("kind of birth")} as kind
            from discharge where level = 1 or {draw("day")} < {p.DAY_SUMMARIES}
        ),
        placed as (
            select *, case when class = 'birth' then place <= {p.BIRTHS_IN_TIME} * size
                else place <= quota(size, share, way) end as in_time
            from {in_time_first} join {values("a, share, way", within)} using (a)
        ),
        delayed as (
            select *, case
                when in_time then case when {draw("day 0")} < {p.SENT_BEFORE} then -1
                    when {draw("day 0")} < 0.6 then 0 else 1 end
                when {draw("late")} * (1 - share) < if(class = 'birth', {p.BIRTHS_NEVER} * (1 - share) /
                    {1 - p.BIRTHS_IN_TIME}, {pick(p.NEVER_SENT, "a")}) then null
                when {draw("late")} * (1 - share) > 1 - {pick(p.WITHIN_A_WEEK, "a")} then
                    2 + floor({draw("days")} * 6)::int
                else 8 + floor({draw("days")} * {draw("days")} * 27)::int end as days
            from placed
        ),
        sent as (
            select *, case when days < 0 then t_out - to_minutes(10 + ({draw("minute")} * 180)::int)
                when days = 0 then t_out + to_minutes(5 + ({draw("minute")} * 300)::int)
                else t_out::date + days + to_minutes(480 + ({draw("minute")} * 560)::int) end as first_sent
            from delayed
        ),
        copies as (
            select *, unnest(range(1 + again::int)) as copy
            from (
                select *, first_sent is not null and {draw("second")} < {p.SECOND_SUMMARY} as again from sent
            )
        )
        select opphold_id, person as pasient_id, orgnr(t) as foretak_orgnr, area(a) as tjenesteomraade,
            level as omsorgsnivaa, t_out as utskrevet_tid,
            if(copy = 1, first_sent::date + 1 + floor({draw("days")} * 4)::int + interval 10 hour, first_sent)
                as epikrise_sendt_tid,
            if(class = 'no_consent', 4, {choose(draw("agreed"), {2: 0.02, 3: 0.01}, 1)}) as epikrise_samtykke,
            if(class = 'birth' and kind < 0.3, 3, 1) as inntilstand,
            case when class = 'birth' then if(kind < 0.6, 15, 14) when a = 3 then 20 when a > 0 then 19
                else {other_groups} end as hdg,
            no * 2 + copy as _no, t as _t, '{year}-T' || tertial as _period
        from copies order by _period, _t, _no
    """)
