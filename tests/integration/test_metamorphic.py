"""The same region in another form says the same: no figure, verdict or exclusion differs.

What the files look like must not matter: order of rows and columns, splitting, format, encoding, copies,
pseudonyms, sender folders, delivering again. All forms are regions of one landing, loaded in one run.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pytest

from tests.integration.forms import AGAIN, BASE, COPIED, COPY, FORMS, SUMMED, UNEXPECTED, org, trusts
from tests.integration.place import Place

Rows = Counter[tuple[Any, ...]]
TABLES = {
    "indicator_value": "* exclude (org_id, extract_date)",
    "indicator_status": "* exclude (org_id)",
    "indicator_overall": "* exclude (org_id)",
    "exclusion": "* exclude (org_id)",
    "spc": "* exclude (org_id)",
}
"""Mart -> what must be equal beside the organisation."""
KEY = ("indicator_id", "series", "period")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def marts(many_regions: Place):
    with many_regions.engine() as con:
        con.execute("set schema = 'marts'")
        yield con


def of_region(con: duckdb.DuckDBPyConnection, table: str, form: str, more: str = "") -> Rows:
    """A region's rows with the trust's number in place of its organisation number."""
    places = {org(form, trust): trust for trust in (None, *trusts(form))}
    columns = TABLES[table] + more
    rows = con.execute(
        f"select org_id, {columns} from {table} where org_id in (select unnest(?))", [list(places)]
    ).fetchall()
    return Counter((places[row[0]], *row[1:]) for row in rows)


def figures(con: duckdb.DuckDBPyConnection, form: str, trust: int | None) -> dict[Any, dict[str, Any]]:
    """(indicator, series, period) -> row of ``indicator_value``."""
    cursor = con.execute("select * from indicator_value where org_id = ?", [org(form, trust)])
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {tuple(row[name] for name in KEY): row for row in rows}


def test_every_form_is_accepted(many_regions: Place):
    with many_regions.engine() as con:
        refused = con.execute("select count(*) from raw.delivery_file where status <> 'accepted'").fetchall()
        assert con.execute("select count(*) from quarantine.rejected_row").fetchall() == [(0,)]
        copies = con.execute(
            "select distinct dataset from raw.delivery_file where rows_duplicate > 0 order by dataset"
        ).fetchall()
        all_datasets = con.execute(
            "select distinct dataset from raw.delivery_file where delivery_id not like '%/brevene' order by 1"
        ).fetchall()
    assert refused == [(0,)]
    assert len(all_datasets) == 14
    assert copies == [row for row in all_datasets if row[0] not in SUMMED]


def test_the_base_region_has_figures_of_every_indicator_to_compare(marts: duckdb.DuckDBPyConnection):
    """A comparison of nothing with nothing would prove nothing."""
    region = org(BASE, None)
    values = dict(
        marts.execute(
            "select indicator_id, count(*) filter (value is not null) from indicator_value "
            "where org_id = ? and complete group by 1",
            [region],
        ).fetchall()
    )
    assert len(values) == 16
    assert min(values.values()) >= 1
    statuses = marts.execute(
        "select count(distinct status) from indicator_status where org_id = ?", [region]
    ).fetchall()
    assert statuses == [(3,)]
    left_out = marts.execute(
        "select count(distinct indicator_id || code) from exclusion where org_id = ? and row_count > 0",
        [region],
    ).fetchall()
    assert left_out[0][0] >= 45


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("form", [form for form in FORMS if form not in (BASE, COPIED)])
def test_the_form_of_a_delivery_changes_no_figure(marts: duckdb.DuckDBPyConnection, form: str, table: str):
    more = ", extract_date" if table == "indicator_value" and form != AGAIN else ""
    expected, found = of_region(marts, table, BASE, more), of_region(marts, table, form, more)
    assert sorted(map(str, expected - found))[:5] == sorted(map(str, found - expected))[:5] == []
    assert sum(expected.values()) == sum(found.values()) > 0


def test_figures_from_a_later_identical_delivery_say_so(marts: duckdb.DuckDBPyConnection):
    """Only the extract date moves, by the seven days."""
    dates = [
        {key: row["extract_date"] for key, row in figures(marts, form, None).items()}
        for form in (BASE, AGAIN)
    ]
    moved = {(dates[1][key] - day).days for key, day in dates[0].items()}
    assert moved == {7}


def test_a_trust_copied_under_a_new_number_has_the_same_figures(marts: duckdb.DuckDBPyConnection):
    """Its patients, studies and contracts have names of their own, so nothing is shared."""
    for table, columns in TABLES.items():
        chosen = f"select {columns} from {table} where org_id = ?"
        original, copy = (
            Counter(marts.execute(chosen, [org(COPIED, trust)]).fetchall()) for trust in (2, COPY)
        )
        assert original == copy, table
        assert original, table


def test_a_copied_trust_adds_its_counts_to_the_region(marts: duckdb.DuckDBPyConnection):
    before, after = figures(marts, BASE, None), figures(marts, COPIED, None)
    added = figures(marts, COPIED, COPY)
    assert before.keys() == after.keys()
    grown = 0
    for key, row in before.items():
        if row["unit"] == "beds_per_100k" or row["series"] == "real_growth":
            continue
        more = added.get(key, {})
        for part in ("value",) if row["numerator"] is None else ("numerator", "denominator"):
            expected = (row[part] or 0) + (more.get(part) or 0)
            assert (after[key][part] or 0) == pytest.approx(expected, rel=1e-12), (key, part)
        grown += more.get("numerator") not in (None, 0)
    assert grown > 300


def test_a_copied_trust_adds_its_exclusion_counts_to_the_region(marts: duckdb.DuckDBPyConnection):
    def counts(form: str, trust: int | None) -> Counter[tuple[Any, ...]]:
        rows = marts.execute(
            "select dataset, indicator_id, period, code, row_count from exclusion where org_id = ?",
            [org(form, trust)],
        ).fetchall()
        return Counter({row[:-1]: row[-1] for row in rows})

    assert counts(COPIED, None) == counts(BASE, None) + counts(COPIED, COPY)


def test_an_unexpected_column_reaches_nothing(many_regions: Place):
    """It may hold personal data; only its name may be told."""
    for path in many_regions.warehouse.parent.rglob("*"):
        if path.is_file() and "kept" not in path.parts:
            assert UNEXPECTED.encode() not in path.read_bytes(), path.name
