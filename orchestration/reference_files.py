"""What the 16 reference files look like: their columns, the type of each and what may not be missing.

Belongs here: the shape of a file and of a single value. Does not belong here: reading the files
(``reference.py``) and what a value means for a figure (``dbt_project/``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.no import orgnr

RULES = {
    "above": ("threshold",),
    "at_least": ("threshold",),
    "above_baseline": ("baseline_year",),
    "below_baseline": ("baseline_year",),
    "at_most_baseline": ("baseline_year",),
    "growth_at_least": ("threshold", "baseline_year"),
    "increase_above": ("threshold", "baseline_year"),
}
"""Target rules (Targets as data, in the specification) and the columns each cannot do without."""


def _one_of(*allowed: str) -> Callable[[str], bool]:
    return lambda text: text in allowed


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


TYPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "text": (lambda _: True, "text"),
    "whole": (lambda text: bool(re.fullmatch(r"-?\d{1,9}", text)), "a whole number"),
    "count": (lambda text: bool(re.fullmatch(r"\d{1,9}", text)), "a whole number that is not negative"),
    "size": (lambda text: bool(re.fullmatch(r"0*[1-9]\d{0,8}", text)), "a whole number above 0"),
    "year": (lambda text: bool(re.fullmatch(r"(19|20)\d\d", text)), "a year such as 2024"),
    "decimal": (
        lambda text: bool(re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text)),
        "a number with decimal point and at most 6 decimals",
    ),
    "figure": (
        lambda text: bool(re.fullmatch(r"-?\d{1,12}(\.\d{1,8})?", text)),
        "a number with decimal point and at most 8 decimals",
    ),
    "dose": (
        lambda text: bool(re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text)) and float(text) > 0,
        "a number above 0 with decimal point",
    ),
    "boolean": (_one_of("true", "false"), "true or false"),
    "date": (_is_date, "a date such as 2024-01-31"),
    "month": (lambda text: bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text)), "a month such as 2024-01"),
    "period": (
        lambda text: bool(re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])|-T[123]|-YTD(0[1-9]|1[0-2]))?", text)),
        "a period such as 2024-01, 2024-T1, 2024-YTD04 or 2024",
    ),
    "orgnr": (
        lambda text: bool(re.fullmatch(r"\d{9}", text)) and orgnr.is_valid(text),
        "an organisation number of 9 digits with a valid control digit",
    ),
    "level": (_one_of("region", "trust"), "region or trust"),
    "direction": (_one_of("higher", "lower"), "higher or lower"),
    "frequency": (_one_of("month", "tertial", "year"), "month, tertial, year or empty"),
    "route": (_one_of("O", "P", "Inhal"), "O, P or Inhal"),
    "treatment": (_one_of("K", "M", "S"), "K, M or S"),
    "rule": (_one_of(*RULES), "one of " + ", ".join(RULES)),
}
"""Type name -> (does the text fit, what it should be)."""

FILES: dict[str, str] = {
    "organisations": "*org_id:orgnr! name! org_level:level! parent_id valid_from:date valid_to:date"
    " exempt_datasets source",
    "hospitals": "*hospital_id! name! trust_id! *valid_from:date valid_to:date",
    "region_codes": "source *code! org_id!",
    "indicators": "*indicator_id! slug! name_no! short_name_no! name_en! goal:whole! unit!"
    " direction:direction! source_no frequency:frequency",
    "goals": "*goal:whole! name_no!",
    "series": "*indicator_id! *series! name_no! unit! sort_order:whole!",
    "targets": "*year:year! *region_id! *indicator_id! *series! official:boolean! rule:rule!"
    " threshold:decimal baseline_year:year long_term_goal:decimal wording_no!",
    "cancer_forms": "*cancer_form! name_no!",
    "cancer_pathway_limits": "*cancer_form! *treatment:treatment! max_days:count! *valid_from:date"
    " valid_to:date source",
    "who_ddd": "antibiotic_group! *atc_code! substance ddd_grams:dose! *route:route! ddd_source",
    "apprentice_trades": "*trade! name_no! series! relevant:boolean! basis",
    "price_growth": "*year:year! deflator:decimal free_grant_growth:decimal source",
    "population": "*org_id! *date:date! population:size! verified:boolean! source",
    "reported_baselines": "*indicator_id! *series! *org_id! *period:period! value:figure! source",
    "comments": "year:year! region_id! indicator_id! text_no!",
    "spc_phases": "*indicator_id! *series! *org_id! *from_month:month! reason_no",
}
"""File -> its columns as ``name:type``, text when not said; ``!`` = must have a value, ``*`` = in the key."""


@dataclass(frozen=True)
class Column:
    """One column of a reference file."""

    name: str
    type: str
    required: bool
    key: bool


def columns_of(name: str) -> tuple[Column, ...]:
    """The columns that the reference file must have, in their written order."""
    return tuple(
        Column(
            name=word.strip("*!").partition(":")[0],
            type=word.strip("*!").partition(":")[2] or "text",
            required=word.endswith("!"),
            key=word.startswith("*"),
        )
        for word in FILES[name].split()
    )
