"""Norwegian words and numbers for codes and values.

Belongs here: how a value of a unit is written, what a status, a reason or a code is called. Does not belong
here: tables, and which value is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_decimal, format_percent

LOCALE = "nb_NO"
NOTHING = "–"
HIDDEN = "skjult"

PATTERNS: Mapping[str, tuple[str, str]] = {
    "share": ("0.0\u00a0%", ""),
    "growth": ("0.00\u00a0%", ""),
    "nok": ("#,##0", " kr"),
    "days": ("0.0", " dager"),
    "beds": ("#,##0.##", ""),
    "beds_per_100k": ("0.00", " per 100 000"),
    "ddd_per_100_bed_days": ("0.00", " DDD/100 liggedøgn"),
}
"""Unit -> form of the number and what stands behind it; other units are counts."""

STATUS: Mapping[str, str] = {"met": "Nådd", "not_met": "Ikke nådd", "not_assessable": "Kan ikke vurderes"}
STYLE: Mapping[str, str] = {"met": "green", "not_met": "red", "not_assessable": "yellow"}

REASON: Mapping[str, str] = {
    "no_data": "ingen tall",
    "incomplete": "ikke alle har levert for hele perioden",
    "no_limit": "ingen frist å måle mot",
    "zero_denominator": "nevneren er 0",
    "no_baseline": "mangler tall å sammenligne med",
    "suppressed": "skjult av hensyn til personvern",
}

RULE: Mapping[str, str] = {
    "above": "over {threshold}",
    "at_least": "minst {threshold}",
    "above_baseline": "høyere enn i {baseline_year}",
    "below_baseline": "lavere enn i {baseline_year}",
    "at_most_baseline": "ikke høyere enn i {baseline_year}",
    "growth_at_least": "minst {threshold} høyere enn i {baseline_year}",
    "increase_above": "økning over {threshold} siden {baseline_year}",
}

MATURITY: Mapping[str, str] = {"preliminary": "foreløpig", "final": "endelig"}


def number(value: float | None, unit: str) -> str:
    """A value as Norwegians write it, with its unit; a dash when there is none."""
    if value is None:
        return NOTHING
    pattern, behind = PATTERNS.get(unit, ("#,##0.##", ""))
    write = format_percent if pattern.endswith("%") else format_decimal
    return _with_minus(write(value, pattern, locale=LOCALE)) + behind


def plain(value: float | None) -> str:
    """A numerator, denominator or count."""
    return NOTHING if value is None else _with_minus(format_decimal(value, "#,##0.##", locale=LOCALE))


def _with_minus(written: str) -> str:
    """A minus sign in place of the hyphen."""
    return written.replace("-", "−", 1)


def target(rule: str, threshold: float | None, baseline_year: int | None, unit: str) -> str:
    """A target in few words: ``minst 70 %``, ``lavere enn i 2023``."""
    relative = rule == "growth_at_least" or unit in ("share", "growth")
    limit = (
        _with_minus(format_percent(threshold, "0.##\u00a0%", locale=LOCALE)) if relative and threshold else ""
    )
    return RULE[rule].format(threshold=limit or number(threshold, unit), baseline_year=baseline_year)


def verdict(status: str, reason: str | None) -> str:
    """A status, with its reason in words when it is none."""
    return STATUS[status] + (f": {REASON[reason]}" if reason else "")


def safe(text: object) -> str:
    """Text that somebody else wrote (file and sender names), without characters that steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
