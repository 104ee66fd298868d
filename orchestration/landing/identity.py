"""Numbers that prove themselves: national identity numbers (never wanted), organisation numbers (wanted).

Belongs here: the control digits as SQL that cannot fail on any text (DuckDB may compute a branch of CASE for
values that do not take it), and for names of files, which DuckDB does not see. Does not belong here: which
columns are looked at, and what follows from a hit.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence

FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)
"""Weights of the digits; the control digit itself counts once, and the sum is a multiple of 11."""

_DAY = "(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])"
_MONTH = "(0[1-9]|1[0-2]|4[1-9]|5[0-2]|6[6-9]|7[0-7]|8[1-9]|9[0-2])"
_WRITTEN = re.compile(rf"(?<![0-9]){_DAY}{_MONTH}[0-9]{{2}}[ ._-]?[0-9]{{5}}(?![0-9])")
"""As people write it, also with a gap after the date."""
MASK = "*" * 11


def without_identity_numbers(text: str) -> str:
    """A name with every national identity number in it masked (days that a month does not have too)."""

    def masked(found: re.Match[str]) -> str:
        digits = [int(digit) for digit in found[0] if digit.isdecimal()]
        sums = (sum(map(operator.mul, digits, weights)) for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS))
        return found[0] if any(one % 11 for one in sums) else MASK

    return _WRITTEN.sub(masked, text)


def is_identity_number(x: str) -> str:
    """SQL: true when ``x`` is fødselsnummer, D-number, H-number or a synthetic number.

    Eleven digits whose first six are a date in some century (day + 40 in D-numbers; month + 40 in H-numbers,
    + 65 and + 80 in synthetic ones, also combined with D) and both control digits right, remainder 0.
    The form announced for 2032 is not used yet.
    """
    day, month, year = (f"try_cast({x}[{place}:{place + 1}] as integer)" for place in (1, 3, 5))
    day, month = f"{day} % 40", f"({month} - 1) % 40 % 25 + 1"
    february = f"case when {year} % 4 = 0 then 29 else 28 end"
    days = f"[31, {february}, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][{month}]"
    form = f"length({x}) = 11 and regexp_full_match({x}, '{_DAY}{_MONTH}[0-9]{{7}}')"
    proofs = f"{_proves(x, FIRST_WEIGHTS)} and {_proves(x, SECOND_WEIGHTS)}"
    return f"case when {form} then {day} <= {days} and {proofs} else false end"


def is_organisation_number(x: str) -> str:
    """SQL: true when ``x`` is nine digits with a valid control digit (modulus 11)."""
    form = f"regexp_full_match({x}, '[0-9]{{9}}')"
    return f"case when {form} then {_proves(x, ORGANISATION_WEIGHTS)} else false end"


def _proves(x: str, weights: Sequence[int]) -> str:
    """SQL: digits times weights is a multiple of 11."""
    terms = f"list_transform({list(weights)}, lambda weight, place: weight * try_cast({x}[place] as integer))"
    return f"list_sum({terms}) % 11 = 0"
