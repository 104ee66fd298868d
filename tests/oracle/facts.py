"""What happens in a made-up world: facts of the 14 datasets whose values sit on and beside the boundaries.

Belongs here: one hypothesis strategy per dataset. Does not belong here: from a fact to the rows of a delivery
(``known.py``), organisations and the plan of deliveries (``worlds.py``).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Fact = dict[str, Any]
"""What is drawn for a row, with ``_trust`` (number), ``_in`` (which versions of a delivery know it) and, for
a snapshot, ``_period``."""

pick = st.sampled_from
AREAS = pick(["SOM", "PHVV", "PHBU", "TSB"])
TERTIALS = pick(
    ["2023-T1", "2024-T1", "2023-T1", "2024-T1", "2023-T2", "2024-T2", "2023-T3", "2024-T3", "2025-T1"]
)
YEARS = pick([2022, 2023, 2023, 2024, 2024])
DAYS = pick(["first", "first", "middle", "last", "last"])


def facts(most: int = 30, least: int = 0, **fields: Any) -> st.SearchStrategy[list[Fact]]:
    """A list of facts with these fields drawn."""
    common = {"_trust": st.integers(0, 3), "_in": pick(["all", "all", "all", "all", "first", "last"])}
    drawn = {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value)
        for name, value in fields.items()
    }
    fact = st.fixed_dictionaries({**common, **drawn})
    return pick([least, most // 3, most]).flatmap(lambda least: st.lists(fact, min_size=least, max_size=most))


CLOCK = pick(["00:00", "12:00", "23:59"])
MONTHS = pick(
    [
        "2023-01",
        "2024-01",
        "2023-01",
        "2024-01",
        "2023-02",
        "2024-02",
        "2023-04",
        "2024-04",
        "2023-12",
        "2024-12",
        "2025-01",
    ]
)


HOURS = 60
GAPS = [
    -5 * HOURS,
    0,
    8 * HOURS - 1,
    8 * HOURS,
    8 * HOURS + 1,
    5 * 24 * HOURS,
    30 * 24 * HOURS,
    30 * 24 * HOURS + 1,
]
LENGTHS = [
    0,
    5 * HOURS,
    24 * HOURS,
    24 * HOURS,
    72 * HOURS,
    72 * HOURS,
    24 * HOURS,
    72 * HOURS,
    40 * 24 * HOURS,
    150 * 24 * HOURS,
    None,
]
STAY = st.tuples(
    pick(LENGTHS),
    pick([*GAPS, 5 * 24 * HOURS, 5 * 24 * HOURS]),
    pick([None, None, None, None, "SOM", "PHBU"]),
    pick([1, 2, 3, 1, 4, 5, None]),
    pick([1, 1, 1, 1, 2, 3, None]),
    pick([0, 0, 1]),
    pick([1, 1, 1, 1, 1, 1, 2]),
)
IDENTITY = st.integers(0, 6)
UNTIL = pick(
    [None, None, dt.date(2023, 12, 30), dt.date(2023, 12, 31), dt.date(2024, 12, 30), dt.date(2024, 12, 31)]
)
FROM = pick(
    [
        dt.date(2022, 1, 1),
        dt.date(2022, 1, 1),
        dt.date(2023, 12, 31),
        dt.date(2024, 1, 1),
        dt.date(2024, 12, 31),
        dt.date(2025, 1, 1),
    ]
)

FACTS: dict[str, st.SearchStrategy[list[Fact]]] = {
    "waiting_times": facts(
        30,
        10,
        id=st.integers(0, 60),
        period=MONTHS,
        day=DAYS,
        wait=pick([0, 1, 2, 2, 3, 3, 4, 10, 3652, 3653]),
        assessed=pick(["before", "before", "before", "start", "same", "none"]),
        tjenesteomraade=AREAS,
        ventetid_sluttkode=pick([1, 1, 1, 1, 1, 2, 9]),
        rett_til_helsehjelp=pick([3, 3, 3, 3, 5, 6]),
        utfall_av_vurdering=pick([1, 1, 2, 1, 2, 1, 2, 3, 4, 5, 6, 7]),
    ),
    "planned_contacts": facts(
        id=st.integers(0, 60),
        _period=TERTIALS,
        tjenesteomraade=AREAS,
        status=pick(["planlagt", "planlagt", "planlagt", "utfort", "avlyst"]),
        planlagt_dato=pick([-1, 0, 1, -1, 1, None]),
        utfort_dato=pick([None, None, None, 0, 1]),
        henvisningsperiode_sluttdato=pick([None, None, None, 0, 1]),
        opprettet_dato=pick([None, -9, 0, 1]),
        avlyst_dato=pick([None, None, 0, 1]),
    ),
    "outpatient_contacts": facts(
        id=st.integers(0, 90),
        period=TERTIALS,
        day=DAYS,
        tjenesteomraade=AREAS,
        patient=pick([0, 1, 2, 3, 4, None]),
        omsorgsnivaa=pick([3, 3, 3, 3, 2, 8]),
        kontakttype=pick([1, 2, 3, 5, 6, 7, 12, 99]),
        polindir=pick([None, None, 20, 21]),
        debitor=pick([1, 1, 1, 1, 12, 30, 32, 60, 50, 80]),
        digital_oppfolging=pick([None, None, None, "skjema", "nettbasert"]),
    ),
    "inpatient_stays": facts(
        15,
        7,
        id=pick([0, 1]),
        patient=st.integers(0, 7),
        area=AREAS,
        day=DAYS,
        period=pick(["2023-T1", "2024-T1", "2023-T2", "2024-T2", "2023-T3", "2024-T3", "2019-T2"]),
        shift=pick([0, 0, -1, 3, -30]),
        died=pick([None, None, None, 0, 30, 31, 5]),
        stays=st.lists(STAY, min_size=1, max_size=4),
    ),
    "epicrises": facts(
        id=st.integers(0, 15),
        period=TERTIALS,
        day=DAYS,
        clock=CLOCK,
        sent=pick([0, 1, 1, 2, 2, -1, None]),
        sent_clock=CLOCK,
        tjenesteomraade=AREAS,
        omsorgsnivaa=pick([1, 1, 1, 1, 2, 3]),
        epikrise_samtykke=pick([None, 1, 2, 3, 4]),
        inntilstand=pick([None, 1, 2, 3]),
        hdg=pick([None, 1, 8, 14, 15]),
    ),
    "cancer_pathways": facts(
        period=TERTIALS,
        day=DAYS,
        kreftform=pick(["breast", "breast", "colorectal", "brain", "lung", "lung"]),
        number=st.integers(0, 2),
        starts=st.lists(
            st.tuples(
                pick(["K", "M", "S", "K", "M", "L", "O", "I", None]),
                pick([0, 20, 21, 29, 30, 32, 33, 35, 36, 39, 40, None]),
                pick([None, None, None, 0, 20, 40]),
                pick([0, 0, 150]),
            ),
            min_size=1,
            max_size=3,
        ),
    ),
    "treatment_plans": facts(
        id=st.integers(0, 30),
        period=TERTIALS,
        day=DAYS,
        tjenesteomraade=pick(["PHVV", "PHBU", "TSB"]),
        made=pick([None, -5, 0, 3, 4, 3]),
        end=pick([None, None, 3, 3]),
        plan_med_pasient=pick([True, True, True, False, None]),
    ),
    "antibiotics": facts(
        maaned=pick(
            [
                "2019-01",
                "2019-05",
                "2019-12",
                "2024-01",
                "2024-05",
                "2024-12",
                "2023-01",
                "2019-01",
                "2024-01",
            ]
        ),
        atc_kode=pick(
            [
                "J01DH02",
                "J01DH51",
                "J01DC02",
                "J01DD04",
                "J01CR05",
                "J01MA02",
                "J01MA12",
                "J01DH99",
                "J01CA04",
                "J01MB02",
            ]
        ),
        administrasjonsvei=pick(["O", "P", "P", "Inhal"]),
        virkestoff_gram=pick(
            [Decimal("0"), Decimal("3"), Decimal("14"), Decimal("0.5"), Decimal("-1.000001"), Decimal("7.25")]
        ),
    ),
    "psychiatric_beds": st.lists(
        st.fixed_dictionaries(
            {
                "_trust": pick([0, 1, 2, 3, 0, 1, 2, 3, -1]),
                "_in": pick(["all", "all", "first", "last"]),
                "aar": YEARS,
                "tjenesteomraade": pick(["PHVV", "PHBU"]),
                "dognplasser": pick([Decimal(0), Decimal(10), Decimal(10), Decimal("2.5"), None]),
            }
        ),
        max_size=16,
    ),
    "icu_capacity": facts(
        24,
        8,
        year=YEARS,
        on=pick([(1, 1), (6, 30), (12, 31), (12, 31)]),
        place=pick([0, 0, 1]),
        kategori=pick([0, 1, 2, 3, 2, 3]),
        driftstype=pick(["ordinaer", "beredskap"]),
        antall_senger=pick([Decimal(0), Decimal(1), Decimal(2), Decimal("2.5")]),
    ),
    "costs": facts(
        24,
        12,
        regnskapsaar=pick([2022, 2023, 2023, 2023, 2024, 2024, 2024]),
        tjenesteomraade=pick(["PHVV", "PHBU", "TSB", "TSB", "SOM", "ANNET"]),
        kostnadsart=pick(["LONN", "LONN", "LONN", "PENSJON", "AVSKRIVNING", "LEGEMIDLER"]),
        belop_nok=pick(
            [
                Decimal(200000000),
                Decimal(211000000),
                Decimal("211000000.01"),
                Decimal(100),
                Decimal("105.5"),
                Decimal(-100),
                Decimal(0),
            ]
        ),
    ),
    "clinical_trials": facts(
        24,
        10,
        studie_id=pick(["s0", "s1", "s2", "s3", "s4"]),
        aar=YEARS,
        behandlingsstudie=pick([True, True, True, False]),
        nye_pasienter=pick([1, 1, 5, 0, None]),
    ),
    "training_positions": facts(
        20,
        stilling_id=pick(["p0", "p1", "p2", "p3", "p4"]),
        fagretning=pick(["ANESTESI", "BARN", "INTENSIV", "OPERASJON", "KREFT", "JORDMOR"]),
        fra_dato=FROM,
        til_dato=UNTIL,
    ),
    "apprentices": facts(
        20,
        laerling_id=pick(["l0", "l1", "l2", "l3", "l4"]),
        larefag=pick(["helsefagarbeider", "helsefagarbeider", "portor", "kokk", "frisor"]),
        kontrakt_fra=FROM,
        kontrakt_til=UNTIL,
    ),
}
"""Dataset -> strategy of the facts of one region."""
