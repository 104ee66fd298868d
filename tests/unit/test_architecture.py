"""Who may know whom: in the dbt manifest, between Python packages, and in the table of contents."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
MODELS = PROJECT / "dbt_project" / "models"
PACKAGE = PROJECT / "orchestration"

REFERENCE = {path.stem for path in (PROJECT / "seeds").glob("*.csv")}
LAYER = {path.stem: path.parent.name for path in MODELS.rglob("*.sql")}
MAY_READ = {
    "staging": {"reference", "staging"},
    "intermediate": {"reference", "staging", "intermediate", "figures"},
    "indicators": {"reference", "staging", "intermediate", "figures"},
    "figures": {"reference", "staging", "intermediate", "indicators", "figures"},
    "marts": {"reference", "staging", "intermediate", "figures", "marts"},
}
SCOPES = {"int_org_scope", "int_period_span"}
"""The two models of figures/ that say who and when; indicators that cannot be added up read them."""


def references(path: Path) -> list[str]:
    return re.findall(r"ref\('(\w+)'\)", path.read_text())


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.sql")), ids=lambda path: path.stem)
def test_a_model_reads_only_the_layers_below(path: Path) -> None:
    layer = path.parent.name
    for name in references(path):
        read = "reference" if name in REFERENCE else LAYER[name]
        assert read in MAY_READ[layer], f"{path.stem} ({layer}) reads {name} ({read})"
        if layer in {"intermediate", "indicators"} and read == "figures":
            assert name in SCOPES
        if layer == "indicators":
            assert read != "indicators"


def test_staging_alone_reads_raw() -> None:
    readers = {path.parent.name for path in MODELS.rglob("*.sql") if "source('raw'" in path.read_text()}
    assert readers == {"staging"}


def test_every_model_has_its_yaml_and_every_indicator_its_definition() -> None:
    for path in MODELS.rglob("*.sql"):
        beside = path.with_suffix(".yml")
        assert beside.is_file(), f"{path.stem} has no YAML beside it"
        model = next(m for m in yaml.safe_load(beside.read_text())["models"] if m["name"] == path.stem)
        assert model.get("description"), path.stem
        if path.parent.name == "indicators" and path.stem != "ind_3_3_comparable":
            assert model["config"]["meta"]["definition_no"], path.stem


def test_the_table_of_contents_names_every_indicator_model_once() -> None:
    contents = (PROJECT / "dbt_project/macros/contents.sql").read_text()
    named = re.findall(r"'model': '(\w+)'", contents)
    models = {name for name, layer in LAYER.items() if layer == "indicators"} - {"ind_3_3_comparable"}
    assert sorted(named) == sorted(models), "add the model to macros/contents.sql"
    ids = re.findall(r"'id': '([\d.]+)'", contents)
    letter = [line.split(",")[0] for line in (PROJECT / "seeds/indicators.csv").read_text().splitlines()[1:]]
    assert ids == letter, "the contents follow the order of the letter"


FORBIDDEN = {
    "settings": {"contracts", "landing", "release", "report", "sample", "defs", "warehouse", "reference"},
    "periods": {"contracts", "landing", "release", "report", "sample", "defs", "warehouse", "settings"},
    "warehouse": {"contracts", "landing", "release", "report", "sample", "defs", "reference"},
    "contracts": {"landing", "release", "report", "sample", "defs"},
    "landing": {"release", "report", "sample", "defs"},
    "release": {"landing", "sample", "defs"},
    "report": {"landing", "contracts", "release", "sample", "defs", "warehouse"},
    "sample": {"landing", "release", "report", "defs"},
}


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_rooms_know_only_what_they_may(room: str) -> None:
    place = PACKAGE / room
    for path in place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                if name.startswith("orchestration."):
                    assert name.split(".")[1] not in FORBIDDEN[room], f"{path.name} knows {name}"


def test_no_clock_in_a_model() -> None:
    for path in (PROJECT / "dbt_project").rglob("*.sql"):
        if "target" not in path.parts:
            text = re.sub(r"--.*|\{#.*?#\}", "", path.read_text(), flags=re.S)
            assert not re.search(r"\b(now\(|current_date|current_timestamp|today\()", text, re.I), path


def test_nothing_of_this_machine_is_committed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    pattern = re.compile(
        rb"(?:^|[\s\"'=(])/(?:home|root|work)/\w|https?://[\w.-]*(?:mirror|registry|artifact)[\w.-]*\."
    )
    for name in filter(None, tracked):
        path = PROJECT / name
        if path.is_file() and path.suffix not in {".woff2", ".png"} and path != Path(__file__):
            assert not pattern.search(path.read_bytes()), f"{name} holds a machine path or registry host"
