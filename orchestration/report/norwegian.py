"""Numbers, dates and periods as Norwegians write them (nb-NO).

Belongs here: how a value of a unit, a difference, a day and a period are written. Does not belong here: what
a status, a rule or a code is called (``words.py``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from babel.numbers import format_decimal

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "–"
MOST_DECIMALS = 4
MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_LABEL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)|-T(?P<tertial>[123])|-YTD(?P<to>\d\d))?")


@dataclass(frozen=True)
class Unit:
    """How values of a unit are shown: times ``scale``, with ``decimals``, then ``suffix``."""

    scale: Decimal
    decimals: int
    suffix: str
    axis: str
    """What stands above the axis of a chart."""
    step: str
    """What a difference of two values is counted in."""
    trim: bool = False
    """Drop decimals that are 0 (beds)."""
    below: str = ""
    """What stands under a value that says too little by itself."""


UNITS: Mapping[str, Unit] = {
    "share": Unit(Decimal(100), 1, f"{NBSP}%", "prosent", f"{NBSP}pp."),
    "growth": Unit(Decimal(100), 2, f"{NBSP}%", "prosent", f"{NBSP}pp."),
    "nok": Unit(Decimal("0.000001"), 1, f"{NBSP}mill.{NBSP}kr", "millioner kroner", ""),
    "days": Unit(Decimal(1), 1, f"{NBSP}dager", "dager", ""),
    "count": Unit(Decimal(1), 0, "", "antall", ""),
    "bed_days": Unit(Decimal(1), 0, "", "oppholdsdøgn", ""),
    "beds": Unit(Decimal(1), 2, "", "plasser", "", trim=True),
    "beds_per_100k": Unit(Decimal(1), 2, "", "per 100 000 innbyggere", ""),
    "ddd_per_100_bed_days": Unit(
        Decimal(1), 2, "", "DDD per 100 liggedøgn", "", below="DDD per 100 liggedøgn"
    ),
}


def unit_of(unit: str) -> Unit:
    """The form of a unit; an unknown one is a count."""
    return UNITS.get(unit, UNITS["count"])


@lru_cache(maxsize=50_000)
def plain(value: float | Decimal | None, decimals: int = 0, *, trim: bool = False) -> str:
    """A number with thousands separator and decimal comma; a dash when there is none."""
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + ("#" if trim else "0") * decimals if decimals else "")
    text = str(format_decimal(_decimal(value), pattern, locale="nb_NO"))
    text = text.replace("-", MINUS).replace("\u202f", NBSP)
    return text.removeprefix(MINUS) if not re.search("[1-9]", text) else text


def quantity(value: float | Decimal | None, unit: str, *, extra: int = 0, bare: bool = False) -> str:
    """A value with its unit: ``71,3 %``, ``76,5 dager``.

    Args:
        value: as the release holds it (a share between 0 and 1).
        unit: unit code of the release.
        extra: decimals beyond the usual.
        bare: without the unit.
    """
    if value is None:
        return NOTHING
    form = unit_of(unit)
    return plain(_decimal(value) * form.scale, form.decimals + extra, trim=form.trim and not extra) + (
        "" if bare else form.suffix
    )


def extra_decimals(value: float | None, need: float | Decimal | None, unit: str) -> int:
    """How many more decimals a reader needs to see that a value is not what it is compared with.

    0 when they are equal or already look different.
    """
    if value is None or need is None or _decimal(value) == _decimal(need):
        return 0
    for extra in range(MOST_DECIMALS - unit_of(unit).decimals + 1):
        if quantity(value, unit, extra=extra) != quantity(need, unit, extra=extra):
            return extra
    return 0


def change(new: float | None, old: float | None, unit: str, *, extra: int = 0) -> str:
    """The difference of two values as they are shown, with sign: ``+0,7 pp.``, ``−9``, ``0``."""
    if new is None or old is None:
        return NOTHING
    form = unit_of(unit)
    step = Decimal(1).scaleb(-form.decimals - extra)
    shown = [(_decimal(value) * form.scale).quantize(step, ROUND_HALF_EVEN) for value in (new, old)]
    difference = shown[0] - shown[1]
    text = plain(difference, form.decimals + extra, trim=form.trim or difference == 0)
    return ("+" if difference > 0 else "") + text + form.step


def day(date: dt.date | None) -> str:
    """A date: 31.08.2024."""
    return date.strftime("%d.%m.%Y") if date else NOTHING


def period(label: str) -> str:
    """A period in words: ``mars 2024``, ``2. tertial 2024``, ``2024 til og med august``, ``2024``."""
    match = _LABEL.fullmatch(label)
    if not match:
        return label
    year = match["year"]
    if match["month"]:
        return f"{MONTHS[int(match['month']) - 1]} {year}"
    if match["tertial"]:
        return f"{match['tertial']}.{NBSP}tertial {year}"
    return f"{year} til og med {MONTHS[int(match['to']) - 1]}" if match["to"] else year


def short_period(label: str) -> str:
    """A period as a column head within its year: ``mar``, ``T2``, ``t.o.m. aug``, ``2024``."""
    match = _LABEL.fullmatch(label)
    if not match:
        return label
    if match["month"]:
        return MONTHS[int(match["month"]) - 1][:3]
    if match["to"]:
        return f"t.o.m. {MONTHS[int(match['to']) - 1][:3]}"
    return f"T{match['tertial']}" if match["tertial"] else str(match["year"])


def year_of(label: str) -> int:
    """The year of a period label; 0 for a label of no known form."""
    match = _LABEL.fullmatch(label)
    return int(match["year"]) if match else 0


def year_before(label: str) -> str:
    """The same period of the year before."""
    match = _LABEL.fullmatch(label)
    return f"{int(match['year']) - 1:04d}{label[4:]}" if match else label


def _decimal(value: float | Decimal) -> Decimal:
    """A number with the digits that it is written with."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))
