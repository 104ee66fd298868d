"""Hiding, in the tables: every column that tells something of a hidden cell becomes NULL.

Belongs here: what «hidden» means in each published table. Does not belong here: which cells are hidden.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from orchestration.release.suppression_cells import (
    PATIENT_DATASETS,
    PATIENT_INDICATORS,
    SMALL_FILE_ROWS,
    Cell,
)


def hide(con: duckdb.DuckDBPyConnection, cells: Iterable[Cell], limit: int) -> None:
    """Hide the cells in schema ``marts`` (Hidden, in the specification), small counts of rejected rows too."""
    cells = list(cells)
    con.execute(
        "create or replace temp table hidden_cell as "
        "select unnest($1::varchar[]) as place, unnest($2::varchar[][]) as key",
        [[cell.table for cell in cells], [list(cell.key) for cell in cells]],
    )
    for statement in _FIGURES, _STATUS, _BASELINES, _EXCLUSIONS, _FILES:
        con.execute(statement)
    con.execute(_REJECTED, [limit])
    con.execute(_REJECTIONS, [limit])
    con.execute("drop table hidden_cell")


_IS = "h.place = '{0}' and h.key = [{1}]"

_FIGURE = _IS.format("indicator_value", "t.indicator_id, t.series, t.org_id, t.period")

_FIGURES = f"""
    update marts.indicator_value as t
    set numerator = null, denominator = null, value = null, ci_low = null, ci_high = null, suppressed = true
    from hidden_cell as h where {_FIGURE}"""

_STATUS = f"""
    update marts.indicator_status as t
    set value = null, gap = null, detail = null, status = 'not_assessable', reason = 'suppressed',
        long_term_status = null
    from hidden_cell as h where {_FIGURE}"""

# A measured baseline without a figure of its own that is shown (3.3 reads another delivery of that year) goes too.
_BASELINES = f"""
    update marts.indicator_status as t
    set baseline_value = null, gap = null, detail = null
    where t.indicator_id in {PATIENT_INDICATORS} and t.baseline_source = 'measured' and not exists (
        select 1 from marts.indicator_value as b
        where b.indicator_id = t.indicator_id and b.series = t.series and b.org_id = t.org_id
            and b.period = t.baseline_period and not b.suppressed
    )"""

_EXCLUSIONS = f"""
    update marts.exclusion as t set row_count = null
    from hidden_cell as h
    where {_IS.format("exclusion", "t.dataset, t.indicator_id, t.org_id, t.period, t.code")}"""

_FILES = f"""
    update marts.delivery as t
    set bytes = null, rows_read = null, rows_accepted = null, rows_rejected = null, rows_duplicate = null
    where t.dataset in {PATIENT_DATASETS} and (
        t.rows_accepted < {SMALL_FILE_ROWS} or exists (
            select 1 from hidden_cell as h
            where {_IS.format("delivery", "t.delivery_id, t.file_name, t.sha256")}
        )
    )"""

# A small number of rejected rows would tell the counts of the rules they broke.
_REJECTED = f"""
    update marts.delivery set rows_rejected = null, rows_read = null
    where dataset in {PATIENT_DATASETS} and rows_rejected >= 1 and rows_rejected < ?"""

_REJECTIONS = f"""
    update marts.rejection as t set row_count = null
    where t.row_count >= 1 and t.row_count < ? and exists (
        select 1 from marts.delivery as d
        where d.delivery_id = t.delivery_id and d.file_name = t.file_name and d.dataset in {PATIENT_DATASETS}
    )"""
