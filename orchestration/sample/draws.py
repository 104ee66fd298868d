"""Deterministic chance: draws, quotas, people and days as DuckDB SQL.

Belongs here: what every table of the sample is drawn with, all of it a function of the seed, the
dataset and the row number. Does not belong here: what a dataset contains. Nothing may depend on the
number of threads or on the order in which rows are met: sums are of whole numbers or decimals.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import duckdb

from orchestration.sample import parameters as p
from orchestration.settings import SEEDS

_MACROS = """
create macro u(n, c) as (hash(xor(n::bigint, c)) >> 11)::double / 9007199254740992.0;
create macro lognormal(q, mean, median) as
    mean * median * exp(sqrt(-2 * ln(median)) * 4.91 * (pow(q, 0.14) - pow(1 - q, 0.14)));
create macro quota(size, share, way) as
    case way when 1 then ceil(size * share - 1e-9) when -1 then floor(size * share + 1e-9)
    else round(size * share) end::bigint;
create macro orgnr(t) as {trusts}[t + 1];
create macro prefix(t) as {prefixes}[t + 1];
create macro area(a) as {areas}[a + 1];
create macro pseudonym(person) as 'P' || upper(lpad(to_hex(hash(xor(person::bigint, {salt}))), 16, '0'));
create macro person(t, a, n) as t * 1000000000000 + a * 100000000000 + n;
"""


class Draw:
    """Uniform draws of one dataset: ``draw("purpose")`` is SQL for a number in [0, 1) per row ``no``."""

    def __init__(self, seed: int, *scope: object) -> None:
        self.scope = (seed, *scope)

    def constant(self, purpose: str) -> int:
        """A number of 62 bits that belongs to the scope and the purpose."""
        digest = blake2b("/".join(map(str, (*self.scope, purpose))).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 2

    def __call__(self, purpose: str, row: str = "no") -> str:
        """SQL of the draw."""
        return f"u({row}, {self.constant(purpose)})"

    def number(self, purpose: str, low: int, high: int) -> int:
        """One whole number from low to high, for the small lists that are made in Python."""
        return low + self.constant(purpose) % (high - low + 1)


def connect(seed: int, temporary: str, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the macros; it reaches no network and spills only into ``temporary``."""
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": temporary,
            **({} if threads is None else {"threads": str(threads)}),
        }
    )
    con.execute(
        _MACROS.format(
            trusts=list(p.TRUSTS),
            prefixes=list(p.PREFIXES),
            areas=list(p.AREAS),
            salt=Draw(seed).constant("pseudonym"),
        )
    )
    return con


def values(columns: str, rows: Iterable[Sequence[object]]) -> str:
    """A small table of our own numbers and codes as SQL; ``columns`` is "a, b"."""
    return f"(values {', '.join(map(_row, rows))}) as v({columns})"


def numbered(columns: str, rows: Iterable[Sequence[object]]) -> str:
    """As ``values``, with the row's number from 1 as the first column ``no``."""
    return values(f"no, {columns}", ((number, *row) for number, row in enumerate(rows, start=1)))


def _row(row: Sequence[object]) -> str:
    return "(" + ", ".join("null" if cell is None else repr(cell) for cell in row) + ")"


def reference(name: str) -> list[dict[str, str]]:
    """The rows of one of our own reference files: limits, DDD."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pick(numbers: Iterable[object], index: str) -> str:
    """SQL for one of a few numbers by an index from 0."""
    return f"{list(numbers)}[{index} + 1]"


def choose(draw: str, shares: Mapping[Any, object], rest: object = None) -> str:
    """SQL for a code: each with its share (a number or SQL) of the draw, the rest for what is left."""
    cases, below = [], "0"
    for code, share in shares.items():
        below = f"{below} + {share}"
        cases.append(f"when {draw} < {below} then {_literal(code)}")
    return f"case {' '.join(cases)} else {_literal(rest)} end"


def _literal(value: object) -> str:
    return "null" if value is None else repr(value)


def ranked(rows: str, group: str, cell: str, order: str, factor: str = "1.0") -> str:
    """Rows with ``place`` (1 ... ``size``) in their group, so that the first places are a fair sample.

    Taking the places up to a quota gives the group its share exactly and every cell of it the same share,
    times the cell's factor.
    """
    return f"""(
        select * exclude (_position),
            row_number() over (partition by {group} order by _position, {order}) as place,
            count(*) over (partition by {group}) as size
        from (
            select *, (row_number() over (partition by {cell} order by {order}) - 0.5)
                / count(*) over (partition by {cell}) / ({factor}) as _position
            from {rows}
        )
    )"""


def make_days(con: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    """Table ``day``: every day of the years with its weights as whole numbers (planned, acute, mixed)."""
    easter = [easter_sunday(year) for year in range(first, last + 1)]
    weeks = " or ".join(
        f"d between date '{day - dt.timedelta(days=6)}' and date '{day + dt.timedelta(days=1)}'"
        for day in easter
    )
    con.execute(f"""
        create or replace table day as
        with calendar as (
            select unnest(range(date '{first}-01-01', date '{last + 1}-01-01', interval 1 day))::date as d
        ),
        weighted as (
            select d, year(d)::int as y, month(d)::int as m, ((month(d) - 1) // 4 + 1)::int as tertial,
                {pick(p.MONTH_WEIGHTS, "(month(d) - 1)")} * {pick(p.WEEKDAY_WEIGHTS, "(isodow(d) - 1)")}
                * case when {weeks} then {p.EASTER_WEIGHT} else 1 end as planned,
                case when isodow(d) > 5 then {p.ACUTE_WEEKEND_WEIGHT} else 1 end as acute
            from calendar
        )
        select d, y, m, tertial, (planned * 1e6)::bigint as planned, (acute * 1e6)::bigint as acute,
            (({p.ACUTE[0]} * acute + {1 - p.ACUTE[0]} * planned) * 1e6)::bigint as mixed
        from weighted
    """)


def daily_rows(volumes: Iterable[Sequence[object]], weight: str) -> str:
    """SQL for numbered rows ``no, t, a, d, y, m, tertial``, spread over the days by their weight.

    Args:
        volumes: rows (trust, area, year, rows in that year); the counts are met exactly.
        weight: a weight column of ``day``.
    """
    return f"""(
        select first_no + unnest(range(n)) as no, t, a, d, y, m, tertial
        from (
            select *, (sum(n) over (order by t, a, d) - n)::bigint as first_no
            from (
                select t, a, d, y, m, tertial,
                    (round(volume * upto / total) - round(volume * (upto - w) / total))::bigint as n
                from (
                    select v.t, v.a, v.volume, day.*, {weight} as w,
                        sum({weight}) over (partition by t, a, day.y order by d) as upto,
                        sum({weight}) over (partition by t, a, day.y) as total
                    from day join {values("t, a, y, volume", volumes)} on v.y = day.y
                )
            )
        )
    )"""


def easter_sunday(year: int) -> dt.date:
    """Easter in the Gregorian calendar (the anonymous algorithm)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)
