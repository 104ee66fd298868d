"""The suppression of small numbers: what must be hidden, what must not be found out, and how little is hidden.

Belongs here: the rule itself, on invented marts (``suppression_marts.py``). Does not belong here: how hidden
numbers look in the files of a release (``test_release_publish.py``).
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.release.attack import audit_suppression
from orchestration.release.suppression import SuppressionSummary, suppress
from tests.suppression_attack import found_out
from tests.suppression_marts import REGION, TRUSTS, Cells, save
from tests.suppression_region import region

PERIODS = ("2024-T1", "2024-T2", "2024-T3")
AREAS = ("mental_health_adult", "mental_health_child")
LIMIT = 5
TABLES = 400 if os.environ.get("PROOF") else 60
"""Random tables that are attacked."""


def shares(sizes: dict[tuple[str, str, str], tuple[int, int]], indicator: str = "3.6") -> Cells:
    """Cells of a share by area, trust and tertial: numerator and denominator."""
    return Cells(figures={(indicator, *key): numbers for key, numbers in sizes.items()})


def even(numerator: int = 60, denominator: int = 100) -> dict[tuple[str, str, str], tuple[int, int]]:
    """The same large figure everywhere."""
    return {
        (area, trust, period): (numerator, denominator)
        for area in AREAS
        for trust in TRUSTS
        for period in PERIODS
    }


def hidden(con: duckdb.DuckDBPyConnection) -> set[tuple[str, ...]]:
    return set(
        con.execute("select series, org_id, period from marts.indicator_value where suppressed").fetchall()
    )


def suppressed(cells: Cells, before: Path | None = None) -> duckdb.DuckDBPyConnection:
    con = cells.connect()
    suppress(con, LIMIT, before)
    return con


def test_large_numbers_stay() -> None:
    assert not hidden(suppressed(shares(even())))


@pytest.mark.parametrize(
    ("numbers", "hides"),
    [
        ((0, 100), False),
        ((1, 100), True),
        ((4, 100), True),
        ((5, 100), False),
        ((95, 100), False),
        ((96, 100), True),
        ((99, 100), True),
        ((100, 100), False),
        ((0, 4), True),
        ((5, 5), False),
        ((0, 0), False),
    ],
)
def test_the_primary_rule_of_a_share(numbers: tuple[int, int], hides: bool) -> None:
    cell = (AREAS[0], TRUSTS[0], PERIODS[0])
    assert (cell in hidden(suppressed(shares(even() | {cell: numbers})))) == hides


@pytest.mark.parametrize(("count", "hides"), [(0, False), (1, True), (4, True), (5, False)])
def test_the_primary_rule_of_a_count_and_of_left_out_rows(count: int, hides: bool) -> None:
    cell = (AREAS[0], TRUSTS[0], PERIODS[0])
    cells = Cells(figures={("1.2", *key): (100, None) for key in even()})
    cells.figures["1.2", *cell] = (count, None)
    assert (cell in hidden(suppressed(cells))) == hides

    cells = Cells(figures={("1.2", *key): (100, None) for key in even()})
    for trust, period in itertools.product(TRUSTS, PERIODS):
        cells.units["1.2", trust, period, "included"] = 200
        cells.units["1.2", trust, period, "technical"] = 50
        cells.units["1.2", trust, period, "indirect"] = 70
    cells.units["1.2", TRUSTS[0], PERIODS[0], "technical"] = count
    shown = suppressed(cells).execute(
        "select count(row_count) from marts.exclusion "
        f"where code = 'technical' and org_id = '{TRUSTS[0]}' and period = '{PERIODS[0]}'"
    )
    assert shown.fetchall() == [(0 if hides or not count else 1,)]


def test_a_mean_is_hidden_by_its_referrals_alone() -> None:
    key = ("somatic", TRUSTS[0], "2024-03")
    for numbers, hides in ((3, 100), False), ((400, 4), True), ((400, 5), False):
        cells = Cells(figures={("3.2", "somatic", trust, "2024-03"): (9_000, 150) for trust in TRUSTS})
        cells.figures["3.2", *key] = numbers
        assert (key in hidden(suppressed(cells))) == hides


def test_a_single_hidden_part_takes_another_with_it() -> None:
    cell = (AREAS[0], TRUSTS[0], PERIODS[0])
    gone = hidden(suppressed(shares(even() | {cell: (3, 100)})))
    for series, org, period in (cell, (AREAS[0], "*", PERIODS[0]), ("*", TRUSTS[0], PERIODS[0])):
        same = [
            one
            for one in gone
            if (series in ("*", one[0])) and (org in ("*", one[1])) and period == one[2] and one != cell
        ]
        assert same or (series, org, period) == cell
    assert len(gone) <= 16  # two by two by two, and not the whole table of 120


def test_hidden_means_hidden_in_every_column() -> None:
    cells = shares(even() | {(AREAS[0], TRUSTS[0], PERIODS[0]): (3, 100)})
    con = suppressed(cells)
    assert con.execute(
        "select count(*), count(numerator), count(denominator), count(value), count(ci_low), count(ci_high) "
        "from marts.indicator_value where suppressed"
    ).fetchall() == [(len(hidden(con)), 0, 0, 0, 0, 0)]
    assert con.execute(
        "select distinct s.value, s.gap, s.detail, s.long_term_status, s.status, s.reason "
        "from marts.indicator_status as s join marts.indicator_value as v using (indicator_id, series, org_id, period) "
        "where v.suppressed"
    ).fetchall() == [(None, None, None, None, "not_assessable", "suppressed")]


@pytest.fixture(scope="module")
def whole_region() -> tuple[duckdb.DuckDBPyConnection, SuppressionSummary]:
    con = region(1.0).connect()
    con.execute("create schema truth")
    for (table,) in con.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts'"
    ).fetchall():
        con.execute(f"create table truth.{table} as from marts.{table}")
    return con, suppress(con, LIMIT)


def test_a_region_of_real_size_shows_most_of_its_numbers(
    whole_region: tuple[duckdb.DuckDBPyConnection, SuppressionSummary],
) -> None:
    con, summary = whole_region
    parts = [(share.indicator_id, share.cells, share.primary + share.secondary) for share in summary.shares]
    assert 1 - sum(gone for *_, gone in parts) / sum(cells for _, cells, _ in parts) >= 0.80
    others = [(cells, gone) for indicator, cells, gone in parts if indicator not in ("3.1", "")]
    assert 1 - sum(gone for _, gone in others) / sum(cells for cells, _ in others) >= 0.95
    for (
        share
    ) in summary.shares:  # hiding one by one is never dearer than hiding whole rows of the printed table
        assert (
            share.table == "delivery"
            or share.primary + share.secondary <= share.whole_rows + share.cells // 10
        )
    assert not audit_suppression(con, LIMIT, truth="truth")


def test_rows_of_a_small_file_cost_no_figure() -> None:
    """They are hidden, and what the figures tell of them is no secret."""
    cells = shares({(AREAS[0], trust, period): (12, 20) for trust in TRUSTS for period in PERIODS})
    for trust, period in itertools.product(TRUSTS, PERIODS):
        cells.units["3.6", trust, period, "included"] = 20
    con = suppressed(cells)
    assert not hidden(con)
    assert con.execute("select distinct rows_accepted, bytes from marts.delivery").fetchall() == [
        (None, None)
    ]
    assert con.execute("select count(*) from marts.exclusion where row_count is null").fetchall() == [(0,)]
    assert not audit_suppression(con, LIMIT)


def test_no_figures_at_all() -> None:
    con = suppressed(Cells())
    assert not hidden(con)
    assert not audit_suppression(con, LIMIT)


def test_the_same_whatever_the_order_of_the_rows(
    whole_region: tuple[duckdb.DuckDBPyConnection, SuppressionSummary],
) -> None:
    con = region(1.0).connect(shuffle=1)
    suppress(con, LIMIT)
    assert hidden(con) == hidden(whole_region[0])


def test_the_audit_sees_what_the_secondary_rule_is_for(
    whole_region: tuple[duckdb.DuckDBPyConnection, SuppressionSummary],
) -> None:
    con, _ = whole_region
    shown_again = con.execute(
        "select v.indicator_id, v.series, v.org_id, v.period from marts.indicator_value as v "
        "join truth.indicator_value as t using (indicator_id, series, org_id, period) "
        "where v.suppressed and t.numerator >= 5 and t.denominator - t.numerator >= 5 order by all limit 40"
    ).fetchall()
    assert shown_again
    for key in shown_again:
        figure = f"(v.indicator_id, v.series, v.org_id, v.period) = {key}"
        con.execute(
            "update marts.indicator_value as v set suppressed = false, numerator = t.numerator, "
            "denominator = t.denominator, value = t.value from truth.indicator_value as t "
            f"where {figure} and (t.indicator_id, t.series, t.org_id, t.period) = {key}"
        )
        noticed = audit_suppression(con, LIMIT, truth="truth")
        con.execute(
            "update marts.indicator_value as v set suppressed = true, numerator = null, denominator = null, "
            f"value = null where {figure}"
        )
        if noticed:
            return
    pytest.fail("showing a protecting cell again was never noticed")


def test_what_a_release_showed_is_not_taken_back(tmp_path: Path) -> None:
    first = shares(even() | {(AREAS[0], TRUSTS[0], PERIODS[0]): (3, 100)})
    con = suppressed(first)
    before = save(con, tmp_path / "before.duckdb")
    again = suppressed(first, before)
    assert hidden(again) == hidden(con)
    assert not audit_suppression(again, LIMIT, before)


def test_a_figure_that_was_hidden_stays_hidden_beside_what_is_known_of_it(tmp_path: Path) -> None:
    """The release before hid a partner; showing it now would give the small number away by subtraction."""
    first = shares(even() | {(AREAS[0], TRUSTS[0], PERIODS[0]): (3, 100)})
    before = save(suppressed(first), tmp_path / "before.duckdb")
    cells = shares(
        even() | {(AREAS[0], TRUSTS[0], PERIODS[0]): (3, 100), (AREAS[0], TRUSTS[2], PERIODS[2]): (2, 100)}
    )
    con = suppressed(cells, before)
    assert not audit_suppression(con, LIMIT, before)
    assert not found_out(con, LIMIT)


NUMBERS = st.one_of(st.integers(0, 7), st.integers(0, 60))


@st.composite
def small_tables(draw: st.DrawFn) -> Cells:
    """Two areas, two or three trusts, three tertials; counts or shares, with codes of left-out rows."""
    trusts = TRUSTS[: draw(st.integers(2, 3))]
    indicator = draw(st.sampled_from(["1.2", "3.6", "3.5", "3.1"]))
    cells = Cells(trusts=trusts)
    for trust, period in itertools.product(trusts, PERIODS):
        included = 0
        for area in AREAS:
            first, second = draw(NUMBERS), draw(NUMBERS)
            cells.figures[indicator, area, trust, period] = (
                (first, None) if indicator == "1.2" else (first, first + second)
            )
            included += first if indicator == "1.2" else first + second
        if indicator == "1.2":
            cells.units[indicator, trust, period, "technical"] = draw(NUMBERS)
            cells.units[indicator, trust, period, "indirect"] = draw(NUMBERS)
            cells.units[indicator, trust, period, "included"] = included
    return cells


@settings(max_examples=TABLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(small_tables())
def test_no_hidden_number_can_be_worked_out(cells: Cells) -> None:
    con = cells.connect()
    suppress(con, LIMIT)
    assert not found_out(con, LIMIT)


def test_the_attack_works_out_what_is_left_alone() -> None:
    """The test of the test: with the small cell hidden alone, the attack knows it."""
    cells = shares(even() | {(AREAS[0], TRUSTS[0], PERIODS[0]): (3, 100)})
    con = cells.connect()
    con.execute(
        "update marts.indicator_value set numerator = null, denominator = null, value = null, suppressed = true "
        f"where (series, org_id, period) = ('{AREAS[0]}', '{TRUSTS[0]}', '{PERIODS[0]}')"
    )
    assert found_out(con, LIMIT) == {("3.6", AREAS[0], TRUSTS[0], PERIODS[0])}


def test_hiding_a_block_of_two_by_two_leaves_the_attack_nothing() -> None:
    cells = shares(even() | {(AREAS[0], TRUSTS[0], PERIODS[0]): (3, 100)})
    con = suppressed(cells)
    assert not found_out(con, LIMIT)
    assert con.execute(
        f"select suppressed from marts.indicator_value where (series, org_id, period) = ('all', '{REGION}', '2024')"
    ).fetchall() == [(False,)]
