"""The verdict table: the 16 indicators in the letter's order, for one organisation and year.

Belongs here: which rows of a release the table shows, and how. Does not belong here: deciding a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.settings import Settings, UsageError
from orchestration.terminal import published, words

MANY = 6
"""With more official series than this (3.1 has 24) the table counts them and shows the sum."""

CHOSEN = """
with chosen as (
    select indicator_id, period from indicator_overall
    where org_id = $org and period_type in ('year', 'year_to_date') and substr(period, 1, 4) = $year
    qualify row_number() over (partition by indicator_id order by period_type = 'year' desc, period desc) = 1
)
"""
"""The year, or while it is not there the year to date."""

OVERALL = (
    CHOSEN
    + """
select
    i.indicator_id, i.short_name_no, i.goal, i.goal_no, c.period, o.status, o.official_met, o.official_total
from indicator as i
left join chosen as c on i.indicator_id = c.indicator_id
left join indicator_overall as o
    on c.indicator_id = o.indicator_id and c.period = o.period and o.org_id = $org
order by i.goal, i.indicator_id
"""
)

SERIES = (
    CHOSEN
    + """
select
    t.indicator_id, t.series, t.official, t.rule, t.threshold, t.baseline_year,
    coalesce(v.unit, i.unit) as unit, v.value, v.suppressed, s.baseline_value, s.status, s.reason
from target as t
inner join indicator as i on t.indicator_id = i.indicator_id
left join chosen as c on t.indicator_id = c.indicator_id
left join indicator_value as v
    on t.indicator_id = v.indicator_id and t.series = v.series and v.org_id = $org and v.period = c.period
left join indicator_status as s
    on t.indicator_id = s.indicator_id and t.series = s.series and s.org_id = $org and s.period = c.period
where t.region_id = $region and t.year = cast($year as integer)
"""
)


def show(console: Console, settings: Settings, year: int | None = None, org: str | None = None) -> None:
    """Print the table of the current release for the organisation, or for each region that has targets.

    A release without targets (its regions were sent no letter) has no table; that is said, and is no error.

    Raises:
        UsageError: no release, no such organisation, no targets for it in that year.
    """
    with published.opened(settings.published) as (release, con):
        years = [row[0] for row in con.execute("select distinct year from target order by year").fetchall()]
        if year is None:
            year = years[-1] if years else None
        else:
            published.require(year, years, "year with targets")
        names = published.org_names(con)
        regions = published.regions_with_targets(con, year)
        if org is not None:
            published.require(org, names, "organisation")
            regions = [region for region in regions if region in (org, _parent(con, org))]
            if not regions:
                which = f" for {year}" if year else ""
                raise UsageError(f"{names[org]} belongs to no region with targets{which}.")
        if year is None:
            console.print("Ingen region har mål i denne utgivelsen; mål skrives i targets.csv.")
        else:
            labels = published.series_names(settings)
            for region in regions:
                console.print(_table(con, names, labels, year, org or region, region))
        synthetic = " Syntetiske data." if release.synthetic else ""
        console.print(f"Utgivelse {release.release_id}.{synthetic}", highlight=False)


def _parent(con: duckdb.DuckDBPyConnection, org: str) -> str | None:
    """Region of a trust."""
    row = con.execute("select parent_id from organisation where org_id = ?", [org]).fetchall()
    return row[0][0] if row else None


def _table(
    con: duckdb.DuckDBPyConnection,
    names: Mapping[str, str],
    labels: Mapping[tuple[str, str], str],
    year: int,
    org: str,
    region: str,
) -> Table:
    """The table of one organisation."""
    purpose = "" if org == region else ", til oppfølging"
    title = Text(f"Vedlegg 2, {year}: {words.safe(names[org])}{purpose}")
    table = Table(title=title, title_justify="left", expand=False)
    table.add_column("Nr.", no_wrap=True)
    table.add_column("Indikator", overflow="fold")
    for heading in ("Verdi", "Mål", "Sammenlignet med"):
        table.add_column(heading, justify="left" if heading == "Mål" else "right", overflow="fold")
    table.add_column("Vurdering", overflow="fold")
    table.add_column("Nådd", justify="right", no_wrap=True)
    series: dict[str, list[dict[str, Any]]] = {}
    for row in published.rows(con, SERIES, {"org": org, "year": str(year), "region": region}):
        series.setdefault(row["indicator_id"], []).append(row)
    goal = None
    for row in published.rows(con, OVERALL, {"org": org, "year": str(year)}):
        if row["goal"] != goal:
            goal = row["goal"]
            table.add_section()
            table.add_row("", Text(f"Mål {goal}: {row['goal_no']}", style="bold"))
        for cells in _indicator(row, series.get(row["indicator_id"], []), labels):
            table.add_row(*cells)
    return table


def _indicator(
    overall: Mapping[str, Any], series: list[dict[str, Any]], labels: Mapping[tuple[str, str], str]
) -> Iterator[tuple[Text | str, ...]]:
    """The rows of one indicator: itself, and its official series when there are a few."""
    official = [row for row in series if row["official"]]
    if not official:
        yield overall["indicator_id"], overall["short_name_no"], "", "uten mål", "", "", ""
        return
    status = overall["status"] or "not_assessable"
    reasons = dict.fromkeys(
        words.REASON[row["reason"] or "no_data"]
        for row in official
        if row["status"] in (None, "not_assessable")
    )
    said = words.STATUS[status] + (f": {', '.join(reasons)}" if status == "not_assessable" else "")
    met = f"{overall['official_met'] or 0} av {overall['official_total'] or len(official)}"
    head = Text(overall["short_name_no"])
    if overall["period"] and not overall["period"].isdigit():
        head.append(f" ({overall['period']}, til oppfølging)", style="italic")
    shown = official if len(official) == 1 else [row for row in series if row["series"] == "all"]
    figures = _figures(shown[0]) if shown else ("", "", "")
    yield overall["indicator_id"], head, *figures, Text(said, words.STYLE[status]), met
    if 1 < len(official) <= MANY:
        order = {key: place for place, key in enumerate(labels)}
        for row in sorted(
            official, key=lambda row: order.get((row["indicator_id"], row["series"]), len(order))
        ):
            state = row["status"] or "not_assessable"
            said = words.verdict(state, row["reason"] or (None if row["status"] else "no_data"))
            label = labels.get((row["indicator_id"], row["series"]), row["series"])
            yield "", Text(f"  {label}"), *_figures(row), Text(said, words.STYLE[state]), ""


def _figures(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Value, target and baseline of a series."""
    return (
        words.HIDDEN if row["suppressed"] else words.number(row["value"], row["unit"]),
        words.target(row["rule"], row["threshold"], row["baseline_year"], row["unit"]),
        words.number(row["baseline_value"], row["unit"]),
    )
