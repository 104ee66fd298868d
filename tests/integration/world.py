"""One small region as typed rows: three trusts, all 14 datasets, drawn the same way every time.

Belongs here: what happened, and which delivery tells it. Does not belong here: how a file looks
(``files.py``) and whose organisation numbers the trusts have.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
"""Values by source column; ``foretak_orgnr`` is the number of the trust: 0, 1 or 2."""
World = dict[tuple[str, str], list[Row]]
"""(dataset, period label) -> rows."""

DAY = dt.timedelta(days=1)
AREAS = ("SOM", "PHVV", "PHBU", "TSB")
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in (1, 2, 3, 4)]
TERTIALS = [f"{year}-T{number}" for year in (2023, 2024) for number in (1, 2, 3)]
BASELINE_TERTIALS = ["2019-T1", "2019-T2", "2019-T3"]
YEARS = ["2023", "2024"]
TRUSTS = range(3)
DELAY = 45 * DAY
"""From the last day of a period to the extract date: everything is final, and no stay is still unfollowed."""


def bounds(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a month, tertial or year."""
    year = int(period[:4])
    if len(period) == 4:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if "T" in period:
        first, months = (int(period[-1]) - 1) * 4 + 1, 4
    else:
        first, months = int(period[-2:]), 1
    after = first + months
    return dt.date(year, first, 1), dt.date(year + (after > 12), (after - 1) % 12 + 1, 1) - DAY


def extract_date(period: str) -> dt.date:
    """The day on which every sender reads its system for a period."""
    return bounds(period)[1] + DELAY


def world() -> World:
    """All rows of the region by delivery."""
    made: World = {}
    for dataset, (periods, draw) in MAKERS.items():
        for period in periods:
            made[dataset, period] = [
                {**row, "foretak_orgnr": trust}
                for trust in TRUSTS
                for row in draw(random.Random(f"{dataset} {period} {trust}"), period, trust)
            ]
    stays = [stay for trust in TRUSTS for stay in _stays(random.Random(f"stays {trust}"), trust)]
    for period in (*BASELINE_TERTIALS, *TERTIALS):
        made["inpatient_stays", period] = [_as_known(stay, period) for stay in stays if _is_in(stay, period)]
    return made


def _patient(draw: random.Random, trust: int, number: int = 30) -> str:
    """A pseudonym: the first two trusts share patients, the third has its own."""
    return f"{'å' if trust == 2 else 'ø'}-{draw.randrange(number)}"


def _day(draw: random.Random, period: str) -> dt.date:
    first, last = bounds(period)
    return draw.choice([first, last, first + draw.randrange((last - first).days + 1) * DAY])


def _time(draw: random.Random, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(draw.randrange(24), draw.randrange(60)))


def _waiting(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    for number in range(14):
        end = _day(draw, period)
        start = end - draw.choice([0, 1, 2, 30, 60, 90, 3653]) * DAY
        yield {
            "henvisning_id": f"h{number}-{trust}-{period}",
            "pasient_id": _patient(draw, trust),
            "tjenesteomraade": AREAS[number % 4],
            "ansiennitetsdato": start,
            "vurderingsdato": draw.choice([start, start, start, end, None]),
            "ventetid_sluttdato": end,
            "ventetid_sluttkode": draw.choice([1, 1, 1, 1, 2, 5]),
            "rett_til_helsehjelp": draw.choice([3, 3, 3, 3, 5, 6]),
            "utfall_av_vurdering": draw.choice([1, 1, 2, 2, 3, 4, 5, 6, 7]),
        }


def _planned(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    cut_off = bounds(period)[1]

    def beside(*days: int | None) -> dt.date | None:
        chosen = draw.choice(days)
        return None if chosen is None else cut_off + chosen * DAY

    for number in range(14):
        yield {
            "kontakt_id": f"k{number}-{trust}",
            "pasient_id": _patient(draw, trust),
            "tjenesteomraade": AREAS[number % 4],
            "planlagt_dato": beside(-1, 0, 0, 1, 40, 400, None),
            "status": draw.choice(["planlagt", "planlagt", "utfort", "avlyst"]),
            "utfort_dato": beside(None, None, None, 0, 1),
            "henvisningsperiode_sluttdato": beside(None, None, None, 0, 1),
            "opprettet_dato": beside(None, -9, -9, 0, 1),
            "avlyst_dato": beside(None, None, 0, 1),
        }


def _outpatient(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    for number in range(22):
        yield {
            "kontakt_id": f"k{number}-{trust}",
            "pasient_id": draw.choice([_patient(draw, trust, 12)] * 9 + [None]),
            "tjenesteomraade": AREAS[number % 4],
            "kontaktdato": _day(draw, period),
            "omsorgsnivaa": draw.choice([3, 3, 3, 3, 2, 8]),
            "kontakttype": draw.choice([1, 1, 1, 5, 6, 7, 99]),
            "polindir": draw.choice([None, None, 20, 21]),
            "debitor": draw.choice([1, 1, 1, 1, 30, 50]),
            "digital_oppfolging": draw.choice([None, None, None, "skjema", "nettbasert"]),
        }


def _stays(draw: random.Random, trust: int) -> Iterator[Row]:
    """Chains of stays with short and long gaps, in 2019 and from late 2022 to early 2025."""
    for number in range(64):
        begun = dt.date(2019, 1, 1) if number % 4 == 3 else dt.date(2022, 12, 20)
        days = 365 if number % 4 == 3 else 760
        at = _time(draw, begun + draw.randrange(days) * DAY)
        area = AREAS[number % 4 if number % 4 < 3 else number // 4 % 4]
        for part in range(draw.choice([1, 2, 3])):
            ended = at + dt.timedelta(hours=draw.choice([0, 5, 20, 100, 900]), minutes=draw.randrange(60))
            yield {
                "foretak_orgnr": draw.randrange(2) if trust < 2 and part else trust,
                "opphold_id": f"o{trust}-{number}-{part}",
                "pasient_id": f"{'å' if trust == 2 else 'ø'}-{trust}-{number}",
                "behandlingssted_orgnr": "974749025",
                "tjenesteomraade": area,
                "omsorgsnivaa": draw.choice([1, 1, 1, 1, 1, 2]),
                "inn_tid": at,
                "ut_tid": ended,
                "innmate_hast": draw.choice([1, 1, 2, 3, 4, 5, None]),
                "uttilstand": draw.choice([1, 1, 1, 1, 1, 2, None]),
                "dodsdato": None,
            }
            at = ended + dt.timedelta(hours=draw.choice([0, 7, 8, 40, 300, 719, 721]), minutes=1)


def _is_in(stay: Row, period: str) -> bool:
    """A tertial's delivery holds what overlaps it, and what begins within 30 days after it."""
    first, last = bounds(period)
    begun: dt.date = stay["inn_tid"].date()
    return begun <= last + 30 * DAY and stay["ut_tid"].date() >= first


def _as_known(stay: Row, period: str) -> Row:
    """The stay as its trust saw it on the extract date."""
    if stay["ut_tid"].date() <= extract_date(period):
        return stay
    return {**stay, "ut_tid": None, "uttilstand": None}


def _epicrises(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    for number in range(20):
        left = _time(draw, _day(draw, period))
        sent = draw.choice([None, -1, 0, 0, 1, 1, 1, 2, 9])
        yield {
            "opphold_id": f"o{number}-{trust}-{period}",
            "pasient_id": _patient(draw, trust),
            "tjenesteomraade": AREAS[number % 4],
            "omsorgsnivaa": draw.choice([1, 1, 1, 1, 1, 2]),
            "utskrevet_tid": left,
            "epikrise_sendt_tid": None if sent is None else left + sent * DAY,
            "epikrise_samtykke": draw.choice([None, 1, 2, 4]),
            "inntilstand": draw.choice([None, 1, 1, 1, 3]),
            "hdg": draw.choice([None, 5, 14, 15, 16]),
        }


def _cancer(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    forms = ("breast", "colorectal", "liver", "thyroid", "lung")
    for number in range(15):
        treated = _day(draw, period)
        none = number % 7 == 6
        yield {
            "forlop_id": f"f{number}-{trust}-{period}",
            "pasient_id": _patient(draw, trust),
            "kreftform": forms[number % 5],
            "start_dato": treated - (0 if none else draw.choice([0, 20, 32, 33, 60])) * DAY,
            "behandling_start_dato": None if none else treated,
            "behandlingstype": None if none else draw.choice(["K", "K", "M", "M", "S", "L", "O"]),
            "maks_dager": draw.choice([None, None, None, 21, 42]),
        }


def _plans(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    for number in range(12):
        begun = _day(draw, period)
        yield {
            "forlop_id": f"f{number}-{trust}-{period}",
            "pasient_id": _patient(draw, trust),
            "tjenesteomraade": AREAS[1 + number % 3],
            "behandling_start_dato": begun,
            "behandlingsplan_dato": draw.choice([None, begun - DAY, begun, begun + 9 * DAY]),
            "plan_med_pasient": draw.choice([True, True, True, False, None]),
            "forlop_slutt_dato": draw.choice([None, begun + 8 * DAY, begun + 9 * DAY]),
        }


def _antibiotics(draw: random.Random, period: str, _trust: int) -> Iterator[Row]:
    codes = ("J01DH02", "J01DC02", "J01DD01", "J01CR05", "J01MA02", "J01CA04", "J01DH99", "J01MA02")
    for code in codes:
        yield {
            "maaned": f"{_day(draw, period):%Y-%m}",
            "atc_kode": code,
            "administrasjonsvei": draw.choice(["P", "P", "O"]),
            "virkestoff_gram": Decimal(draw.randrange(-200, 4000)) / 8,
        }


def _beds(draw: random.Random, period: str, _trust: int) -> Iterator[Row]:
    for area in ("PHVV", "PHBU"):
        yield {"aar": int(period), "tjenesteomraade": area, "dognplasser": Decimal(draw.randrange(80)) / 2}


def _icu(draw: random.Random, period: str, _trust: int) -> Iterator[Row]:
    for counted in (f"{period}-03-01", f"{period}-11-01"):
        for kind in ("ordinaer", "beredskap"):
            for category in (1, 2, 3):
                yield {
                    "behandlingssted_orgnr": "974749025",
                    "kategori": category,
                    "driftstype": kind,
                    "antall_senger": Decimal(draw.randrange(2, 60)) / 2,
                    "telledato": dt.date.fromisoformat(counted),
                }


def _costs(draw: random.Random, period: str, _trust: int) -> Iterator[Row]:
    for area in AREAS:
        for kind in ("LONN", "PENSJON", "AVSKRIVNING", "LEGEMIDLER"):
            amount = Decimal(draw.randrange(10_000_000, 90_000_000)) / 100
            yield {
                "regnskapsaar": int(period),
                "tjenesteomraade": area,
                "kostnadsart": kind,
                "belop_nok": amount,
            }


def _trials(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    for number in range(9):
        yield {
            "studie_id": f"{'egen' if trust == 2 else 'felles'}-{number}",
            "aar": int(period),
            "behandlingsstudie": draw.choice([True, True, True, False]),
            "nye_pasienter": draw.choice([None, 0, 1, 2, 40]),
        }


def _contracts(draw: random.Random, period: str, start: str, end: str) -> Row:
    begun = dt.date(int(period) - 2, 1, 1) + draw.randrange(900) * DAY
    over = draw.choice([None, begun, dt.date(int(period), 12, 31), dt.date(int(period) + 2, 1, 1)])
    return {start: begun, end: None if over is None else max(begun, over)}


def _positions(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    kinds = ("ANESTESI", "BARN", "INTENSIV", "OPERASJON", "KREFT", "JORDMOR")
    for number in range(18):
        dates = _contracts(draw, period, "fra_dato", "til_dato")
        yield {"stilling_id": f"s{number}-{trust}", "fagretning": kinds[number % 6], **dates}


def _apprentices(draw: random.Random, period: str, trust: int) -> Iterator[Row]:
    trades = ("helsefagarbeider", "ambulanse", "frisor", "portor")
    for number in range(14):
        dates = _contracts(draw, period, "kontrakt_fra", "kontrakt_til")
        yield {"laerling_id": f"l{number}-{trust}", "larefag": trades[number % 4], **dates}


Maker = Callable[[random.Random, str, int], Iterator[Row]]
MAKERS: dict[str, tuple[list[str], Maker]] = {
    "waiting_times": (MONTHS, _waiting),
    "planned_contacts": (TERTIALS, _planned),
    "outpatient_contacts": (TERTIALS, _outpatient),
    "epicrises": (TERTIALS, _epicrises),
    "cancer_pathways": (TERTIALS, _cancer),
    "treatment_plans": (TERTIALS, _plans),
    "antibiotics": ([*BASELINE_TERTIALS, *TERTIALS], _antibiotics),
    "psychiatric_beds": (YEARS, _beds),
    "icu_capacity": (YEARS, _icu),
    "costs": (YEARS, _costs),
    "clinical_trials": (YEARS, _trials),
    "training_positions": (YEARS, _positions),
    "apprentices": (YEARS, _apprentices),
}
"""Dataset -> its periods, and what one trust tells about one; stays are drawn over all periods at once."""
