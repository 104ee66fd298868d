"""Reference data: every fault of a file is one sentence with file, line and column."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration import reference as module
from orchestration.reference import load_reference, materialise
from orchestration.reference_files import FILES, columns_of
from orchestration.settings import SEEDS, Settings, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SEEDS, tmp_path / "reference")
    return tmp_path / "reference"


def read(folder: Path) -> module.Reference:
    return load_reference(Settings(reference=folder))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(folder: Path, name: str, line: str) -> int:
    path = folder / f"{name}.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_seeds_are_right_and_have_the_columns_that_are_checked():
    found = read(SEEDS)
    assert set(found.tables) == {path.stem for path in SEEDS.glob("*.csv")}
    for name in FILES:
        with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
            assert next(csv.reader(file)) == [column.name for column in columns_of(name)]
    assert "983658776" in found.regions
    assert "883974832" in found.trusts
    assert len(found.codes["cancer_form"]) == 24
    assert "helsefagarbeider" in found.codes["apprentice_trade"]


TRUST = "883974832,Et helseforetak,trust,983658776,2002-01-01,,,"
FAULTS = [
    ("targets", "2024,983658776,9.9,all,true,at_least,0.5,,,x", "indicator_id"),
    ("targets", "2024,983658776,1.2,new,true,better,0.5,,,x", "rule"),
    ("targets", "2024,983658776,1.2,new,true,at_least,,,,x", "threshold"),
    ("targets", "2024,983658776,1.2,new,true,growth_at_least,0.1,,,x", "baseline_year"),
    ("targets", "2024,983658776,1.2,new,true,above_baseline,,,,x", "baseline_year"),
    ("targets", "2024,983658776,1.2,new,yes,above,0.1,,,x", "official"),
    ("targets", '2024,983658776,1.2,new,true,above,"0,1",,,x', "threshold"),
    ("targets", "2024,983658776,1.2,new,true,above,0.1234567,,,x", "threshold"),
    ("targets", "2024,983658776,1.2,all,true,above,0.1,,,x", "year, region_id, indicator_id, series"),
    ("targets", "24,983658776,1.2,new,true,above,0.1,,,x", "year"),
    ("organisations", "123456789,Feil siffer,trust,983658776,,,,", "org_id"),
    ("organisations", "12345678,For kort,trust,983658776,,,,", "org_id"),
    ("organisations", TRUST, "org_id"),
    ("organisations", "974749025,Uten eier,trust,,,,,", "parent_id"),
    ("organisations", "974749025,Ukjent eier,trust,974329506,,,,", "parent_id"),
    ("organisations", "974749025,Feil nivå,hospital,983658776,,,,", "org_level"),
    ("organisations", "974749025,Feil dato,trust,983658776,01.01.2020,,,", "valid_from"),
    ("organisations", "974749025,Bakvendt,trust,983658776,2020-01-01,2019-01-01,,", "valid_to"),
    ("organisations", "974749025,Unntak,trust,983658776,,,epikriser,", "exempt_datasets"),
    ("organisations", "974749025,,trust,983658776,,,,", "name"),
    ("region_codes", "ssb,03,983658776\nssb,03,883974832", "code"),
    ("series", "9.9,all,Navn,share,1", "indicator_id"),
    ("series", "1.2,new,Navn,count,first", "sort_order"),
    ("cancer_pathway_limits", "unknown,K,10,2020-01-01,,", "cancer_form"),
    ("cancer_pathway_limits", "lung,L,10,2020-01-01,,", "treatment"),
    ("who_ddd", "quinolones,J01MA99,x,0,P,", "ddd_grams"),
    ("population", "983658776,2025-01-01,0,true,", "population"),
    ("reported_baselines", "3.2,somatic,983658776,2023-T4,60,", "period"),
    ("reported_baselines", "3.2,somatic,983658776,2023,NaN,", "value"),
    ("spc_phases", "3.2,somatic,983658776,2023-13,x", "from_month"),
    ("indicators", "9.9,x,x,x,x,9,share,higher,,", "goal"),
]


@pytest.mark.parametrize(("name", "line", "column"), FAULTS)
def test_a_fault_names_file_line_and_column(folder: Path, name: str, line: str, column: str):
    number = append(folder, name, line)
    with pytest.raises(UsageError) as caught:
        read(folder)
    assert f"{folder / name}.csv, line {number}, column {column}: " in str(caught.value)


def test_a_missing_column_is_named(folder: Path):
    change(folder, "targets", "threshold", "limit")
    with pytest.raises(UsageError, match=r"targets\.csv, line 1, column threshold: the column is missing"):
        read(folder)


def test_a_column_may_not_stand_twice(folder: Path):
    (folder / "goals.csv").write_text("goal,name_no,name_no\n1,a,b\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"goals\.csv, line 1, column «name_no»: .* twice"):
        read(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"goal,name_no\n1\n", "line 2: 1 fields where the header has 2"),
        (b"goal,name_no\n1,a,b\n", "line 2: 3 fields"),
        (b'goal,name_no\n1,"a\n', "quotes"),
        (b"goal,name_no\n1,m\xe5l\n", "line 2: not UTF-8"),
        (b"goal;name_no\n1;a\n", "column goal: the column is missing"),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused(folder: Path, content: bytes, words: str):
    (folder / "goals.csv").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read(folder)
    assert words in str(caught.value)
    assert "goals.csv" in str(caught.value)


def test_line_numbers_count_quoted_line_breaks_and_blank_lines(folder: Path):
    text = '\ufeffname_no,goal\r\n"to\r\nlinjer",1\r\n\r\nto,x\r\n'
    (folder / "goals.csv").write_bytes(text.encode())
    with pytest.raises(UsageError, match=r"line 5, column goal: «x» is not a whole number"):
        read(folder)


def test_byte_order_mark_line_ends_and_column_order_make_no_difference(folder: Path):
    before = read(folder).fingerprint
    with (folder / "goals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    lines = [",".join(f'"{cell}"' for cell in reversed(row)) for row in rows]
    (folder / "goals.csv").write_bytes(("\ufeff" + "\r\n".join(lines)).encode())
    assert read(folder).fingerprint == before


def test_rows_about_unknown_organisations_are_no_fault(folder: Path):
    append(folder, "targets", "2024,999999999,1.2,all,true,above,0.1,,,x")
    append(folder, "hospitals", "900000000,Et sykehus,999999999,,")
    append(folder, "population", "999999999,2024-01-01,1,true,")
    append(folder, "region_codes", "ssb,99,999999999\nssb,50,983658776")
    append(folder, "spc_phases", "3.2,somatic,999999999,2023-01,x")
    found = read(folder)
    assert found.region_codes == {"50": "983658776"}


def test_a_missing_folder_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="no such folder"):
        read(tmp_path / "nowhere")


def test_seeds_are_used_where_the_folder_lacks_a_file(tmp_path: Path):
    (tmp_path / "goals.csv").write_text("goal,name_no\n1,En\n2,To\n3,Tre\n", encoding="utf-8")
    found = read(tmp_path)
    assert found.folder_files["goals"].parent == tmp_path
    assert found.folder_files["targets"].parent == SEEDS
    assert found.tables["goals"][1]["name_no"] == "To"


def test_values_in_messages_are_short_and_printable(folder: Path):
    number = append(folder, "goals", f'"{"x" * 100}\x1b[31m",navn')
    with pytest.raises(UsageError) as caught:
        read(folder)
    assert f"line {number}" in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert "x" * 41 not in str(caught.value)


def test_dbt_gets_seeds_as_they_stand_and_other_files_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "DBT_PROJECT", tmp_path / "dbt_project")
    (tmp_path / "dbt_project").mkdir()
    assert materialise(read(SEEDS)) == "../seeds"

    home = tmp_path / "own"
    home.mkdir()
    (home / "goals.csv").write_bytes("\ufeffgoal,name_no\r\n1,En\r\n2,To\r\n3,Tre\r\n".encode())
    found = read(home)
    path = materialise(found)
    written = tmp_path / "dbt_project" / path
    assert path == f".reference/{found.fingerprint[:16]}"
    assert (written / "goals.csv").read_bytes() == b"goal,name_no\n1,En\n2,To\n3,Tre\n"
    assert {one.stem for one in written.iterdir()} == set(FILES)
    assert materialise(found) == path
    assert [one.name for one in written.parent.iterdir()] == [written.name]


def test_seed_folders_that_nobody_uses_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "DBT_PROJECT", tmp_path)
    monkeypatch.setattr(module, "UNUSED_SECONDS", -1)
    old = tmp_path / ".reference" / "old"
    old.mkdir(parents=True)
    found = read(SEEDS)
    elsewhere = replace(found, folder_files={**found.folder_files, "goals": tmp_path / "goals.csv"})
    materialise(elsewhere)
    assert not old.exists()
