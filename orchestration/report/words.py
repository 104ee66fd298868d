"""Norwegian words of the report: verdicts, reasons, targets, units of counting, periods of a page.

Belongs here: what a code of the release is called. Does not belong here: numbers and dates
(``norwegian.py``), codes of files and rules (``codes.py``), sentences of one page (its template).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from orchestration.report.norwegian import plain, unit_of

STATUS: Mapping[str, str] = {"met": "Nådd", "not_met": "Ikke nådd", "not_assessable": "Kan ikke vurderes"}

REASON: Mapping[str, str] = {
    "no_data": "Det finnes ingen tall for perioden",
    "incomplete": "Ikke alle har levert for hele perioden",
    "no_limit": "Standard forløpstid er ikke kjent",
    "zero_denominator": "Nevneren er 0",
    "no_baseline": "Det mangler et tall å sammenligne med",
    "suppressed": "Skjult (for få tilfeller)",
    "no_target": "Det er ikke satt mål for året",
}

RULE: Mapping[str, str] = {
    "above": "over {threshold}",
    "at_least": "minst {threshold}",
    "above_baseline": "høyere enn i {baseline_year}",
    "below_baseline": "lavere enn i {baseline_year}",
    "at_most_baseline": "høyst som i {baseline_year}",
    "growth_at_least": "minst {threshold} over {baseline_year}",
    "increase_above": "større økning enn ordinær drift siden {baseline_year}",
}

PERIOD_TYPES: Mapping[str, str] = {
    "month": "Måned",
    "tertial": "Tertial",
    "year_to_date": "Hittil i år",
    "year": "Hele året",
}
"""In the order of the menu."""

FREQUENCY: Mapping[str, str] = {"month": "månedlig", "tertial": "hvert tertial", "year": "årlig"}

SIGNAL: Mapping[str, tuple[str, str]] = {
    "above_limits": ("over øvre grense", "up"),
    "below_limits": ("under nedre grense", "down"),
    "rising": ("sju punkter på rad stiger", "up"),
    "falling": ("sju punkter på rad synker", "down"),
    "two_of_three_high": ("to av tre punkter nær øvre grense", "up"),
    "two_of_three_low": ("to av tre punkter nær nedre grense", "down"),
    "shift_high": ("sju punkter på rad over gjennomsnittet", "up"),
    "shift_low": ("sju punkter på rad under gjennomsnittet", "down"),
}
"""Rule of the process chart -> what it says, and which way the point lies."""

COUNTED: Mapping[str, tuple[str, str]] = {
    "1.1": ("Kostnader i året (kr)", "Kostnader året før (kr)"),
    "1.2": ("Kontakter", ""),
    "1.3": ("Oppholdsdøgn", ""),
    "1.4": ("Døgnplasser", ""),
    "2.1": ("Behandlingsstudier", ""),
    "2.2": ("Utdanningsstillinger", ""),
    "2.3": ("Lærlinger", ""),
    "2.4": ("Døgndoser (DDD)", "Liggedøgn"),
    "2.5": ("Senger", "Innbyggere"),
    "3.1": ("Forløp innen standard forløpstid", "Forløp med behandling"),
    "3.2": ("Ventedager", "Henvisninger"),
    "3.3": ("Kontakter som overholder planlagt tid", "Planlagte kontakter"),
    "3.4": ("Pasienter med digital kontakt", "Pasienter"),
    "3.5": ("Forløp med behandlingsplan", "Forløp"),
    "3.6": ("Utskrivninger med epikrise innen én dag", "Utskrivninger"),
    "3.7": ("Reinnleggelser", "Utskrivninger"),
}
"""Indicator -> what its numerator and its denominator count."""


def counted(indicator_id: str) -> tuple[str, str]:
    """What numerator and denominator count; plain words for an indicator that is not known here."""
    return COUNTED.get(indicator_id, ("Teller", "Nevner"))


def target(rule: str | None, threshold: Decimal | None, baseline_year: int | None, unit: str) -> str:
    """A target in few words: ``minst 70 %``, ``lavere enn i 2023``."""
    if rule is None or rule not in RULE:
        return rule or ""
    form = unit_of("growth" if rule == "growth_at_least" else unit)
    shown = "" if threshold is None else plain(threshold * form.scale, 2, trim=True) + form.suffix
    return RULE[rule].format(threshold=shown, baseline_year=baseline_year)
