"""From drawn facts to the rows that a trust's delivery of a certain day holds.

Belongs here: building rows from facts, and leaving out what the sender cannot know yet. Does not belong here:
drawing (``facts.py``) and the plan of deliveries (``worlds.py``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from tests.oracle.columns import COLUMNS, KEYS, MAY_BE_LATER, PERIOD_FIELDS
from tests.oracle.facts import Fact
from tests.oracle.files import parse
from tests.oracle.periods import CADENCE, DAY, bounds, label_of
from tests.oracle.state import Row


def _day(period: str, where: str) -> dt.date:
    start, end = bounds(period)
    return {"first": start, "middle": start + 14 * DAY, "last": end}[where]


def _time(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock))


def _waiting(fact: Fact) -> Iterable[Fact]:
    end = _day(fact["period"], fact["day"])
    assessed = {"none": None, "same": end, "before": end - DAY, "start": end - fact["wait"] * DAY}[
        fact["assessed"]
    ]
    yield {
        "henvisning_id": f"h{fact['id']}",
        "ventetid_sluttdato": end,
        "ansiennitetsdato": end - fact["wait"] * DAY,
        "vurderingsdato": assessed,
    }


def _planned(fact: Fact) -> Iterable[Fact]:
    cut_off = bounds(fact["_period"])[1]
    dates = ("planlagt_dato", "utfort_dato", "henvisningsperiode_sluttdato", "opprettet_dato", "avlyst_dato")
    yield {
        "kontakt_id": f"k{fact['id']}",
        **{name: None if fact[name] is None else cut_off + fact[name] * DAY for name in dates},
    }


def _contact(fact: Fact) -> Iterable[Fact]:
    patient = fact["patient"]
    yield {
        "kontakt_id": f"k{fact['id']}",
        "kontaktdato": _day(fact["period"], fact["day"]),
        "pasient_id": None if patient is None else f"p{patient}",
    }


def _chain(fact: Fact) -> Iterable[Fact]:
    """Stays of one patient, one after the other, with gaps in minutes between them."""
    start = _time(_day(fact["period"], fact["day"]), "12:00") + dt.timedelta(days=fact["shift"])
    for number, (length, gap, area, hast, condition, move, level) in enumerate(fact["stays"]):
        end = None if length is None else start + dt.timedelta(minutes=length)
        died = None if fact["died"] is None or end is None else end.date() + fact["died"] * DAY
        yield {
            "_trust": fact["_trust"] + fact["patient"] + move,
            "opphold_id": f"s{fact['patient']}{number}{fact['id']}",
            "pasient_id": f"p{fact['patient']}",
            "tjenesteomraade": area or fact["area"],
            "omsorgsnivaa": level,
            "inn_tid": start,
            "ut_tid": end,
            "innmate_hast": hast,
            "uttilstand": condition,
            "dodsdato": died if number + 1 == len(fact["stays"]) else None,
        }
        start = max((end or start) + dt.timedelta(minutes=gap), dt.datetime(2018, 1, 1))


def _identity(fact: Fact) -> str:
    """An id that mostly belongs to one service area: senders do mix them up."""
    return f"{fact['tjenesteomraade'] if fact['id'] % 5 else ''}{fact['id']}"


def _epicrisis(fact: Fact) -> Iterable[Fact]:
    discharged = _time(_day(fact["period"], fact["day"]), fact["clock"])
    sent = None if fact["sent"] is None else _time(discharged.date() + fact["sent"] * DAY, fact["sent_clock"])
    yield {
        "opphold_id": _identity(fact),
        "utskrevet_tid": discharged,
        "epikrise_sendt_tid": sent,
    }


def _pathway(fact: Fact) -> Iterable[Fact]:
    """Rows of one pathway, which may disagree about its start and form when their treatment dates differ."""
    start, form = _day(fact["period"], fact["day"]), fact["kreftform"]
    for kind, days, limit, back in fact["starts"]:
        known_start = start - (back if days is None else 10 * (days % 3 == 0)) * DAY
        yield {
            "forlop_id": f"{form}{start:%m%d}{fact['number']}",
            "kreftform": form if days is None or days % 7 else "colorectal",
            "start_dato": known_start,
            "behandling_start_dato": None if days is None else start + days * DAY,
            "behandlingstype": kind,
            "maks_dager": limit,
        }


def _plan(fact: Fact) -> Iterable[Fact]:
    start = _day(fact["period"], fact["day"])
    made, end = fact["made"], fact["end"]
    yield {
        "forlop_id": _identity(fact),
        "behandling_start_dato": start,
        "behandlingsplan_dato": None if made is None else start + made * DAY,
        "forlop_slutt_dato": None if end is None else start + end * DAY,
    }


def _count(fact: Fact) -> Iterable[Fact]:
    yield {"telledato": dt.date(fact["year"], *fact["on"]), "behandlingssted_orgnr": f"h{fact['place']}"}


def _same(fact: Fact) -> Iterable[Fact]:
    yield {}


EXPAND = {
    "waiting_times": _waiting,
    "planned_contacts": _planned,
    "outpatient_contacts": _contact,
    "inpatient_stays": _chain,
    "epicrises": _epicrisis,
    "cancer_pathways": _pathway,
    "treatment_plans": _plan,
    "icu_capacity": _count,
}


FILLERS = {
    "waiting_times": "henvisning_id=fyll tjenesteomraade=SOM ansiennitetsdato={day} ventetid_sluttdato={day}"
    " ventetid_sluttkode=2 rett_til_helsehjelp=3 utfall_av_vurdering=1",
    "planned_contacts": "kontakt_id=fyll tjenesteomraade=TSB status=avlyst",
    "outpatient_contacts": "kontakt_id=fyll tjenesteomraade=PHVV kontaktdato={day} omsorgsnivaa=2"
    " kontakttype=1 debitor=1",
    "inpatient_stays": "opphold_id=fyll-{period} pasient_id=fyll{trust} tjenesteomraade=SOM omsorgsnivaa=1"
    " inn_tid={day}T08:00 ut_tid={day}T10:00 innmate_hast=1 uttilstand=1",
    "epicrises": "opphold_id=fyll tjenesteomraade=TSB omsorgsnivaa=2 utskrevet_tid={day}T08:00",
    "cancer_pathways": "forlop_id=fyll-{period} kreftform=lung start_dato={day}",
    "treatment_plans": "forlop_id=fyll-{period} tjenesteomraade=TSB behandling_start_dato={day}",
    "antibiotics": "maaned={month} atc_kode=J01CA04 administrasjonsvei=O virkestoff_gram=1",
    "psychiatric_beds": "aar={year} tjenesteomraade=PHBU dognplasser=3",
    "icu_capacity": "behandlingssted_orgnr=h0 kategori=1 driftstype=ordinaer antall_senger=1 telledato={day}",
    "costs": "regnskapsaar={year} tjenesteomraade=SOM kostnadsart=LONN belop_nok=1",
    "clinical_trials": "studie_id=fyll aar={year} behandlingsstudie=nei",
    "training_positions": "stilling_id=fyll fagretning=BARN fra_dato=2020-01-01 til_dato=2020-01-01",
    "apprentices": "laerling_id=fyll larefag=frisor kontrakt_fra=2020-01-01",
}
"""Dataset -> a row that makes a trust occur in a delivery and counts as little as the dataset allows."""


def _filler(dataset: str, period: str, trust: int) -> Row:
    day = bounds(period)[0]
    text = FILLERS[dataset].format(day=day, period=period, month=f"{day:%Y-%m}", year=day.year, trust=trust)
    given = dict(word.split("=") for word in text.split())
    return {column.name: parse(column.type, given.get(column.name)) for column in COLUMNS[dataset]}


def known(
    dataset: str,
    drawn: list[Fact],
    trust: int,
    trusts: int,
    period: str,
    day: dt.date,
    version: int,
    versions: int,
) -> list[Row]:
    """The rows that a trust's delivery of a period, extracted on a day, holds: valid rows only, keys unique.

    Args:
        dataset: which extract.
        drawn: the facts of the region.
        trust: number of the trust, -1 for the region itself (beds).
        trusts: how many trusts the region has.
        period: extract period.
        day: extract date.
        version: number of this extract date for the trust and period, from 0.
        versions: how many extract dates there are.
    """
    rows: dict[Any, Row] = {}
    for fact in drawn:
        if (fact["_in"] == "first" and version > 0) or (fact["_in"] == "last" and version < versions - 1):
            continue
        for part in EXPAND.get(dataset, _same)(fact):
            merged = {**fact, **part}
            if (merged["_trust"] % trusts if merged["_trust"] >= 0 else -1) != trust:
                continue
            row = {column.name: merged.get(column.name) for column in COLUMNS[dataset]}
            if _in_period(dataset, merged, row, period, day) and _not_later(row, day):
                key = tuple(row[name] for name in KEYS.get(dataset, ())) or len(rows)
                rows.setdefault(key, row)
    if not rows and trust >= 0:
        rows[0] = _filler(dataset, period, trust)
    return list(rows.values())


def _in_period(dataset: str, fact: Fact, row: Row, period: str, day: dt.date) -> bool:
    """Does the row belong in the delivery? Stays are cut to what is known on the day."""
    start, end = bounds(period)
    if dataset == "inpatient_stays":
        for name in ("ut_tid", "dodsdato"):
            if row[name] is not None and _date(row[name]) > day:
                row[name] = None
        overlaps = row["inn_tid"].date() <= end and (row["ut_tid"] is None or row["ut_tid"].date() >= start)
        return overlaps or end < row["inn_tid"].date() <= end + 30 * DAY
    if "_period" in fact:
        return bool(fact["_period"] == period)
    for name in PERIOD_FIELDS.get(dataset, ()):
        if row[name] is not None:
            value = row[name]
            if isinstance(value, int):
                return str(value) == period
            if isinstance(value, str):
                value = dt.date.fromisoformat(f"{value}-01")
            return label_of(_date(value), CADENCE[dataset]) == period
    return True


def _not_later(row: Row, day: dt.date) -> bool:
    for name, value in row.items():
        if isinstance(value, dt.date) and name not in MAY_BE_LATER and _date(value) > day:
            return False
    return not (row.get("til_dato") and row["til_dato"] < row["fra_dato"]) and not (
        row.get("kontrakt_til") and row["kontrakt_til"] < row["kontrakt_fra"]
    )


def _date(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
