"""A letter for another year and a second region are rows in two files, and no code.

The letters of ``tests/letters/`` are made up: the thresholds of 2025 differ from those of 2024, so does one
rule, and the second region was sent a letter for 2025 only.
"""

from __future__ import annotations

import pytest

from tests.integration.letters import rows_of
from tests.integration.place import Place

REGION, OTHER = (row["org_id"] for row in rows_of("organisations") if row["org_level"] == "region")
TRUSTS = {
    region: [row["org_id"] for row in rows_of("organisations") if row["parent_id"] == region]
    for region in (REGION, OTHER)
}
VERDICTS = {
    (REGION, "2024"): {
        ("2.1", "all"): "not_met",  # 10 % more, 15 % asked for
        ("3.5", "all"): "not_met",  # 70 %, 80 % asked for
        ("3.6", "somatic"): "met",  # 72 %, 70 % asked for
        ("3.6", "all"): "met",
    },
    (REGION, "2025"): {
        ("2.1", "all"): "met",  # 9 % more, 5 % asked for
        ("3.5", "all"): "met",  # 76 %, more than the year before asked for
        ("3.6", "somatic"): "not_met",  # 72 %, 75 % asked for
        ("3.6", "all"): "met",  # 72 %, 72 % asked for
    },
    (OTHER, "2024"): {},
    (OTHER, "2025"): {("3.6", "somatic"): "met"},  # 72 %, 60 % asked for
}

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("region", "year"), VERDICTS)
def test_each_year_is_judged_by_its_own_letter(many_regions: Place, region: str, year: str):
    with many_regions.engine() as con:
        for org in (region, *TRUSTS[region]):
            rows = con.execute(
                "select indicator_id, series, status from marts.indicator_status "
                "where org_id = ? and period = ? and year = ?",
                [org, year, int(year)],
            ).fetchall()
            assert {row[:2]: row[2] for row in rows} == VERDICTS[region, year]


def test_the_letters_numbers_stand_beside_the_verdicts(many_regions: Place):
    with many_regions.engine() as con:
        rows = con.execute(
            "select period, series, rule, cast(threshold as varchar), value, baseline_period, "
            "baseline_value, official from marts.indicator_status "
            "where org_id = ? and indicator_id in ('2.1', '3.5') "
            "and length(period) = 4 order by indicator_id, period",
            [REGION],
        ).fetchall()
    assert rows == [
        ("2024", "all", "growth_at_least", "0.150000", 22, "2023", 20, True),
        ("2025", "all", "growth_at_least", "0.050000", 24, "2024", 22, True),
        ("2024", "all", "at_least", "0.800000", 0.7, None, None, True),
        ("2025", "all", "above_baseline", None, 0.76, "2024", 0.7, True),
    ]


def test_a_series_is_official_when_the_letter_of_the_year_says_so(many_regions: Place):
    with many_regions.engine() as con:
        rows = con.execute(
            "select period, status, official_met, official_total from marts.indicator_overall "
            "where org_id = ? and indicator_id = '3.6' and period_type = 'year' order by period",
            [REGION],
        ).fetchall()
    assert rows == [("2024", "met", 1, 1), ("2025", "not_met", 1, 2)]


def test_the_second_region_counts_its_own_trusts_only(many_regions: Place):
    with many_regions.engine() as con:
        rows = con.execute(
            "select org_id, numerator, denominator from marts.indicator_value "
            "where indicator_id = '3.6' and series = 'somatic' and period = '2025' and org_id in ($1, $2)"
            " order by org_id",
            [REGION, OTHER],
        ).fetchall()
    assert rows == [(REGION, 216, 300), (OTHER, 216, 300)]
