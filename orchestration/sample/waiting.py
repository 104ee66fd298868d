"""Referrals that left the waiting list, and snapshots of planned contacts.

Belongs here: the tables ``waiting_times`` and ``planned_contacts`` of one year. Does not belong here:
files, bad rows, or the contacts that were carried out (``outpatient.py``).
"""

from __future__ import annotations

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, choose, daily_rows, pick, ranked, values
from orchestration.sample.timetable import World, grown, lean, value_of

WAITING_TIMES_DRAFT = (
    "* replace (if(_no % 50 = 0, ansiennitetsdato - 7, ansiennitetsdato) as ansiennitetsdato)"
)
"""Columns of an earlier delivery of the same rows, in which 2 % had another date."""


def make_waiting_times(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``waiting_times`` of a year; each trust and area meets its mean over the counted referrals."""
    draw = Draw(world.seed, "waiting_times", year)
    volumes = [
        (t, a, year, grown(p.REFERRALS[a], year) * p.SPLIT[a][t] * world.scale / _counted_share(a))
        for a in range(4)
        for t in range(3)
    ]
    targets = [(t, a, _mean_wait(year, t, a), p.WAIT_MEDIAN[a]) for a in range(4) for t in range(3)]
    outcomes = {4: pick(p.EMERGENCY, "a"), **p.OUTCOMES}
    rights = {5: pick(p.NO_RIGHT, "a"), 6: p.NOT_ASSESSED}
    specials = {
        "no_date": p.NO_ASSESSMENT_DATE,
        "same_day": pick(p.ENDED_ON_ASSESSMENT, "a"),
        "short": p.ZERO_OR_ONE_DAY,
        "very_long": p.OVER_TEN_YEARS,
    }
    con.execute(f"""
        create or replace table waiting_times as
        with coded as (
            select *, {choose(draw("code"), p.END_CODES, 1)} as kode,
                {choose(draw("outcome"), outcomes, 1)} as utfall,
                {choose(draw("right"), rights, 3)} as rett,
                {choose(draw("special"), specials, "")} as special
            from {daily_rows(volumes, "planned")}
        ),
        marked as (
            select *, kode = 1 and utfall = 1 and rett = 3 and special = '' as counted from coded
        ),
        drawn as (
            select *, {pick(p.WAIT_MONTH, "(m - 1)")}
                * lognormal((row_number() over (stratum order by {draw("wait")}, no) - 0.5)
                    / count(*) over (stratum), 1, median) as x
            from marked join {values("t, a, target, median", targets)} using (t, a)
            window stratum as (partition by t, a, counted)
        ),
        waited as (
            select *, case special
                    when 'short' then ({draw("short")} * 2)::int
                    when 'very_long' then 3700 + ({draw("short")} * 400)::int
                    else least(3000, greatest(2, round(x * target * count(*) over (stratum)
                        / (sum(x::decimal(18, 9)) over (stratum))::double)))::int
                end as wait,
                case when {draw("late")} < {p.LATE_ASSESSMENT} then 15 + ({draw("delay")} * 25)::int
                    else 3 + ({draw("delay")} * 11)::int end as delay
            from drawn
            window stratum as (partition by t, a, counted)
        )
        select prefix(t) || 'H{year % 100:02d}' || lpad(no::varchar, 8, '0') as henvisning_id,
            pseudonym(person(t, a, ({draw("person")} * count(*) over (partition by t, a))::bigint))
                as pasient_id,
            orgnr(t) as foretak_orgnr, area(a) as tjenesteomraade,
            d - wait as ansiennitetsdato,
            case special when 'no_date' then null when 'same_day' then d
                else d - wait + greatest(0, least(delay, wait - 1)) end as vurderingsdato,
            d as ventetid_sluttdato, kode as ventetid_sluttkode, rett as rett_til_helsehjelp,
            utfall as utfall_av_vurdering,
            no as _no, t as _t, strftime(d, '%Y-%m') as _period
        from waited order by _t, _no
    """)


def _counted_share(area: int) -> float:
    """Share of the referrals that no exclusion takes."""
    ended = 1 - sum(p.END_CODES.values())
    outcome = 1 - sum(p.OUTCOMES.values()) - p.EMERGENCY[area]
    right = 1 - p.NO_RIGHT[area] - p.NOT_ASSESSED
    special = 1 - p.NO_ASSESSMENT_DATE - p.ENDED_ON_ASSESSMENT[area] - p.ZERO_OR_ONE_DAY - p.OVER_TEN_YEARS
    return ended * outcome * right * special


def _mean_wait(year: int, trust: int, area: int) -> float:
    """The trust's mean in days, so that the trusts together have the region's."""
    factors, split = p.WAIT_FACTOR[area], p.SPLIT[area]
    together = sum(factor * share for factor, share in zip(factors, split, strict=True))
    return value_of(p.WAIT_MEAN, year)[area] * factors[trust] / together


def _open_share(trust: int) -> float:
    """Share of a snapshot's contacts that are open at the cut-off."""
    return 1 - p.CANCELLED - p.CARRIED_OUT - p.NO_PLANNED_DATE - p.REFERRAL_CLOSED[trust]


def make_planned_contacts(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``planned_contacts`` of a year: three snapshots, each area with its share kept at the cut-off.

    Helse Nord-Trøndelag delivers the state at the cut-off, without the optional columns, and so nothing
    that happened later.
    """
    draw = Draw(world.seed, "planned_contacts", year)
    volumes = [
        (t, a, tertial, round(grown(p.OPEN_CONTACTS[a], year) * p.SPLIT[a][t] * world.scale / _open_share(t)))
        for tertial in (1, 2, 3)
        for t in range(3)
        for a in range(4)
    ]
    passed = [
        (a, tertial, 1 - value_of(p.KEPT, year)[a] - p.KEPT_TERTIAL[tertial - 1], -lean(p.KEPT, year, a))
        for a in range(4)
        for tertial in (1, 2, 3)
    ]
    after = {"done": p.DONE_AFTER_CUTOFF, "cancelled": p.CANCELLED_AFTER_CUTOFF}
    open_first = ranked(
        "classed",
        group="tertial, a, class",
        cell="tertial, t, a, class",
        order=f"{draw('pass')}, no",
        factor=pick(p.PASSED_FACTOR, "t"),
    )
    classes = {
        "created_later": f"if(t = 2, 0, {p.CREATED_LATER})",
        "cancelled": p.CANCELLED,
        "carried_out": p.CARRIED_OUT,
        "no_planned_date": p.NO_PLANNED_DATE,
        "referral_closed": pick(p.REFERRAL_CLOSED, "t"),
    }
    ahead = f"""case when {draw("term")} < 0.6 then {draw("ahead")} * 90
        when {draw("term")} < 0.9 then 90 + {draw("ahead")} * 275 else 365 + {draw("ahead")} * 365 end"""
    con.execute(f"""
        create or replace table planned_contacts as
        with numbered as (
            select t, a, tertial, last_day((make_date({year}, 4 * tertial, 1))) as cutoff,
                first_no + unnest(range(n)) as no
            from (
                select *, (sum(n) over (order by tertial, t, a) - n)::bigint as first_no
                from {values("t, a, tertial, n", volumes)}
            )
        ),
        classed as (
            select *, {choose(draw("class"), classes, "open")} as class from numbered
        ),
        placed as (
            select *, class = 'open' and place <= quota(size, share, way) as passed,
                {choose(draw("after"), after, "")} as happened, 1 + ({draw("days")} * 7)::int as days
            from {open_first} join {values("a, tertial, share, way", passed)} using (a, tertial)
        ),
        dated as (
            select *, t < 2 and class = 'open' and happened = 'done' as done_after,
                t < 2 and class = 'open' and happened = 'cancelled' as cancelled_after,
                case when class = 'no_planned_date' then null
                    when passed then cutoff - 1 - least(700, (-60 * ln(1 - {draw("passed")}))::int)
                    when class = 'carried_out' then cutoff - (days - 1)
                    else cutoff + ({ahead})::int end as planned
            from placed
        )
        select prefix(t) || 'P{year % 100:02d}' || lpad(no::varchar, 8, '0') as kontakt_id,
            pseudonym(person(t, a, ({draw("person")} * count(*) over (partition by tertial, t, a))::bigint))
                as pasient_id,
            orgnr(t) as foretak_orgnr, area(a) as tjenesteomraade, planned as planlagt_dato,
            case when class = 'cancelled' or cancelled_after then 'avlyst'
                when class = 'carried_out' or done_after then 'utfort' else 'planlagt' end as status,
            case when class = 'carried_out' then cutoff - (days - 1)
                when done_after then cutoff + days end as utfort_dato,
            case when class = 'referral_closed' then cutoff - ({draw("closed")} * 300)::int end
                as henvisningsperiode_sluttdato,
            case when class = 'created_later' then cutoff + days
                else least(cutoff, coalesce(planned, cutoff)) - ({draw("created")} * 200)::int
                end as opprettet_dato,
            case when class = 'cancelled' then cutoff - days * 5
                when cancelled_after then cutoff + days end as avlyst_dato,
            no as _no, t as _t, '{year}-T' || tertial as _period
        from dated order by _t, _no
    """)
