"""The reference tables of a made-up world: organisations, letters with targets, limits, baselines.

Belongs here: making, reading and writing reference CSV files. Does not belong here: deliveries
(``worlds.py``).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.oracle.state import Reference


def reference_of(seeds: Path, shapes: list[dict[str, Any]], orgs: list[list[str]]) -> Reference:
    """The reference tables of the worlds: their own organisations, targets, limits and baselines."""
    tables = read_reference(seeds)
    letter = tables["targets"]
    organisations, targets, population, reported = [], [], [], {}
    for number, (shape, numbers) in enumerate(zip(shapes, orgs, strict=True)):
        region = numbers[-1]
        organisations.append(_organisation(region, "region", "", f"Region {number}"))
        for own, trust in zip(numbers, shape["trusts"], strict=False):
            organisations.append({**_organisation(own, "trust", region, f"Foretak {own}"), **trust})
            if trust["valid_to"] and trust["valid_to"] < trust["valid_from"]:
                organisations[-1]["valid_to"] = ""
        for year in shape["letters"]:
            targets += _letter(letter, shape, region, year)
        population += [
            _population(region, year, 1000 + 7 * number) for year in sorted(set(shape["population"]))
        ]
        for target, org, period, value in shape["reported"]:
            row = letter[target % len(letter)]
            label = ("2019" if row["indicator_id"] == "2.4" else "2023") + PARTS[period]
            key = (row["indicator_id"], row["series"], numbers[min(org, len(numbers) - 1)], label)
            reported[key] = value
    baselines = [
        {**dict(zip(("indicator_id", "series", "org_id", "period"), key, strict=True)), "value": value}
        for key, value in reported.items()
    ]
    limits = [
        dict(zip(("cancer_form", "treatment", "max_days", "valid_from", "valid_to"), row, strict=True))
        for row in LIMITS
    ]
    deflators = [{"year": "2024", "deflator": "0.043"}, {"year": "2023", "deflator": ""}]
    return {
        **tables,
        "organisations": organisations,
        "targets": targets,
        "population": population,
        "reported_baselines": baselines,
        "cancer_pathway_limits": limits,
        "price_growth": deflators,
        "hospitals": [],
        "comments": [],
        "spc_phases": [],
    }


RULES = ("above", "at_least", "above_baseline", "below_baseline", "at_most_baseline", "growth_at_least")
PARTS = ("", "-T1", "-T2", "-T3", "-YTD04", "-YTD08", "-YTD12", "-01", "-YTD01", "-12")
LIMITS = (
    ("breast", "K", "32", "2021-05-01", "2023-03-14"),
    ("breast", "K", "20", "2023-03-15", ""),
    ("breast", "M", "29", "2021-05-01", "2024-02-29"),
    ("colorectal", "K", "35", "2015-01-01", ""),
    ("colorectal", "M", "35", "2015-01-01", ""),
    ("colorectal", "S", "39", "2015-01-01", ""),
    ("brain", "K", "0", "2023-06-30", ""),
)


def _organisation(org: str, level: str, parent: str, name: str) -> dict[str, str]:
    row = {"org_id": org, "name": name, "org_level": level, "parent_id": parent}
    return {**row, "valid_from": "", "valid_to": "", "exempt_datasets": "", "source": ""}


def _population(org: str, year: str, number: int) -> dict[str, str]:
    return {"org_id": org, "date": f"{year}-01-01", "population": str(number), "verified": "true"}


def _letter(
    letter: list[dict[str, str]], shape: dict[str, Any], region: str, year: str
) -> list[dict[str, str]]:
    """The letter of 2024 with other thresholds and rules, some rows left out and some not official."""
    rows: list[dict[str, str]] = []
    for number, original in enumerate(letter):
        row = {**original, "year": year, "region_id": region}
        if row["baseline_year"] == "2023":
            row["baseline_year"] = str(int(year) - 1)
        if row["rule"] == "at_least":
            row["threshold"] = shape["thresholds"][number % 6]
        if row["rule"] == "above":
            row["threshold"] = shape["growth"]
        if number in shape["other_rule"] and row["indicator_id"] not in ("1.1", "2.5", "3.3"):
            row["rule"] = RULES[(number + len(shape["other_rule"])) % len(RULES)]
            row["threshold"] = shape["thresholds"][number % 6]
            row["baseline_year"] = row["baseline_year"] or str(int(year) - 1)
        if row["long_term_goal"]:
            row["long_term_goal"] = str(2 + number % 3)
        first = all(row["indicator_id"] != other["indicator_id"] for other in rows)
        if number in shape["informal"]:
            row["official"] = "false"
        if first or number not in shape["dropped"]:
            rows.append(row)
    return rows


def read_reference(folder: Path) -> Reference:
    """The CSV files of a reference folder, as text."""
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def write_reference(reference: Reference, seeds: Path, folder: Path) -> None:
    """The reference tables as CSV files with the headers of seeds/."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in seeds.glob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(reference[path.stem])
