"""Whose hospital episodes they are, how they ended, and which of them are readmissions.

Belongs here: the table ``fate`` of the episodes of one run of tertials. Does not belong here: the times
of the episodes (``stays.py``). Every episode may be followed by a later one of the same area; of these
possible returns just so many are made true that each sector has its share of readmissions in each year,
and all other episodes belong to different patients.
"""

from __future__ import annotations

import duckdb

from orchestration.periods import Period
from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, choose, pick, ranked, values
from orchestration.sample.timetable import World, lean, value_of

THIRTY_DAYS = 30 * 24 * 60
EIGHT_HOURS = 8 * 60
BEYOND = 1_000_000_000
"""More than any episode's number: a minute times this plus the number orders arrivals without ties."""


def make_fates(con: duckdb.DuckDBPyConnection, world: World, era: list[Period]) -> None:
    """Table ``fate``: no, person (pseudonym), hast, state (uttilstand), died (dodsdato)."""
    draw = Draw(world.seed, "inpatient_stays", "fates", era[0].label)
    _make_ends(con, draw)
    _make_returns(con, draw)
    _make_true_returns(con, draw)
    acute = [_acute_of_others(area) for area in range(4)]
    con.execute(f"""
        create or replace temp table fate as
        with recursive chain as (
            select no, no as root from ended where no not in (select child from true_return)
            union all
            select r.child, c.root from chain c join true_return r on r.parent = c.no
        )
        select no, pseudonym(person(root.t, e.a, chain.root + {(era[0].year - 2019) * BEYOND})) as person,
            case r.kind when 'acute' then {choose(draw("hast"), p.URGENCY, 1)} when 'planned' then 4
                else case
                    when {draw("acute")} < {pick(acute, "e.a")} and e.level = 1
                        then {choose(draw("hast"), p.URGENCY, 1)}
                    when {draw("acute")} > 1 - {p.URGENCY_MISSING} then null
                    when {draw("acute")} > 1 - {p.URGENCY_MISSING + p.URGENCY_5} then 5
                    else 4 end end as hast,
            case e.ending when 'dead' then 2 when 'suicide' then 3 when 'missing' then null else 1 end
                as state,
            case when e.ending in ('dead', 'suicide') then e.t_out::date
                when e.ending = 'dead_within_30' then e.t_out::date + 1 + floor({draw("days")} * 30)::int
                end as died
        from ended e
        join chain using (no)
        join ended root on root.no = chain.root
        left join true_return r on r.child = e.no
    """)


def _acute_of_others(area: int) -> float:
    """Share of acute episodes among those that are no return, so that all together have the area's share."""
    returns = p.READMITTED[p.BASE_YEAR][p.SECTORS[area]]
    return max(0.0, p.ACUTE[area] - returns) / (1 - returns - p.PLANNED_RETURN)


def _make_ends(con: duckdb.DuckDBPyConnection, draw: Draw) -> None:
    """Table ``ended``: the episodes with the way they ended."""
    ways = {
        "dead": pick(p.DEAD, "a"),
        "dead_within_30": pick(p.DEAD_WITHIN_30, "a"),
        "suicide": pick(p.SUICIDE, "a"),
        "missing": p.STATE_MISSING,
    }
    con.execute(f"""
        create or replace temp table ended as
        select *, year(t_out)::int as y, ((month(t_out) - 1) // 4 + 1)::int as tertial,
            {pick(p.SECTORS, "a")} as sector,
            if(level = 2, 'alive', {choose(draw("way"), ways, "alive")}) as ending
        from episode
    """)


def _make_returns(con: duckdb.DuckDBPyConnection, draw: Draw) -> None:
    """Table ``possible_return``: pairs of episodes that may be one patient's, each in one pair at most."""
    wait = f"""case when {draw("soon")} < 0.85 then {EIGHT_HOURS} + ({draw("wait")} * 28 * 1440)::int
        else {THIRTY_DAYS} + 1440 + ({draw("wait")} * 120 * 1440)::int end"""
    con.execute(f"""
        create or replace temp table possible_return as
        with parent as (
            select no, t, a, sector, y, tertial, t_out,
                case when {draw("trust")} >= {p.OTHER_TRUST} then t when t > 0 then 0
                    else 1 + ({draw("which")} < 0.4)::int end as target,
                (epoch(t_out + to_minutes({wait})) / 60)::bigint * {BEYOND} as ready
            from ended where level = 1 and ending = 'alive'
        ),
        child as (
            select no as child, t, a, t_in, (epoch(t_in) / 60)::bigint * {BEYOND} + no as arrives
            from ended where level = 1
        ),
        pair as (
            select parent.*, child.child, child.t_in
            from parent asof join child
                on parent.a = child.a and parent.target = child.t and parent.ready <= child.arrives
        )
        select no as parent, child, t, a, sector, y, tertial,
            date_diff('minute', t_out, t_in) <= {THIRTY_DAYS} as soon
        from pair
        qualify row_number() over (partition by child order by {draw("child")}, no) = 1
    """)


def _make_true_returns(con: duckdb.DuckDBPyConnection, draw: Draw) -> None:
    """Table ``true_return``: the share of readmissions of each sector and year, rounded away from a tie."""
    years = [row[0] for row in con.execute("select distinct y from ended order by y").fetchall()]
    shares = [
        (sector, y, value_of(p.READMITTED, y)[sector], lean(p.READMITTED, y, sector))
        for sector in range(3)
        for y in years
    ]
    chosen = ranked(
        "possible_return",
        group="sector, y, soon",
        cell="sector, y, soon, tertial, t, a",
        order=f"{draw('chosen', 'parent')}, parent",
        factor=pick(p.READMITTED_FACTOR, "t"),
    )
    con.execute(f"""
        create or replace temp table true_return as
        with discharged as (
            select sector, y, count(*) as n from ended where level = 1 and ending = 'alive' group by all
        ),
        sized as (
            select parent, child, place, soon, n, quota(n, share, way) as readmitted
            from {chosen}
            join discharged using (sector, y)
            join {values("sector, y, share, way", shares)} using (sector, y)
        )
        select parent, child, case when not soon then 'late' when place <= readmitted then 'acute'
            else 'planned' end as kind
        from sized
        where if(soon, place <= readmitted + ceil({p.PLANNED_RETURN} * n), place <= ceil({p.LATE_RETURN} * n))
    """)
