"""Numbers, dates, targets and rounding as the report writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from orchestration.report import norwegian as nb
from orchestration.report import trend, words
from orchestration.report.trend import Point


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.713, "share", "71,3 %"),
        (1.0, "share", "100,0 %"),
        (0.0, "share", "0,0 %"),
        (-0.00001, "share", "0,0 %"),
        (0.0586, "growth", "5,86 %"),
        (-0.0123, "growth", "−1,23 %"),
        (12345.0, "count", "12 345"),
        (1234567.0, "bed_days", "1 234 567"),
        (436.5, "beds", "436,5"),
        (436.0, "beds", "436"),
        (76.54, "days", "76,5 dager"),
        (4292700000.0, "nok", "4 292,7 mill. kr"),
        (15.234, "ddd_per_100_bed_days", "15,23"),
        (3.0, "a_unit_of_tomorrow", "3"),
        (None, "share", "–"),
    ],
)
def test_values(value: float | None, unit: str, text: str) -> None:
    assert nb.quantity(value, unit).replace(nb.NBSP, " ") == text


@pytest.mark.parametrize(
    ("new", "old", "unit", "text"),
    [
        (0.7130, 0.7064, "share", "+0,7 pp."),
        (0.7130, 0.7134, "share", "0 pp."),
        (66.0, 75.0, "count", "−9"),
        (75.0, 75.0, "count", "0"),
        (12345.0, 345.0, "count", "+12 000"),
        (None, 1.0, "count", "–"),
        (1.0, None, "count", "–"),
    ],
)
def test_a_change_is_the_difference_of_the_shown_numbers(
    new: float | None, old: float | None, unit: str, text: str
) -> None:
    assert nb.change(new, old, unit).replace(nb.NBSP, " ") == text


@pytest.mark.parametrize(
    ("value", "need", "unit", "extra"),
    [
        (0.69996, 0.70, "share", 2),
        (0.70, 0.70, "share", 0),
        (0.6995, 0.70, "share", 1),
        (0.699999999, 0.70, "share", 0),
        (54.41, 54.44, "days", 1),
        (55.0, 48.0, "count", 0),
        (None, 0.7, "share", 0),
    ],
)
def test_a_missed_target_never_looks_like_the_target(
    value: float | None, need: float, unit: str, extra: int
) -> None:
    assert nb.extra_decimals(value, need, unit) == extra


@pytest.mark.parametrize(
    ("label", "text", "short"),
    [
        ("2024-03", "mars 2024", "mar"),
        ("2024-T2", "2. tertial 2024", "T2"),
        ("2024-YTD08", "2024 til og med august", "t.o.m. aug"),
        ("2024", "2024", "2024"),
        ("<b>", "<b>", "<b>"),
    ],
)
def test_periods(label: str, text: str, short: str) -> None:
    assert nb.period(label).replace(nb.NBSP, " ") == text
    assert nb.short_period(label) == short


def test_days() -> None:
    assert nb.day(dt.date(2024, 8, 31)) == "31.08.2024"
    assert nb.day(None) == "–"


@pytest.mark.parametrize(
    ("rule", "threshold", "unit", "text"),
    [
        ("at_least", "0.700000", "share", "minst 70 %"),
        ("above", "0.055", "growth", "over 5,5 %"),
        ("growth_at_least", "0.15", "count", "minst 15 % over 2023"),
        ("below_baseline", None, "days", "lavere enn i 2023"),
        ("at_most_baseline", None, "share", "høyst som i 2023"),
        ("a_rule_of_tomorrow", None, "share", "a_rule_of_tomorrow"),
        (None, None, "share", ""),
    ],
)
def test_targets(rule: str | None, threshold: str | None, unit: str, text: str) -> None:
    number = Decimal(threshold) if threshold else None
    assert words.target(rule, number, 2023, unit).replace(nb.NBSP, " ") == text


def point(month: int, value: float | None, *, joined: bool = True, **changes: object) -> Point:
    start = dt.date(2024, month, 1)
    given = {"low": None, "high": None, "need": None, "mean": None, "lower": None, "upper": None}
    return Point(
        **{
            **given,
            "start": start,
            "end": start + dt.timedelta(days=27),
            "label": f"måned {month}",
            "text": "skjult" if value is None else str(value),
            "value": value,
            "phase": 1,
            "mark": "plain",
            "preliminary": False,
            "joined": joined,
            **changes,
        }
    )


def test_a_line_breaks_where_a_period_is_hidden_or_was_never_delivered() -> None:
    chain = [point(1, 1.0), point(2, None), point(3, 3.0), point(4, 4.0), point(8, 8.0, joined=False)]
    assert [[one.value for one in run] for run in trend.runs(chain)] == [[1.0], [3.0, 4.0], [8.0]]


def test_scales_fit_what_is_drawn_and_stay_where_values_can_be() -> None:
    low, high = trend.span([[point(1, 96.0, low=94.0, high=99.5)]], "share")
    assert low < 94.0
    assert high == 100.0
    assert trend.span([[point(1, 1.0), point(2, 50.0)]], "days")[0] == 0.0
    assert trend.span([[]], "share") == (0.0, 1.0)


@pytest.mark.parametrize("scale", [(0.0, 1.0), (60.0, 74.0), (0.0, 12345.0), (1.19, 1.37), (-2.0, 7.0)])
def test_ticks_are_round_and_inside(scale: tuple[float, float]) -> None:
    marks = trend.ticks(scale, 5)
    assert 3 <= len(marks) <= 9
    assert all(scale[0] - 1e-9 <= mark <= scale[1] + 1e-9 for mark in marks)
    assert len({trend.tick_text(mark) for mark in marks}) == len(marks)


def test_the_sentence_of_a_chart_tells_what_is_hidden() -> None:
    said = trend.sentence([point(1, 1.0), point(2, None), point(3, 3.0)], "ventetid", "høyst 2")
    assert said.startswith("Linjediagram over ventetid, måned 1 til måned 3. Siste verdi 3.0.")
    assert "Mål: høyst 2." in said
    assert "1 av 3 perioder er skjult" in said
