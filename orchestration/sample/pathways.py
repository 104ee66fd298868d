"""Cancer pathways and treatment plans.

Belongs here: the tables ``cancer_pathways`` and ``treatment_plans`` of one year, full size at every
scale. Does not belong here: files, or the limits themselves (reference data). A cancer form's share
within the limit is rounded to its own side of the target, so that its verdict is the one meant.
"""

from __future__ import annotations

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, choose, daily_rows, pick, ranked, reference, values
from orchestration.sample.timetable import World, grown, lean, value_of

LIMIT = 0.70
TREATED, OTHER_START, NO_START = range(3)


def make_cancer_pathways(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``cancer_pathways`` of a year; ``maks_dager`` only where the reference data know no limit."""
    draw = Draw(world.seed, "cancer_pathways", year)
    forms = list(p.CANCER)
    treated = sum(n for n, _ in p.CANCER.values())
    sizes = {TREATED: 1.0, OTHER_START: p.OTHER_STARTS / treated, NO_START: p.NO_START / treated}
    volumes = [
        (t, 100 * group + f, year, grown(p.CANCER[form][0] * size, year) * p.SPLIT[0][t])
        for group, size in sizes.items()
        for f, form in enumerate(forms)
        for t in range(3)
    ]
    shares = [
        (f, p.CANCER[form][1] - 0.01 * (2024 - year), 1 if p.CANCER[form][1] >= LIMIT else -1)
        for f, form in enumerate(forms)
    ]
    newest = sorted(reference("cancer_pathway_limits"), key=lambda row: row["valid_from"])
    limits = {(row["cancer_form"], row["treatment"]): int(row["max_days"]) for row in newest}
    limit_rows = [(*key, days) for key, days in limits.items()]
    by_drug = {"M": 0.7, "S": 0.3}
    within_first = ranked(
        "limited",
        group="f, kind, max_days is null",
        cell="f, kind, max_days is null, t, tertial",
        order=f"{draw('within')}, no",
    )
    con.execute(f"""
        create or replace table cancer_pathways as
        with reference as (
            select form as cancer_form, treatment, days as reference_days
            from {values("form, treatment, days", limit_rows)}
        ),
        started as (
            select *, a // 100 as kind, a % 100 as f, {pick(forms, "(a % 100)")} as form,
                case when a // 100 = {OTHER_START} then {choose(draw("other"), {"L": 0.4, "O": 0.4}, "I")}
                    when a // 100 = {NO_START} then null
                    when {pick(forms, "(a % 100)")} in {p.NO_SURGERY} then {choose(draw("drug"), by_drug)}
                    else {choose(draw("treatment"), p.TREATMENTS, "S")} end as treatment
            from {daily_rows(volumes, "planned")}
        ),
        invented as (
            select *, case when form in (select cancer_form from reference) or form in {p.NEVER_A_LIMIT}
                then null else map {p.INVENTED_LIMITS}[treatment] end as maks
            from started
        ),
        limited as (
            select i.*, coalesce(maks, reference_days)::int as max_days
            from invented i left join reference r on r.cancer_form = i.form and r.treatment = i.treatment
        ),
        timed as (
            select *, case when kind = {NO_START} then 0
                when kind = {OTHER_START} or max_days is null then 15 + ({draw("days")} * 45)::int
                when place <= quota(size, share, way)
                    then ceil(max_days * (0.35 + 0.65 * {draw("days")}))::int
                else max_days + 1 + floor({draw("days")} * {draw("days")} * 60)::int end as days
            from {within_first} join {values("f, share, way", shares)} using (f)
        ),
        starts as (
            select *, unnest(range(1 + again::int)) as second
            from (select *, kind = {TREATED} and {draw("second")} < {p.SECOND_START} as again from timed)
        ),
        dated as (
            select *, {draw("same day")} < {p.SECOND_SAME_DAY} as same_day,
                d + if(second = 1 and {draw("same day")} >= {p.SECOND_SAME_DAY},
                    20 + ({draw("until second")} * 60)::int, 0) as start
            from starts
        )
        select prefix(t) || 'F{year % 100:02d}' || lpad(no::varchar, 6, '0') as forlop_id,
            pseudonym(person(t, 0, no)) as pasient_id, orgnr(t) as foretak_orgnr, form as kreftform,
            d - days as start_dato, if(kind = {NO_START}, null, start) as behandling_start_dato,
            if(second = 1, if(same_day, 'L', if(treatment = 'M', 'S', 'M')), treatment) as behandlingstype,
            if(second = 1, null, maks) as maks_dager,
            no * 2 + second as _no, t as _t, '{year}-T' || ((month(start) - 1) // 4 + 1) as _period
        from dated where year(start) = {year} order by _period, _t, _no
    """)


def make_treatment_plans(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``treatment_plans`` of a year; each area meets its share with a plan made with the patient."""
    draw = Draw(world.seed, "treatment_plans", year)
    volumes = [(t, a, year, grown(p.PATHWAYS[a], year) * p.SPLIT[a][t]) for a in (1, 2, 3) for t in range(3)]
    shares = [
        (a, value_of(p.PLAN_WITH_PATIENT, year)[a], lean(p.PLAN_WITH_PATIENT, year, a)) for a in (1, 2, 3)
    ]
    classes = {"without_patient": p.PLAN_WITHOUT_PATIENT, "after_end": p.PLAN_AFTER_END}
    with_patient_first = ranked(
        "started",
        group="a",
        cell="a, t, tertial",
        order=f"{draw('plan')}, no",
        factor=pick(p.PLAN_FACTOR, "t"),
    )
    con.execute(f"""
        create or replace table treatment_plans as
        with started as (select * from {daily_rows(volumes, "planned")}),
        classed as (
            select *, if(place <= quota(size, share, way), 'with_patient',
                {choose(draw("class"), classes, "none")}) as class
            from {with_patient_first} join {values("a, share, way", shares)} using (a)
        ),
        dated as (
            select *, last_day(make_date({year}, 4 * tertial, 1)) + 40 as extract_date,
                case class when 'after_end' then 5 + ({draw("end")} * 10)::int
                    else 36 + ({draw("end")} * 150)::int end as ends
            from classed
        )
        select prefix(t) || 'B{year % 100:02d}' || lpad(no::varchar, 6, '0') as forlop_id,
            pseudonym(person(t, a, no)) as pasient_id, orgnr(t) as foretak_orgnr, area(a) as tjenesteomraade,
            d as behandling_start_dato,
            case class when 'none' then null when 'after_end' then d + ends + 1 + ({draw("day")} * 8)::int
                else d - 10 + ({draw("day")} * 45)::int end as behandlingsplan_dato,
            case class when 'none' then if({draw("blank")} < 0.5, null, false)
                when 'without_patient' then false else true end as plan_med_pasient,
            if(d + ends <= extract_date, d + ends, null) as forlop_slutt_dato,
            no as _no, t as _t, '{year}-T' || tertial as _period
        from dated order by _period, _t, _no
    """)
