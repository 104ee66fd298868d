"""The numbers about patients in the marts, as cells that are shown or hidden as a whole.

Belongs here: which tables and rows concern patients, and reading them with what is known about their origin.
Does not belong here: how numbers depend on each other (``suppression_relations.py``) and which are hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COUNTS = ("1.2", "1.3")
"""Indicators that are plain counts: one number, the numerator."""
MEANS = ("3.2",)
"""Indicators that are means: days over referrals; the days are no count of patients."""
SHARES = ("3.1", "3.3", "3.4", "3.5", "3.6", "3.7")
PATIENT_INDICATORS = tuple(sorted(COUNTS + MEANS + SHARES))
"""The indicators that the suppression concerns (Suppression of small numbers, in the specification)."""

UNITS_FROM = {
    "1.2": "outpatient_contacts",
    "1.3": "inpatient_stays",
    "3.1": "cancer_pathways",
    "3.2": "waiting_times",
    "3.3": "planned_contacts",
    "3.4": "outpatient_contacts",
    "3.5": "treatment_plans",
    "3.6": "epicrises",
    "3.7": "inpatient_stays",
}
"""The extract whose units the exclusion counts of an indicator are about."""
PATIENT_DATASETS = tuple(sorted(set(UNITS_FROM.values())))
SMALL_FILE_ROWS = 100
"""Files of patient extracts with fewer accepted rows never show their counts."""


class Cell(NamedTuple):
    """One row of ``indicator_value``, ``exclusion`` or ``delivery``; sorts by table and key."""

    table: str
    key: tuple[str, ...]


class Verdict(NamedTuple):
    """A published verdict against a measured baseline: ``rule`` is above_baseline or below_baseline."""

    figure: Cell
    baseline: Cell
    rule: str
    met: bool


@dataclass(frozen=True)
class Marts:
    """All cells about patients, in the order of their keys, with their numbers.

    Numbers (columns of a linear system) of a figure: ``count``; or ``numerator`` and ``denominator``; shares
    also ``rest`` = denominator - numerator. An exclusion count has ``count``, a file ``rows`` (accepted).
    ``value`` is NaN where a number is hidden.
    """

    cells: list[Cell]
    cell_of: Ints
    measure: list[str]
    value: Floats
    column: dict[tuple[Cell, str], int]
    region_of: dict[str, str]
    """Region of each trust."""
    origin: dict[Cell, tuple[object, ...]]
    """What a cell was computed from: its deliveries with their files, completeness, extract date."""
    in_force: list[tuple[str, str, str, str]]
    """Indicator, trust, extract period and the delivery whose rows it counts."""
    superseded: frozenset[str]
    """Deliveries beside which a newer one of the same extract and period exists."""
    verdicts: list[Verdict]
    without_limit: dict[tuple[str, str], int]
    """Organisation and period -> forms of 3.1 that have no verdict because their cases have no limit."""
    official: frozenset[Cell]
    """Figures that carry a verdict of the letter."""

    def hidden(self) -> Bools:
        """Per cell: is it hidden in the tables as read."""
        mask = np.zeros(len(self.cells), dtype=bool)
        mask[self.cell_of[np.isnan(self.value)]] = True
        return mask

    def to_protect(self) -> Bools:
        """Per number: would it tell something of patients. Rows of a file do so only through the units in them."""
        return np.array([name != "rows" for name in self.measure], dtype=bool)

    def label(self, number: int) -> str:
        """The number's place in the tables, for messages: never its value."""
        cell = self.cells[self.cell_of[number]]
        return f"{cell.table} {' / '.join(cell.key)}, {self.measure[number]}"


def measures(cell: Cell) -> tuple[str, ...]:
    """Names of a cell's numbers."""
    if cell.table == "exclusion":
        return ("count",)
    if cell.table == "delivery":
        return ("rows",)
    if cell.key[0] in COUNTS:
        return ("count",)
    return ("numerator", "denominator") if cell.key[0] in MEANS else ("numerator", "denominator", "rest")


def read(con: duckdb.DuckDBPyConnection, marts: str = "marts") -> Marts:
    """Read the cells of a schema with the tables of a release, suppressed or not."""
    con.execute(f"create or replace temp view patient_source as {_SOURCES.format(marts=marts)}")
    values: dict[Cell, tuple[float | None, ...]] = {}
    origin: dict[Cell, tuple[object, ...]] = {}
    for *key, numerator, denominator, suppressed, deliveries, complete, extract_date in con.execute(
        f"select v.indicator_id, v.series, v.org_id, v.period, v.numerator, v.denominator, v.suppressed, "
        f"s.deliveries, v.complete, v.extract_date from {marts}.indicator_value as v "
        "left join patient_source as s using (indicator_id, series, org_id, period) "
        f"where v.indicator_id in {PATIENT_INDICATORS}"
    ).fetchall():
        cell = Cell("indicator_value", tuple(key))
        origin[cell] = (deliveries, complete, extract_date)
        values[cell] = _figure_numbers(cell, numerator, denominator, hidden=suppressed)
    for *key, row_count, deliveries in con.execute(
        f"select e.dataset, e.indicator_id, e.org_id, e.period, e.code, e.row_count, s.deliveries "
        f"from {marts}.exclusion as e left join (select indicator_id, org_id, period, min(deliveries) as deliveries "
        "from patient_source group by all) as s using (indicator_id, org_id, period) "
        f"where e.indicator_id in {PATIENT_INDICATORS}"
    ).fetchall():
        cell = Cell("exclusion", tuple(key))
        values[cell], origin[cell] = (row_count,), (deliveries,)
    for *key, rows in con.execute(
        f"select delivery_id, file_name, sha256, rows_accepted from {marts}.delivery "
        f"where dataset in {PATIENT_DATASETS} and status = 'accepted'"
    ).fetchall():
        cell = Cell("delivery", tuple(key))
        values[cell], origin[cell] = (rows,), ()
    return _marts(con, marts, values, origin)


def _figure_numbers(
    cell: Cell, numerator: float | None, denominator: float | None, *, hidden: bool
) -> tuple[float | None, ...]:
    """The numbers of a figure in the order of ``measures``."""
    if hidden or numerator is None:
        return (None,) * len(measures(cell))
    if denominator is None:
        return (numerator,)
    return (numerator, denominator, denominator - numerator)[: len(measures(cell))]


def _marts(
    con: duckdb.DuckDBPyConnection,
    marts: str,
    values: dict[Cell, tuple[float | None, ...]],
    origin: dict[Cell, tuple[object, ...]],
) -> Marts:
    """Number everything in the order of the keys, so that the order of rows never matters."""
    cells = sorted(values)
    numbers = [(index, cell, name) for index, cell in enumerate(cells) for name in measures(cell)]
    flat = [value for cell in cells for value in values[cell]]
    return Marts(
        cells=cells,
        cell_of=np.array([index for index, _, _ in numbers], dtype=np.int64),
        measure=[name for _, _, name in numbers],
        value=np.array([np.nan if value is None else value for value in flat], dtype=np.float64),
        column={(cell, name): column for column, (_, cell, name) in enumerate(numbers)},
        region_of=dict(
            con.execute(
                f"select org_id, parent_id from {marts}.organisation where org_level = 'trust' order by 1"
            ).fetchall()
        ),
        origin=origin,
        in_force=con.execute(_IN_FORCE.format(marts=marts)).fetchall(),
        superseded=frozenset(row[0] for row in con.execute(_SUPERSEDED.format(marts=marts)).fetchall()),
        verdicts=[
            Verdict(
                Cell("indicator_value", (indicator, series, org, period)),
                Cell("indicator_value", (indicator, series, org, baseline_period)),
                rule,
                met,
            )
            for indicator, series, org, period, baseline_period, rule, met in con.execute(
                _VERDICTS.format(marts=marts)
            ).fetchall()
        ],
        without_limit={
            (org, period): forms
            for org, period, forms in con.execute(
                f"select org_id, period, count(*) from {marts}.indicator_status "
                "where indicator_id = '3.1' and series <> 'all' and reason = 'no_limit' group by all"
            ).fetchall()
        },
        official=frozenset(
            Cell("indicator_value", key)
            for key in con.execute(
                f"select indicator_id, series, org_id, period from {marts}.indicator_status where official"
            ).fetchall()
        ),
    )


_SOURCES = """
    with files as (
        select delivery_id, string_agg(sha256, ' ' order by sha256) as contents
        from {marts}.delivery where status = 'accepted' group by delivery_id
    )
    select
        s.indicator_id, s.series, s.org_id, s.period,
        md5(string_agg(s.delivery_id || ' ' || coalesce(f.contents, ''), '|' order by s.delivery_id)) as deliveries
    from {marts}.value_source as s left join files as f using (delivery_id)
    group by all"""

_IN_FORCE = (
    """
    select distinct s.indicator_id, s.org_id, s.period, s.delivery_id
    from {marts}.value_source as s
    join {marts}.delivery as d on s.delivery_id = d.delivery_id and s.period = d.period
    join {marts}.organisation as o on s.org_id = o.org_id and o.org_level = 'trust'
    where """
    + " or ".join(f"(s.indicator_id = '{key}' and d.dataset = '{name}')" for key, name in UNITS_FROM.items())
    + " order by all"
)

_SUPERSEDED = """
    select distinct old.delivery_id
    from {marts}.delivery as old join {marts}.delivery as new
        on old.dataset = new.dataset and old.period = new.period and old.extract_date < new.extract_date
    where old.status = 'accepted' and new.status = 'accepted'"""

_VERDICTS = f"""
    select indicator_id, series, org_id, period, baseline_period, rule, status = 'met'
    from {{marts}}.indicator_status
    where status in ('met', 'not_met') and rule in ('above_baseline', 'below_baseline')
        and baseline_source = 'measured' and comparable is null and indicator_id in {PATIENT_INDICATORS}
    order by all"""
