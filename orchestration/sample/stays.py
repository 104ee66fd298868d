"""Hospital stays: when they begin and end, and as which rows they are delivered.

Belongs here: the table ``episode`` (a patient's unbroken time in hospital) of one run of tertials, and
the table ``stay`` made of it. Does not belong here: whose episodes they are and how they ended
(``readmissions.py``), or files. Somatic episodes and those in substance use treatment begin as patients
arrive; in mental health care they fill beds, so that the nights of a year are met exactly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb

from orchestration.periods import Period
from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, choose, daily_rows, values
from orchestration.sample.timetable import World, grown, value_of

LEAD_DAYS = {0: 100, 3: 210, 4: 40}
LEAD_DAYS_BEDS = 430
"""Everything begins before the first period, so that long stays reach into it; by ward, and for beds."""
AFTER_DAYS = 45
"""Stays that begin within 30 days after the last period are delivered too."""
WARD_NUMBERS = 100_000_000
"""Episode numbers of ward 3 begin at three times this."""


def make_episodes(con: duckdb.DuckDBPyConnection, world: World, era: list[Period]) -> None:
    """Table ``episode``: no, t, a, level, t_in, t_out, for everybody who is in hospital in the era."""
    end = era[-1].end + dt.timedelta(days=AFTER_DAYS)
    con.execute("""
        create or replace temp table episode (
            no bigint, t int, a int, level int, t_in timestamp, t_out timestamp
        )
    """)
    for ward, weight in ((0, "mixed"), (3, "mixed"), (4, "planned")):
        _admit(con, world, ward, weight, era[0].start - dt.timedelta(days=LEAD_DAYS[ward]), end)
    _fill_beds(con, world, era[0].start - dt.timedelta(days=LEAD_DAYS_BEDS), end)


def _admit(
    con: duckdb.DuckDBPyConnection, world: World, ward: int, weight: str, start: dt.date, end: dt.date
) -> None:
    """Episodes of arriving patients: ward 0 somatic, 3 substance use treatment, 4 somatic day stays."""
    draw = Draw(world.seed, "inpatient_stays", "admit", ward, start)
    area = 0 if ward == 4 else ward
    a_year = p.DAY_STAYS if ward == 4 else p.STAYS[area]
    volumes = [
        (t, area, year, grown(a_year, year) * p.SPLIT[area][t] * world.scale)
        for year in range(start.year, end.year + 1)
        for t in range(3)
    ]
    mean = [
        (year, value_of(p.SOMATIC_NIGHTS, year) / grown(a_year, year) if ward == 0 else p.NIGHTS_MEAN[area])
        for year in range(start.year, end.year + 1)
    ]
    if ward == 4:
        nights = "0"
    else:
        least = 0 if ward == 0 else 1
        nights = f"""least({p.NIGHTS_LONGEST[area]}, greatest({least}, round(
            x * mean * count(*) over (stratum) / (sum(x::decimal(18, 9)) over (stratum))::double)))::int"""
    con.execute(f"""
        insert into episode
        with drawn as (
            select no + {ward * WARD_NUMBERS} as no, t, a, d, mean,
                if({draw("zero")} < {p.EXTRA_ZERO_NIGHTS if ward == 0 else 0}, 0,
                    lognormal((row_number() over (stratum order by {draw("nights")}, no) - 0.5)
                        / count(*) over (stratum), 1, {p.NIGHTS_MEDIAN[area]})) as x
            from {daily_rows(volumes, weight)} join {values("y, mean", mean)} using (y)
            window stratum as (partition by t, y)
        ),
        counted as (select *, {nights} as nights from drawn window stratum as (partition by t, year(d))),
        timed as (
            select *, if(nights = 0, 360, 420)
                    + ({draw("hour in")} * if(nights = 0, 480, 960))::int as minute,
                ({draw("hour out")} * if(nights = 0, 360, 480))::int as stays
            from counted
        )
        select no, t, a, {2 if ward == 4 else 1}, d + to_minutes(minute),
            if(nights = 0, d + to_minutes(minute + 120 + stays), d + nights + to_minutes(540 + stays))
        from timed where d between date '{start}' and date '{end}'
    """)


def _fill_beds(con: duckdb.DuckDBPyConnection, world: World, start: dt.date, end: dt.date) -> None:
    """Episodes in mental health care: each bed is a line of stays that follow each other."""
    draw = Draw(world.seed, "inpatient_stays", "beds", start)
    segments = [
        (number, t, a, str(first), days, p.NIGHTS_MEAN[a], p.NIGHTS_MEDIAN[a], p.NIGHTS_LONGEST[a])
        for number, (t, a, first, days) in enumerate(_open_beds(world, start, end))
    ]
    if not segments:
        return
    columns = "segment, t, a, first, days, mean, median, longest"
    con.execute(f"""
        insert into episode
        with drawn as (
            select *, segment * 100000 + j as key
            from (select *, unnest(range(days // 4 + 30)) as j from {values(columns, segments)})
        ),
        lines as (
            select *, sum(nights) over (partition by segment order by j) - nights as before
            from (
                select *, least(longest, greatest(1,
                    round(lognormal({draw("nights", "key")} * 0.9998 + 0.0001, mean, median))))::int as nights
                from drawn
            )
        ),
        placed as (
            select *, first::date + before::int as d, least(nights, days - before)::int as used
            from lines where before < days
        )
        select row_number() over (order by segment, j) + {WARD_NUMBERS}, t, a, 1,
            d + to_minutes(780 + ({draw("hour in", "key")} * 540)::int),
            d + used + to_minutes(540 + ({draw("hour out", "key")} * 180)::int)
        from placed
    """)


def _open_beds(world: World, start: dt.date, end: dt.date) -> Iterator[tuple[int, int, dt.date, int]]:
    """Stretches (trust, area, first day, days) in which one bed is occupied without a break.

    The last bed of a trust is closed for a part of each tertial, so that the nights are whole numbers.
    """
    periods = [
        Period(year, number, "tertial") for year in range(start.year, end.year + 1) for number in (1, 2, 3)
    ]
    for t in range(3):
        for a in (1, 2):
            lines: dict[int, tuple[dt.date, int]] = {}
            for period in periods:
                nights, days = _nights(world, t, a, period), (period.end - period.start).days + 1
                for line in range(-(-nights // days) or 1):
                    used = min(days, nights - line * days)
                    first, so_far = lines.get(line, (period.start, 0))
                    if first + dt.timedelta(days=so_far) != period.start:
                        if so_far:
                            yield t, a, first, so_far
                        first, so_far = period.start, 0
                    lines[line] = (first, so_far + used)
            for first, so_far in lines.values():
                if so_far:
                    yield t, a, first, so_far


def _nights(world: World, trust: int, area: int, period: Period) -> int:
    """Nights of a trust in a tertial; the tertials add up to the year's."""

    def until(day: dt.date) -> int:
        a_day = (
            value_of(p.PSYCHIATRIC_NIGHTS_A_DAY, period.year)[area - 1] * p.SPLIT[area][trust] * world.scale
        )
        return round(a_day * (day - dt.date(period.year, 1, 1)).days)

    return until(period.end + dt.timedelta(days=1)) - until(period.start)


def make_stays(con: duckdb.DuckDBPyConnection, world: World, era: list[Period]) -> None:
    """Table ``stay`` from ``episode`` and ``fate``: one row per stay, some episodes with two or three.

    A transfer moves the patient to another hospital within eight hours; a few come back the same day; a
    few have a second stay inside the first.
    """
    draw = Draw(world.seed, "inpatient_stays", "stays", era[0].label)
    can_split = "a = 0 and level = 1 and nights >= 2"
    hospital = "case t " + " ".join(
        f"when {t} then {choose(draw('hospital', 'no * 4 + part'), shares, next(iter(shares)))}"
        for t, shares in enumerate(p.HOSPITALS)
    )
    con.execute(f"""
        create or replace temp table stay as
        with timed as (
            select *, t_out::date - t_in::date as nights, {draw("split")} / 1.5 as split
            from episode join fate using (no)
        ),
        cut as (
            select *, {can_split} and split < {p.TRANSFER} as transfer,
                {can_split} and split between {p.TRANSFER} and {p.TRANSFER + p.RETURN_WITHIN_8_HOURS} as back,
                {can_split} and nights >= 3 and split > 1 / 1.5 - {p.CONCURRENT} as concurrent,
                t_in::date + 1 + floor({draw("day")} * (nights - 1))::int + to_minutes(600
                    + ({draw("minute")} * 240)::int) as t_cut
            from timed
        ),
        parts as (
            select *, unnest(case when transfer or back then [1, 2] when concurrent then [0, 3] else [0] end)
                as part
            from cut
        ),
        shaped as (
            select * replace (
                case when part = 2 and transfer and {draw("to")} < 0.5
                    then if(t = 0, 1 + ({draw("whom")} < 0.4)::int, 0) else t end as t,
                case part when 2 then t_cut + to_minutes(30 + ({draw("gap")} * 320)::int)
                    when 3 then t_in + interval 1 day else t_in end as t_in,
                case part when 1 then t_cut when 3 then t_out - interval 1 day else t_out end as t_out,
                case when part < 2 then hast when part = 2 and hast <= 3 then hast else 4 end as hast,
                if(part in (1, 3), 1, state) as state,
                if(part in (1, 3), null, died) as died
            ) from parts
        )
        select no, part, t, a, level, t_in, t_out, hast, state, died, person,
            prefix(t) || 'D{era[0].year % 100:02d}' || lpad((no * 4 + part)::varchar, 10, '0') as opphold_id,
            {hospital} end as hospital
        from shaped order by t, no, part
    """)


def delivered(period: Period, trust: int, extract_date: dt.date, draft: bool) -> str:
    """SQL for the rows of one delivery, as far as they were known on the extract date."""
    known = f"timestamp '{extract_date} 00:00:00'"
    changed = "if(no % 50 = 0, if(hast = 1, 4, 1), hast)"
    return f"""
        select opphold_id, person as pasient_id, orgnr(t) as foretak_orgnr, hospital as behandlingssted_orgnr,
            area(a) as tjenesteomraade, level as omsorgsnivaa, t_in as inn_tid,
            if(t_out < {known}, t_out, null) as ut_tid, {changed if draft else "hast"} as innmate_hast,
            if(t_out < {known}, state, null) as uttilstand, if(died < {known}, died, null) as dodsdato,
            no * 4 + part as _no
        from stay
        where t = {trust} and t_in::date <= date '{period.end + dt.timedelta(days=30)}'
            and t_out::date >= date '{period.start}'
    """
