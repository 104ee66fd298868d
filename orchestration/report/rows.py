"""The rows of a release that pages look things up in, with the columns that they need.

Belongs here: one class per published table. Does not belong here: reading them (``marts.py``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Indicator:
    """One of the letter's indicators."""

    indicator_id: str
    name_no: str
    short_name_no: str
    goal: int
    goal_no: str
    unit: str
    direction: str
    source_no: str | None
    frequency: str
    definition_no: str | None


@dataclass(frozen=True)
class Organisation:
    """A region or a trust."""

    org_id: str
    name: str
    org_level: str
    parent_id: str | None


@dataclass(frozen=True)
class Target:
    """What the letter of a year asks of a series."""

    year: int
    region_id: str
    indicator_id: str
    series: str
    official: bool
    rule: str
    threshold: Decimal | None
    baseline_year: int | None
    long_term_goal: Decimal | None
    wording_no: str


@dataclass(frozen=True)
class Figure:
    """A row of indicator_value; hidden figures have no numbers and ``suppressed``."""

    indicator_id: str
    series: str
    org_id: str
    period: str
    period_type: str
    period_start: dt.date
    period_end: dt.date
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str
    complete: bool
    suppressed: bool
    maturity: str
    extract_date: dt.date | None
    ci_low: float | None
    ci_high: float | None
    note: str | None


@dataclass(frozen=True)
class Status:
    """A row of indicator_status."""

    indicator_id: str
    series: str
    org_id: str
    period: str
    year: int
    official: bool
    rule: str
    threshold: Decimal | None
    baseline_period: str | None
    baseline_value: float | None
    baseline_source: str | None
    comparable: bool | None
    status: str
    reason: str | None
    long_term_goal: Decimal | None
    long_term_status: str | None
    detail: str | None


@dataclass(frozen=True)
class Overall:
    """A row of indicator_overall."""

    indicator_id: str
    org_id: str
    period: str
    period_type: str
    status: str
    official_met: int
    official_total: int


@dataclass(frozen=True)
class Limits:
    """A row of spc: mean and limits of the phase, and the rule that the point breaks."""

    indicator_id: str
    series: str
    org_id: str
    period: str
    mean: float | None
    lower: float | None
    upper: float | None
    phase: int
    signal: str | None
