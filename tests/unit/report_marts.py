"""A release's database for the tests of the report: all indicators of the letter, written by hand.

Belongs here: figures with every peculiarity a reader must be told of (hidden, incomplete, late, unofficial,
revised, rejected). Does not belong here: what is expected of the report.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.release.tables import published_tables, quoted
from orchestration.settings import SEEDS

REGION = "983658776"
TRUSTS = {"883974832": 1.00, "997005562": 0.93}
"""Trusts, and how their figures lie beside the region's."""
YEARS = (2022, 2023, 2024)
LETTER = 2024
FACTS = {
    "synthetic": True,
    "as_of": None,
    "content_hash": "0123456789abcdef",
    "code_version": "fedcba9876543210",
}
PHASE = ("3.2", "somatic", REGION, "2023-07")
"""Where the limits of a process chart begin anew."""
REASON = "Nytt målnivå"
LATE = ("3.6", "997005562", "2024-T3")
"""The trust that has not delivered the last tertial of this indicator."""
HIDDEN = ("3.7", "substance_use")
RATIOS = {"share": 0.72, "days": 60.0, "growth": 0.058, "ddd_per_100_bed_days": 15.2, "beds_per_100k": 12.0}
"""Units that are a numerator over a denominator, and the region's level; other units are counts."""


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reference(reason: str = REASON) -> dict[str, list[dict[str, str]]]:
    """The reference data that the report asks for; ``reason`` is why there is a new phase."""
    keys = ("indicator_id", "series", "org_id", "from_month")
    phase = dict(zip(keys, PHASE, strict=True))
    return {"series": seed("series"), "spc_phases": [{**phase, "reason_no": reason}]}


def write_release(
    path: Path, *, indicators: frozenset[str] | None = None, years: tuple[int, ...] = YEARS
) -> Path:
    """Write ``indicators.duckdb`` with all published tables; only some indicators when they are named."""
    rows = _tables(indicators, years)
    with duckdb.connect(path) as con:
        con.execute("create schema marts")
        for name, table in published_tables().items():
            relation = f"marts.{quoted(name)}"
            written = ", ".join(f"{quoted(column)} {kind}" for column, kind in table.columns.items())
            con.execute(f"create table {relation} ({written})")
            con.execute(
                f"comment on table {relation} is 'Syntetiske data. Table {name}.\n\nTabellen {name}.'"
            )
            for column in table.columns:
                con.execute(f"comment on column {relation}.{quoted(column)} is 'Says {column}.'")
            if rows[name]:
                frame = pd.DataFrame(rows[name], dtype=object).reindex(columns=list(table.columns))
                con.register("frame", frame.where(frame.notna(), None))
                picked = ", ".join(
                    f"cast({quoted(c)} as {k}) as {quoted(c)}" for c, k in table.columns.items()
                )
                con.execute(f"insert into {relation} by name select {picked} from frame")
                con.unregister("frame")
    return path


def _tables(wanted: frozenset[str] | None, years: tuple[int, ...]) -> dict[str, list[dict[str, Any]]]:
    indicators = [row for row in seed("indicators") if wanted is None or row["indicator_id"] in wanted]
    goals = {row["goal"]: row["name_no"] for row in seed("goals")}
    figures = [figure for row in indicators for figure in _figures(row, years)]
    by_key = {(f["indicator_id"], f["series"], f["org_id"], f["period"]): f for f in figures}
    named = {row["indicator_id"] for row in indicators}
    targets = [row for row in seed("targets") if row["indicator_id"] in named]
    statuses = [s for target in targets for s in _statuses(target, indicators, by_key)]
    orgs = [row for row in seed("organisations") if row["org_id"] in {REGION, *TRUSTS}]
    return {
        "indicator": [
            {
                **row,
                "goal_no": goals[row["goal"]],
                "frequency": row["frequency"] or None,
                "definition_no": "Slik.",
            }
            for row in indicators
        ],
        "target": [{key: value or None for key, value in row.items()} for row in targets],
        "organisation": [{key: value or None for key, value in row.items()} for row in orgs],
        "indicator_value": figures,
        "indicator_status": statuses,
        "indicator_overall": list(_overall(statuses, by_key)),
        "exclusion": [
            {"dataset": "epicrises", "indicator_id": "3.6", "org_id": REGION, "period": f"2024-T{part}"}
            | {"code": code, "row_count": count}
            for part in (1, 2, 3)
            for code, count in (("included", 9000), ("no_consent", 120), ("birth_or_newborn", None))
        ],
        "delivery": list(_deliveries()),
        "rejection": [
            {"delivery_id": "epicrises/2024-T1/2024-06-10/a", "file_name": "e.csv", "rule": "required"}
            | {"field": "utskrevet_tid", "row_count": 40},
            {"delivery_id": "epicrises/2024-T2/2024-10-10/a", "file_name": "e.csv", "rule": "type"}
            | {"field": "utskrevet_tid", "row_count": None},
        ],
        "value_source": [
            {"indicator_id": "3.6", "series": series, "org_id": REGION, "period": "2024"}
            | {"delivery_id": f"epicrises/2024-T{part}/2024-{6 + 4 * (part - 1):02d}-10/a"}
            for series in ("somatic", "all")
            for part in (1, 2)
        ],
        "spc": [
            {
                **{k: f[k] for k in ("indicator_id", "series", "org_id", "period", "value")},
                "mean": 58.0,
                "phase": _phase(f),
            }
            | {"lower": 40.0, "upper": 76.0, "signal": "shift_low" if f["period"] >= "2024-06" else None}
            for f in figures
            if f["indicator_id"] == "3.2" and f["period_type"] == "month"
        ],
        "revision": [
            {"indicator_id": "3.6", "series": "somatic", "org_id": REGION, "period": "2024-T1"}
            | {"old_release": "20250101T000000Z-00000000", "old_value": 0.7001, "new_value": 0.69}
            | {"cause": "new_delivery"}
        ],
        "comment": [{"year": LETTER, "region_id": REGION, "indicator_id": "3.6", "text_no": "Vi er på vei."}],
    }


def _phase(figure: dict[str, Any]) -> int:
    series = (figure["indicator_id"], figure["series"], figure["org_id"])
    return 2 if series == PHASE[:3] and figure["period"] >= PHASE[3] else 1


def _periods(frequency: str, years: tuple[int, ...]) -> Iterator[tuple[str, str, dt.date, dt.date]]:
    """Type, label, first and last day of every period."""
    for year in years:
        if frequency == "month":
            for month in range(1, 13):
                last = calendar.monthrange(year, month)[1]
                yield "month", f"{year}-{month:02d}", dt.date(year, month, 1), dt.date(year, month, last)
        if frequency in ("month", "tertial"):
            for part in (1, 2, 3):
                month = 4 * part
                end = dt.date(year, month, calendar.monthrange(year, month)[1])
                yield "tertial", f"{year}-T{part}", dt.date(year, month - 3, 1), end
                yield "year_to_date", f"{year}-YTD{month:02d}", dt.date(year, 1, 1), end
        yield "year", str(year), dt.date(year, 1, 1), dt.date(year, 12, 31)


def _figures(indicator: dict[str, str], years: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    at = indicator["indicator_id"]
    for number, series in enumerate(row for row in seed("series") if row["indicator_id"] == at):
        for org, factor in {REGION: 0.97, **TRUSTS}.items():
            for kind, label, start, end in _periods(indicator["frequency"], years):
                if (at, org, label) == LATE:
                    continue
                wave = (1 + 0.02 * ((start.month + number) % 5) / 5) * (1 + 0.015 * (start.year - 2022))
                incomplete = (at, org, label) == (LATE[0], REGION, LATE[2])
                yield _figure(
                    at, series, org, factor * wave, (kind, label, start, end), incomplete=incomplete
                )


def _figure(
    at: str,
    series: dict[str, str],
    org: str,
    level: float,
    when: tuple[str, str, dt.date, dt.date],
    *,
    incomplete: bool,
) -> dict[str, Any]:
    kind, label, start, end = when
    unit = series["unit"]
    hidden = (at, series["series"]) == HIDDEN and kind == "tertial"
    size = 4_000_000_000 if unit == "nok" else 1234 if org == REGION else 567
    base = RATIOS.get(unit)
    denominator = float(size) if base else None
    scale = {"ddd_per_100_bed_days": 100, "beds_per_100k": 100_000}.get(unit, 1)
    raw = base * level / scale * size if base else size * level
    numerator = raw if unit in ("growth", "beds_per_100k") else float(round(raw))
    value = scale * numerator / size if base else numerator
    if hidden:
        numerator = denominator = value = None
    return {
        "indicator_id": at,
        "series": series["series"],
        "org_id": org,
        "unit": unit,
        "period_type": kind,
        "period": label,
        "period_start": start,
        "period_end": end,
        "numerator": numerator,
        "value": value,
        "org_level": "region" if org == REGION else "trust",
        "denominator": denominator,
        "complete": not incomplete,
        "suppressed": hidden,
        "maturity": "preliminary" if kind == "month" or incomplete else "final",
        "extract_date": end + dt.timedelta(days=40),
        "ci_low": value - 0.03 if unit == "share" and value else None,
        "ci_high": min(value + 0.03, 1) if unit == "share" and value else None,
        "note": "Lærefag medregnet etter eget valg" if at == "2.3" else None,
    }


def _statuses(
    target: dict[str, str], indicators: list[dict[str, str]], figures: dict[tuple[str, ...], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """A status for every figure of the letter's year, judged on the numbers as they are."""
    direction = next(row["direction"] for row in indicators if row["indicator_id"] == target["indicator_id"])
    threshold = float(target["threshold"]) if target["threshold"] else None
    for (at, series, org, period), figure in figures.items():
        if (at, series) != (target["indicator_id"], target["series"]) or not period.startswith(str(LETTER)):
            continue
        before = f"{int(target['baseline_year'] or 0):04d}{period[4:]}"
        baseline = (
            figures.get((at, series, org, before), {}).get("value") if target["baseline_year"] else None
        )
        need = threshold if target["rule"] in ("at_least", "above", "increase_above") else baseline
        reason = "suppressed" if figure["suppressed"] else "incomplete" if not figure["complete"] else None
        reason = reason or ("no_baseline" if need is None else None)
        better = None if reason else (figure["value"] - need) * (1 if direction == "higher" else -1)
        yield {
            "indicator_id": at,
            "series": series,
            "org_id": org,
            "period": period,
            "year": LETTER,
            "official": target["official"] == "true",
            "rule": target["rule"],
            "value": figure["value"],
            "threshold": target["threshold"] or None,
            "baseline_value": baseline,
            "baseline_period": before if target["baseline_year"] else None,
            "baseline_source": "measured" if baseline is not None else None,
            "comparable": at != "3.3" or period != "2024-T1" if at == "3.3" else None,
            "status": "not_assessable" if better is None else "met" if better > 0 else "not_met",
            "reason": reason,
            "gap": better,
            "long_term_goal": target["long_term_goal"] or None,
            "long_term_status": "not_met" if target["long_term_goal"] and not reason else None,
            "detail": "Endring per kalenderdag: -0,42 %" if at == "1.2" and not reason else None,
        }


def _overall(
    statuses: list[dict[str, Any]], figures: dict[tuple[str, ...], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    parts: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for status in statuses:
        if status["official"]:
            parts.setdefault((status["indicator_id"], status["org_id"], status["period"]), []).append(status)
    for (at, org, period), rows in parts.items():
        found = {row["status"] for row in rows}
        yield {
            "indicator_id": at,
            "org_id": org,
            "period": period,
            "official_total": len(rows),
            "period_type": figures[at, rows[0]["series"], org, period]["period_type"],
            "status": "not_met" if "not_met" in found else "met" if found == {"met"} else "not_assessable",
            "official_met": sum(row["status"] == "met" for row in rows),
        }


def _deliveries() -> Iterator[dict[str, Any]]:
    """Two senders, three tertials; the second sender lacks the last one and has a rejected file."""
    known = [
        ("a", 1, "accepted"),
        ("a", 2, "accepted"),
        ("a", 3, "accepted"),
        ("b", 1, "accepted"),
        ("b", 2, "rejected"),
    ]
    for sender, part, status in known:
        extract_date = dt.date(2025, 2, 10) if part == 3 else dt.date(2024, 2 + 4 * part, 10)
        yield {
            "delivery_id": f"epicrises/2024-T{part}/{extract_date}/{sender}",
            "dataset": "epicrises",
            "period": f"2024-T{part}",
            "extract_date": extract_date,
            "sender": sender,
            "file_name": "e.csv",
            "sha256": f"{part}{sender}" * 32,
            "bytes": 123_456,
            "rows_read": 9000,
            "rows_accepted": 8960,
            "rows_rejected": 40,
            "rows_duplicate": 0,
            "status": status,
            "contract_version": "1.0.0",
            "reason": "too_many_rejected" if status == "rejected" else None,
            "loaded_at": dt.datetime(2025, 2, 11, 8),
        }
    yield {
        "file_name": "mistyped.csv",
        "sha256": "f" * 64,
        "status": "rejected",
        "reason": "unrecognised_path",
    }
