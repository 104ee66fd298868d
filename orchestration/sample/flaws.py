"""Single bad rows, exact copies and key clashes: what a real file has a few of.

Belongs here: how a row of each dataset is spoilt, and how many are added to a file. Does not belong
here: whole files that are rejected (``timetable.py`` says which). Flawed rows are always added beside
the sound ones, with ids of their own, so that no figure changes by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.sample.draws import Draw
from orchestration.sample.timetable import Delivery

BAD_SHARE = (0.0005, 0.003)
"""Lowest and highest share of bad rows in a file that has any (one file in four)."""
COPIES, CLASHES = 0.0005, 0.00005
SMALLEST, SMALLEST_CLASH = 60, 400
"""Files with fewer rows stay sound, so that one bad row is never near the 5 % that reject a file."""


@dataclass(frozen=True)
class Spoilt:
    """One fault in one column: ``typed`` SQL of the column's own type, or ``text`` that no type can hold."""

    column: str
    typed: str | None = None
    text: str | None = None


KEY_ID = {
    "waiting_times": "henvisning_id",
    "planned_contacts": "kontakt_id",
    "outpatient_contacts": "kontakt_id",
    "inpatient_stays": "opphold_id",
    "epicrises": "opphold_id",
    "cancer_pathways": "forlop_id",
    "treatment_plans": "forlop_id",
}
SPOILT = {
    "waiting_times": (
        Spoilt("ventetid_sluttkode", "8"),
        Spoilt("tjenesteomraade", "null"),
        Spoilt("ansiennitetsdato", "ventetid_sluttdato + 3"),
        Spoilt("ansiennitetsdato", text="31.02.2023"),
    ),
    "planned_contacts": (
        Spoilt("status", "'ukjent'"),
        Spoilt("tjenesteomraade", "null"),
        Spoilt("utfort_dato", "date '2099-01-01'"),
        Spoilt("planlagt_dato", text="2024-13-05"),
    ),
    "outpatient_contacts": (
        Spoilt("kontakttype", "4"),
        Spoilt("debitor", "null"),
        Spoilt("kontaktdato", "kontaktdato - 400"),
        Spoilt("omsorgsnivaa", text="poli"),
    ),
    "inpatient_stays": (
        Spoilt("omsorgsnivaa", "4"),
        Spoilt("pasient_id", "null"),
        Spoilt("ut_tid", "inn_tid - interval 1 day"),
        Spoilt("inn_tid", text="2023-05-41 10:00"),
    ),
    "epicrises": (
        Spoilt("epikrise_samtykke", "7"),
        Spoilt("utskrevet_tid", "null"),
        Spoilt("epikrise_sendt_tid", "timestamp '2099-01-01 08:00:00'"),
        Spoilt("foretak_orgnr", "'883974833'"),
    ),
    "cancer_pathways": (
        Spoilt("kreftform", "'annen'"),
        Spoilt("start_dato", "coalesce(behandling_start_dato, start_dato) + 300"),
    ),
    "treatment_plans": (
        Spoilt("tjenesteomraade", "'SOM'"),
        Spoilt("behandling_start_dato", text="uke 34"),
    ),
}


def add_flaws(delivery: Delivery, seed: int, name: str, source: str, rows: int, typed_only: bool) -> str:
    """SQL of the source's rows with the flawed ones of this file; column ``_flaw`` names the fault.

    0 is a sound row or an exact copy, -1 and -2 are rows of one key, n the n-th fault of the dataset.
    """
    draw = Draw(seed, delivery.folder, name)
    sound = f"select *, 0 as _flaw from ({source})"
    spoilt = faults(delivery, typed_only)
    if delivery.identity_number:
        return f"{sound} union all {_some(draw, 'identity', source, '1', 1)}"
    if not spoilt or (rows < SMALLEST and delivery.bad_share is None):
        return sound
    parts = [sound]
    if delivery.bad_share is not None or draw.number("bad", 1, 4) == 1:
        low, high = BAD_SHARE
        share = delivery.bad_share or low + (high - low) * draw.number("share", 0, 100) / 100
        bad = max(1, round(rows * share))
        first = draw.number("first", 0, len(spoilt) - 1)
        parts.append(_some(draw, "rows", source, f"1 + (place + {first}) % {len(spoilt)}", bad))
    copies = max(round(rows * COPIES), int(draw.number("copies", 1, 4) == 1))
    if copies:
        parts.append(_some(draw, "copied", source, "0", copies))
    clashes = max(round(rows * CLASHES), int(draw.number("clash", 1, 16) == 1))
    if clashes and rows >= SMALLEST_CLASH:
        parts += [_some(draw, "clashing", source, str(flaw), clashes) for flaw in (-1, -2)]
    return " union all ".join(parts)


def faults(delivery: Delivery, typed_only: bool) -> list[Spoilt]:
    """The faults that a file of this delivery can have, in the order of ``_flaw``."""
    if delivery.identity_number:
        return [Spoilt("pasient_id", f"'{synthetic_identity_number()}'")]
    every = SPOILT.get(delivery.dataset, ())
    return [spoilt for spoilt in every if spoilt.typed is not None or not typed_only]


def flawed_column(delivery: Delivery, name: str, typed_only: bool) -> str:
    """SQL of a column before it is text: the typed faults, and ids of their own for flawed rows."""
    if name == KEY_ID.get(delivery.dataset):
        other = f"{name} || case when _flaw > 0 then 'X' || _flaw when _flaw < 0 then 'Y' else '' end"
    elif name == "pasient_id":
        other = f"if(_flaw = -2, {name} || 'Z', {name})"
    else:
        other = name
    cases = [
        f"when {number} then {spoilt.typed}"
        for number, spoilt in enumerate(faults(delivery, typed_only), start=1)
        if spoilt.column == name and spoilt.typed is not None
    ]
    return f"case _flaw {' '.join(cases)} else {other} end" if cases else other


def flawed_text(delivery: Delivery, name: str, text: str) -> str:
    """SQL of a column's text: the faults that are text only."""
    cases = [
        f"when {number} then '{spoilt.text}'"
        for number, spoilt in enumerate(faults(delivery, typed_only=False), start=1)
        if spoilt.column == name and spoilt.text is not None
    ]
    return f"case _flaw {' '.join(cases)} else {text} end" if cases else text


def _some(draw: Draw, purpose: str, source: str, flaw: str, count: int) -> str:
    """SQL of a number of the source's rows, always the same ones, as rows with a flaw."""
    return f"""
        select * exclude (place), {flaw} as _flaw
        from (select *, row_number() over (order by {draw(purpose, "_no")}, _no) as place from ({source}))
        where place <= {count}"""


def synthetic_identity_number() -> str:
    """A national identity number of the synthetic series (month + 80), made by the control digit rules."""
    for serial in range(900, 1000):
        digits = [int(digit) for digit in f"018550{serial}"]
        first = -sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
        second = (
            -sum(d * w for d, w in zip([*digits, first], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        )
        if first < 10 and second < 10:
            return "".join(map(str, [*digits, first, second]))
    raise AssertionError("no serial has valid control digits")
