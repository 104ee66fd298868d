"""Targets, baselines and verdicts: indicator_status and indicator_overall of the check.

Belongs here: rules for all 4, 6 and the seven target rules, decided on exact fractions. Does not belong
here: how a figure is computed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.figures import Indicator
from tests.oracle.indicator_planned import PlannedTime
from tests.oracle.periods import FigurePeriod
from tests.oracle.rollup import Value, ValueKey
from tests.oracle.state import Organisation

REASONS = ("no_data", "incomplete", "no_limit", "zero_denominator", "no_baseline")
"""In order: the first that applies is published."""
AGAINST_BASELINE = ("above_baseline", "below_baseline", "at_most_baseline", "growth_at_least")
TOLERANCE = Fraction(1, 10**9)
"""2.4: figures that differ by less than this part of the baseline are equal."""


@dataclass(frozen=True)
class Status:
    """One row of indicator_status."""

    official: bool
    baseline_period: str | None
    baseline_value: Fraction | None
    baseline_source: str | None
    comparable: bool | None
    status: str
    reason: str | None
    gap: Fraction | None
    long_term_status: str | None


@dataclass(frozen=True)
class Overall:
    """One row of indicator_overall."""

    status: str
    official_met: int
    official_total: int


def baseline(
    indicator: Indicator,
    values: dict[ValueKey, Value],
    target: dict[str, str],
    org: Organisation,
    period: FigurePeriod,
) -> tuple[str | None, Fraction | None, str | None, bool | None]:
    """Rules for all, 6, and 3.3's own rule: (period, value, source, comparable)."""
    if not target["baseline_year"]:
        return None, None, None, None
    label = period.in_year(int(target["baseline_year"]))
    if isinstance(indicator, PlannedTime):
        year = int(target["baseline_year"])
        comparable, shown = indicator.comparable_baseline(org, period, year)
        share = shown.get(target["series"])
        return label, share, None if share is None else "measured", comparable
    if target["rule"] == "increase_above":  # the baseline year is inside the value
        return label, None, None, None
    row = values.get((indicator.id, target["series"], org.id, label))
    measured = row.measure.value if row and row.complete else None
    if measured is not None:
        return label, measured, "measured", None
    official = indicator.state.reported.get((indicator.id, target["series"], org.id, label))
    if official is not None:
        return label, official, "reported", None
    return label, None, None, None


def needed(rule: str, threshold: Fraction | None, base: Fraction | None) -> Fraction:
    """What the target needs."""
    if rule in ("above_baseline", "below_baseline", "at_most_baseline"):
        assert base is not None
        return base
    assert threshold is not None
    if rule == "growth_at_least":
        assert base is not None
        return (1 + threshold) * base
    return threshold


def beyond(rule: str, value: Fraction, need: Fraction) -> tuple[bool, Fraction]:
    """(met, gap): the gap is positive beyond the target on the good side; equality as the rule says."""
    if rule == "below_baseline":
        return value < need, need - value
    if rule == "at_most_baseline":
        return value - need <= 0 or value - need < TOLERANCE * need, need - value
    met = value >= need if rule in ("at_least", "growth_at_least") else value > need
    return met, value - need


def statuses(indicator: Indicator, values: dict[ValueKey, Value]) -> dict[ValueKey, Status]:
    """One row per target of the region and year, wherever the indicator has at least one value row."""
    places = {(value.org, value.period) for value in values.values()}
    found = {}
    for org, period in places:
        obstacles = indicator.obstacles(org, period)
        for target in indicator.state.targets[str(period.year), org.region, indicator.id]:
            key = (indicator.id, target["series"], org.id, period.label)
            obstacle = obstacles.get(target["series"])
            found[key] = _status(indicator, values, target, org, period, obstacle)
    return found


def _status(
    indicator: Indicator,
    values: dict[ValueKey, Value],
    target: dict[str, str],
    org: Organisation,
    period: FigurePeriod,
    obstacle: str | None,
) -> Status:
    row = values.get((indicator.id, target["series"], org.id, period.label))
    value = row.measure.value if row else None
    label, base, source, comparable = baseline(indicator, values, target, org, period)
    rule = target["rule"]
    threshold = Fraction(target["threshold"]) if target["threshold"] else None
    applying = {obstacle} if obstacle else set()
    if row is None and not obstacle:
        applying.add("no_data")
    if not (row.complete if row else indicator.complete(org, period, target["series"])):
        applying.add("incomplete")
    if (row and row.measure.denominator == 0) or (rule == "growth_at_least" and base == 0):
        applying.add("zero_denominator")
    if rule in AGAINST_BASELINE and base is None:
        applying.add("no_baseline")
    reason = next((reason for reason in REASONS if reason in applying), None)
    status, gap = "not_assessable", None
    if reason is None:
        assert value is not None
        met, gap = beyond(rule, value, needed(rule, threshold, base))
        status = "met" if met else "not_met"
    long_term = None
    if target["long_term_goal"]:
        long_term = "not_assessable"
        if row and row.complete and value is not None:
            long_term = "met" if value < Fraction(target["long_term_goal"]) else "not_met"
    official = target["official"] == "true"
    return Status(official, label, base, source, comparable, status, reason, gap, long_term)


def overall(statuses: dict[ValueKey, Status]) -> dict[tuple[str, str, str], Overall]:
    """(indicator, organisation, period) -> met when all official series are, not_met when one is not.

    Without an official series there is no verdict.
    """
    official: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for (indicator, _, org, period), status in statuses.items():
        official[indicator, org, period] += [status.status] if status.official else []
    found = {}
    for key, verdicts in official.items():
        met = verdicts.count("met")
        verdict = (
            "not_met" if "not_met" in verdicts else "met" if met == len(verdicts) > 0 else "not_assessable"
        )
        found[key] = Overall(verdict, met, len(verdicts))
    return found
