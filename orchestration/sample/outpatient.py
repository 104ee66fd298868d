"""Outpatients and their contacts.

Belongs here: the table ``outpatient_contacts`` of one year. Does not belong here: files, bad rows, or
contacts that are only planned (``waiting.py``). Patients come first: every patient of a tertial has one
contact that the indicators count, and a digital patient's is digital, so the share of patients reached
is met exactly; all other contacts are spread over the same patients.
"""

from __future__ import annotations

import duckdb

from orchestration.sample import parameters as p
from orchestration.sample.draws import Draw, choose, daily_rows, pick, ranked, values
from orchestration.sample.timetable import World, grown, lean, value_of


def make_outpatient_contacts(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Table ``outpatient_contacts`` of a year, by tertial and trust."""
    draw = Draw(world.seed, "outpatient_contacts", year)
    _make_patients(con, world, year)
    volumes = [
        (t, a, year, _contacts(year, a) * p.SPLIT[a][t] * world.scale) for a in range(4) for t in range(3)
    ]
    left_out = {
        "technical": f"{p.TECHNICAL} * wide",
        "not_public": f"{p.NOT_PUBLIC} * wide",
        "no_patient": f"{p.NO_PATIENT} * wide",
        "indirect": f"{pick(p.INDIRECT, 'a')} * wide",
        "day_care": f"if(a = 0, {p.DAY_CARE}, 0) * wide",
        "other_level": f"if(a = 0, {p.OTHER_LEVEL}, 0) * wide",
    }
    digital_forms = {"skjema": 0.7, "nettbasert": 0.25}
    debtors = {80: 0.01, 90: 0.002}
    con.execute(f"""
        create or replace table outpatient_contacts as
        with contact as (
            select *, row_number() over (stratum order by {draw("who")}, no) - 1 as k,
                count(*) over (stratum) as contacts
            from {daily_rows(volumes, "planned")}
            window stratum as (partition by tertial, t, a)
        ),
        seen as (
            select * replace (if(k < patients, k, floor(patients * pow({draw("again")}, 1.6)))::bigint as k),
                k < patients as first_contact,
                contacts / greatest(1, contacts - patients) as wide
            from contact join patient_count using (tertial, t, a)
        ),
        ordered as (
            select *, (row_number() over (stratum order by {draw("class")}, no) - 0.5)
                / count(*) over (stratum) as share
            from seen
            window stratum as (partition by tertial, t, a, first_contact)
        ),
        classed as (
            select *, if(first_contact, '', {choose("share", left_out, "")}) as class from ordered
        ),
        reached as (
            select *, digital and (first_contact or class = '' and {draw("digital")}
                    < {pick(p.DIGITAL_AGAIN, "a")}) as digital_contact,
                {draw("form")} < {p.DIGITAL_FORM} as form
            from classed join outpatient using (tertial, t, a, k)
        )
        select prefix(t) || 'K{year % 100:02d}' || lpad(no::varchar, 8, '0') as kontakt_id,
            if(class = 'no_patient', null, pasient_id) as pasient_id,
            orgnr(t) as foretak_orgnr, area(a) as tjenesteomraade, d as kontaktdato,
            case class when 'day_care' then 2 when 'other_level' then 8 else 3 end as omsorgsnivaa,
            case when class = 'indirect' then 5
                when digital_contact and not form then if({draw("video")} < 0.333, 6, 7)
                when digital_contact then 14
                else {choose(f"({draw('type')} * {sum(p.CONTACT_TYPES.values())})", p.CONTACT_TYPES, 2)}
                end as kontakttype,
            if(class = 'technical', 21, null) as polindir,
            case when class = 'not_public' then if({draw("debtor")} < 0.75, 30, 60)
                else {choose(draw("debtor"), debtors, 1)} end as debitor,
            case when digital_contact and form
                then {choose(draw("kind"), digital_forms, "monitorering")} end as digital_oppfolging,
            no as _no, t as _t, '{year}-T' || tertial as _period
        from reached order by _period, _t, _no
    """)


def _contacts(year: int, area: int) -> float:
    """Contacts a year; beyond the years with a figure they grow as everything else."""
    nearest = min(max(year, min(p.CONTACTS)), max(p.CONTACTS))
    return p.CONTACTS[nearest][area] * p.GROWTH ** (year - nearest)


def _make_patients(con: duckdb.DuckDBPyConnection, world: World, year: int) -> None:
    """Tables ``patient_count`` and ``outpatient``: who is a patient in which tertial, and whether digital.

    A trust's patients are numbered through all years; each tertial has a stretch of them, and the next
    tertial's begins within it, so that some patients stay and others are new.
    """
    draw = Draw(world.seed, "outpatient_contacts")
    cells = [(tertial, t, a) for tertial in (1, 2, 3) for t in range(3) for a in range(4)]
    rows = []
    for tertial, t, a in cells:
        base = p.OUTPATIENTS[a] * p.SPLIT[a][t] * world.scale
        first = round(base * (1 - p.STAYING) * (3 * (year - 2019) + tertial - 1))
        rows.append((tertial, t, a, first, max(1, round(grown(base, year, p.PATIENT_GROWTH)))))
    con.execute(f"""
        create or replace temp table patient_count as
        select tertial, t, a, first, patients from {values("tertial, t, a, first, patients", rows)}
    """)
    shares = [(a, value_of(p.DIGITAL_PATIENTS, year)[a], lean(p.DIGITAL_PATIENTS, year, a)) for a in range(4)]
    persons = ranked(
        "named",
        group="tertial, a",
        cell="tertial, a, t",
        order=f"u(who, {draw.constant('digital')}), t, k",
        factor=pick(p.DIGITAL_FACTOR, "t"),
    )
    con.execute(f"""
        create or replace temp table outpatient as
        with numbered as (
            select tertial, t, a, first + unnest(range(patients)) as n, unnest(range(patients)) as k
            from patient_count
        ),
        named as (select tertial, t, a, k, {_who()} as who from numbered)
        select tertial, t, a, k, pseudonym(who) as pasient_id, place <= quota(size, share, way) as digital
        from {persons} join {values("a, share, way", shares)} using (a)
    """)


def _who() -> str:
    """SQL for a patient's person number: some are St. Olavs' patients too, some somatic patients too."""
    at_first = [p.SPLIT[a][0] / p.SPLIT[a][t] for t in range(3) for a in range(4)]
    as_somatic = [
        p.OUTPATIENTS[0] * p.SPLIT[0][t] / (p.OUTPATIENTS[a] * p.SPLIT[a][t])
        for t in range(3)
        for a in range(4)
    ]
    return f"""case
        when t > 0 and n % 50 < {pick((round(50 * share) for share in p.SHARED), "a")}
            then person(0, a, floor(n * {pick(at_first, "(4 * t + a)")})::bigint)
        when a > 0 and n % 10 >= {round(10 * (1 - p.ALSO_SOMATIC))}
            then person(t, 0, floor(n * {pick(as_somatic, "(4 * t + a)")})::bigint)
        else person(t, a, n) end"""
