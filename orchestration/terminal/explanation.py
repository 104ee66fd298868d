"""One figure taken apart: what was divided, what was left out, what it is held against, who delivered it.

Belongs here: the rows of a release about one indicator and period, laid out for reading. Does not belong
here: computing any of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping
from typing import Any, get_args

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.periods import Cadence, Period
from orchestration.settings import Settings, UsageError
from orchestration.terminal import published, words

FIGURES = """
select v.*, s.* exclude (indicator_id, series, org_id, period, value), t.wording_no, t.baseline_year
from indicator_value as v
left join indicator_status as s
    on v.indicator_id = s.indicator_id and v.series = s.series and v.org_id = s.org_id and v.period = s.period
left join organisation as o on v.org_id = o.org_id
left join target as t
    on s.year = t.year and s.indicator_id = t.indicator_id and s.series = t.series
    and t.region_id = coalesce(o.parent_id, o.org_id)
where
    v.indicator_id = $indicator and v.period = $period and v.org_id = $org
    and ($series is null or v.series = $series)
order by coalesce(s.official, false) desc, v.series
"""

EXCLUSIONS = """
select dataset, code, period, row_count from exclusion
where indicator_id = $indicator and org_id = $org
order by dataset, code <> 'included', code, period
"""

DELIVERIES = """
select distinct d.dataset, d.period, d.extract_date, d.sender, d.file_name, d.sha256, d.rows_accepted
from value_source as s
inner join delivery as d on s.delivery_id = d.delivery_id and d.status = 'accepted'
where
    s.indicator_id = $indicator and s.period = $period and s.org_id = $org
    and ($series is null or s.series = $series)
order by d.dataset, d.period, d.extract_date, d.sender, d.file_name
"""


def show(
    console: Console,
    settings: Settings,
    indicator: str,
    period: str,
    series: str | None = None,
    org: str | None = None,
) -> None:
    """Print one indicator's figures for a period: of one organisation, or of each region with targets.

    Raises:
        UsageError: no release, or an indicator, period, series or organisation that it does not hold.
    """
    with published.opened(settings.published) as (_, con):
        names = published.org_names(con)
        titles = dict(con.execute("select indicator_id, name_no from indicator order by all").fetchall())
        published.require(indicator, list(titles), "indicator")
        if org is not None:
            published.require(org, names, "organisation")
        given = {"indicator": indicator, "period": period, "series": series}
        published.require(period, _held(con, "period", {"indicator": indicator}), f"period of {indicator}")
        if series is not None:
            known = _held(con, "series", {"indicator": indicator, "period": period})
            published.require(series, known, f"series of {indicator} for {period}")
        there = _held(con, "org_id", given)
        wanted = [org] if org else [one for one in published.regions_with_targets(con) if one in there]
        for one in wanted or there:
            if one not in there:
                raise UsageError(f"{names[one]} has no figure of {indicator} for {period}.")
            console.print(Text(f"{indicator} {titles[indicator]}", style="bold"))
            console.print(Text(f"{words.safe(names[one])}, {period}"))
            _print_parts(console, con, settings, {**given, "org": one})


def _held(con: duckdb.DuckDBPyConnection, column: str, given: Mapping[str, str | None]) -> list[str]:
    """What the release holds of a column of ``indicator_value``, for what is given."""
    names = {"indicator": "indicator_id", "period": "period", "series": "series"}
    chosen = {name: value for name, value in given.items() if value is not None}
    condition = " and ".join(f"{names[name]} = ${name}" for name in chosen)
    sql = f"select distinct {column} from indicator_value where {condition} order by all"
    return [row[0] for row in con.execute(sql, chosen).fetchall()]


def _print_parts(
    console: Console, con: duckdb.DuckDBPyConnection, settings: Settings, given: Mapping[str, str | None]
) -> None:
    """Figures, exclusions and deliveries of one organisation."""
    labels = published.series_names(settings)
    figures = published.rows(con, FIGURES, given)
    for figure in figures:
        console.print(
            _figure(figure, labels.get((figure["indicator_id"], figure["series"]), figure["series"]))
        )
    span = figures[0]["period_start"], figures[0]["period_end"]
    exclusions = [row for row in published.rows(con, EXCLUSIONS, given) if _inside(row["period"], *span)]
    if exclusions:
        console.print(_exclusions(exclusions))
    console.print(_deliveries(published.rows(con, DELIVERIES, given)))


def _figure(row: Mapping[str, Any], label: str) -> Table:
    """One figure with its verdict."""
    unit = row["unit"]
    table = Table(title=Text(f"{label} ({row['series']})"), title_justify="left", show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    hidden = words.HIDDEN if row["suppressed"] else None
    lines: list[tuple[str, str]] = [
        ("Verdi", hidden or words.number(row["value"], unit)),
        ("Teller", hidden or words.plain(row["numerator"])),
        ("Nevner", hidden or words.plain(row["denominator"])),
    ]
    if row["ci_low"] is not None:
        interval = f"{words.number(row['ci_low'], unit)} til {words.number(row['ci_high'], unit)}"
        lines.append(("95 % konfidensintervall", interval))
    whole = "fullstendig" if row["complete"] else "ufullstendig"
    lines.append(("Grunnlag", f"{whole}, {words.MATURITY[row['maturity']]}, uttrekk {row['extract_date']}"))
    if row["status"] is not None:
        letter = row["official"] and row["org_level"] == "region" and row["period_type"] == "year"
        official = "offisielt mål" if letter else "til oppfølging"
        target = words.target(row["rule"], row["threshold"], row["baseline_year"], unit)
        lines += [
            ("Mål", f"{target} ({official})"),
            ("Ordlyd", row["wording_no"] or words.NOTHING),
            (f"Sammenlignet med {row['baseline_period'] or words.NOTHING}", _baseline(row, unit)),
            ("Vurdering", words.verdict(row["status"], row["reason"])),
            ("Avstand til målet", words.number(row["gap"], unit)),
        ]
        if row["long_term_status"] is not None:
            goal = words.number(row["long_term_goal"], unit)
            lines.append(("Mål på sikt", f"under {goal}: {words.STATUS[row['long_term_status']]}"))
    lines += [
        (name, row[column]) for name, column in (("Merknad", "note"), ("Detaljer", "detail")) if row[column]
    ]
    for name, text in lines:
        table.add_row(name, Text(text))
    return table


def _baseline(row: Mapping[str, Any], unit: str) -> str:
    """The baseline value and where it comes from."""
    source = {"measured": "målt", "reported": "rapportert"}.get(row["baseline_source"] or "")
    return words.number(row["baseline_value"], unit) + (f" ({source})" if source else "")


def _inside(label: str, start: dt.date, end: dt.date) -> bool:
    """True when the extract period lies within the figure's period."""
    for cadence in get_args(Cadence):
        with contextlib.suppress(ValueError):
            period = Period.parse(label, cadence)
            return bool(start <= period.start and period.end <= end)
    return False


def _exclusions(rows: list[dict[str, Any]]) -> Table:
    """Units per code and extract period."""
    periods = sorted({row["period"] for row in rows})
    table = Table(title=Text("Talt med og utelatt, antall enheter"), title_justify="left")
    for heading in ("Uttrekk", "Kode"):
        table.add_column(heading, overflow="fold")
    for period in periods:
        table.add_column(period, justify="right")
    counts: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        shown = words.HIDDEN if row["row_count"] is None else words.plain(row["row_count"])
        counts.setdefault((row["dataset"], row["code"]), {})[row["period"]] = shown
    for (dataset, code), found in counts.items():
        table.add_row(dataset, code, *(found.get(period, "0") for period in periods))
    return table


def _deliveries(rows: list[dict[str, Any]]) -> Table:
    """The files that the figures were computed from."""
    table = Table(title=Text("Leveranser"), title_justify="left")
    for heading in ("Uttrekk", "Periode", "Uttrekksdato", "Avsender", "Fil", "SHA-256", "Rader"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Rader" else "left")
    for row in rows:
        table.add_row(
            row["dataset"],
            row["period"],
            str(row["extract_date"]),
            Text(words.safe(row["sender"])),
            Text(words.safe(row["file_name"])),
            row["sha256"],
            words.HIDDEN if row["rows_accepted"] is None else words.plain(row["rows_accepted"]),
        )
    return table
