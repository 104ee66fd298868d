"""The sender's check: every fault with its line, in three forms, and nothing left behind."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from landing_kit import CONTRACTS, OLAVS, TODAY, csv, many, no_gate, waiting

from orchestration.cli import main
from orchestration.landing import loading
from orchestration.landing.check import CheckedFault, Report, check
from orchestration.landing.model import DeliveryKey
from orchestration.reference import load_reference
from orchestration.settings import Settings
from orchestration.terminal import advice, rejections
from orchestration.terminal import check as terminal_check

__all__ = ["no_gate"]

KEY = DeliveryKey("waiting_times", "2024-03", dt.date(2024, 4, 10), "")
OPTIONS = ("--dataset", "waiting_times", "--period", "2024-03", "--extract-date", "2024-04-10")
SECRET = "HEMMELIG-42"
BAD = [
    *many(30),
    waiting(31, pasient_id=SECRET, ansiennitetsdato="24-03-01", tjenesteomraade="X"),
    waiting(32, henvisning_id="H1", pasient_id=SECRET),
    waiting(33, foretak_orgnr=""),
]
KEY_COLUMNS = "foretak_orgnr, henvisning_id"
OF_BAD = {
    (None, None, "too_many_rejected", "file"),
    (2, KEY_COLUMNS, "key_clash", "row"),
    (32, "ansiennitetsdato", "type", "row"),
    (32, "tjenesteomraade", "code", "row"),
    (33, KEY_COLUMNS, "key_clash", "row"),
    (34, "foretak_orgnr", "required", "row"),
}


def identity_number(base: str) -> str:
    """Eleven digits with right control digits: nine given ones and what follows from them."""
    digits = [int(digit) for digit in base]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        digits.append(-sum(w * d for w, d in zip(weights, digits, strict=True)) % 11)
    assert max(digits) < 10
    return "".join(map(str, digits))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a folder for temporary files; no variable of this machine."""
    for name in [name for name in os.environ if name.startswith("VEDLEGG2_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(terminal_check, "today", lambda: TODAY)
    (tmp_path / "here").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path


def asked(path: Path, key: DeliveryKey = KEY) -> Report:
    settings = Settings()
    return check(path, key, CONTRACTS[key.dataset], load_reference(settings), settings)


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    told = capsys.readouterr()
    return ended.value.code, told.out, told.err  # type: ignore[return-value]


def of(report: Report, name: str | None) -> set[tuple[int | None, str | None, str, str]]:
    return {(one.line, one.column, one.rule, one.level) for one in report.faults if one.file == name}


def test_every_fault_of_a_file_has_its_line(elsewhere: Path, no_gate: None) -> None:
    (elsewhere / "a.csv").write_text(csv(BAD))
    report = asked(elsewhere / "a.csv")
    assert of(report, "a.csv") == OF_BAD
    assert not report.accepted
    (file,) = report.files
    assert (file.status, file.reason) == ("rejected", "too_many_rejected")
    assert (file.rows_read, file.rows_accepted, file.rows_rejected) == (33, 29, 4)


def test_every_identity_number_has_its_line(elsewhere: Path, no_gate: None) -> None:
    rows = many(60)
    for place, base in ((3, "010190000"), (40, "410190001")):
        for number in range(100):
            try:
                rows[place]["pasient_id"] = identity_number(str(int(base) + number).zfill(9))
                break
            except AssertionError:
                continue
    (elsewhere / "a.csv").write_text(csv(rows))
    report = asked(elsewhere / "a.csv")
    assert of(report, "a.csv") == {(line, "pasient_id", "identity_number", "file") for line in (5, 42)}
    assert report.files[0].reason == "identity_number"


def test_a_few_bad_rows_are_told_and_hold_nothing_back(elsewhere: Path, no_gate: None) -> None:
    (elsewhere / "a.csv").write_text(csv([*many(19), waiting(20, tjenesteomraade="X")]))
    report = asked(elsewhere / "a.csv")
    assert report.accepted
    assert of(report, "a.csv") == {(21, "tjenesteomraade", "code", "row")}


def test_a_folder_is_one_delivery(elsewhere: Path, no_gate: None) -> None:
    folder = elsewhere / "delivery"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.csv").write_text(csv(BAD))
    (folder / "b.csv").write_text(csv(many(3, 100)))
    (folder / "c.csv").write_text(csv(many(3, 100)))
    (folder / "d.csv").write_text(csv([waiting(2, pasient_id="other")]))
    (folder / "e.txt").write_text("x")
    (folder / ".hidden").write_text("x")
    (folder / "deeper" / "f.csv").write_text(csv(many(1)))
    (folder / "away.csv").symlink_to(elsewhere / "nowhere")
    os.mkfifo(folder / "pipe.csv")
    report = asked(folder)
    assert {file.name: (file.status, file.reason) for file in report.files} == {
        "a.csv": ("rejected", "too_many_rejected"),
        "b.csv": ("held_back", None),
        "c.csv": ("copy", None),
        "d.csv": ("rejected", "too_many_rejected"),
        **dict.fromkeys(("e.txt", "deeper/f.csv", "away.csv", "pipe.csv"), ("rejected", "unrecognised_path")),
    }
    assert (2, KEY_COLUMNS, "key_clash", "row") in of(report, "d.csv")  # the same referral as in a.csv


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.txt", b"x", (None, None, "unrecognised_path")),
        ("_a.csv", b"x", (None, None, "unrecognised_path")),
        ("a.csv", b"", (None, None, "no_rows")),
        (
            "a.csv",
            csv(many(3)).replace("pasient_id", "pasientid").encode(),
            (1, "pasient_id", "missing_column"),
        ),
        ("a.csv", csv(many(3)).replace("P2;", '"P2;').encode(), (3, None, "unreadable")),
        ("a.parquet", b"PAR1", (None, None, "unreadable")),
        ("a.csv.gz", csv(many(3)).encode(), (None, None, "unreadable")),
        ("a.csv", csv(many(3)).encode("utf-16"), (1, None, "encoding")),
    ],
)
def test_files_that_cannot_be_read(
    elsewhere: Path, no_gate: None, name: str, content: bytes, fault: tuple[Any, ...]
) -> None:
    (elsewhere / name).write_bytes(content)
    report = asked(elsewhere / name)
    assert (*fault, "file") in of(report, name)
    assert not report.accepted
    assert report.files[0].reason == fault[2]


def test_unknown_columns_and_regions_are_warnings(elsewhere: Path, no_gate: None) -> None:
    (elsewhere / "a.csv").write_text(csv([{**row, "navn": SECRET} for row in many(3)]))
    assert asked(elsewhere / "a.csv").faults == (
        CheckedFault("a.csv", None, None, "unknown_column", "warning", 1),
    )
    document = {
        "version": "2.0", "class": "dataset", "id": ["Region", "Tjenesteomraade", "ContentsCode", "Tid"],
        "size": [2, 1, 1, 1], "value": [1, 2],
        "dimension": {
            "Region": {"category": {"index": [OLAVS, "EAK"]}},
            "Tjenesteomraade": {"category": {"index": ["PHVV"]}},
            "ContentsCode": {"category": {"index": ["Dognplasser"]}},
            "Tid": {"category": {"index": ["2024"]}},
        },
    }  # fmt: skip
    (elsewhere / "b.json").write_text(json.dumps(document))
    report = asked(elsewhere / "b.json", DeliveryKey("psychiatric_beds", "2024", dt.date(2025, 6, 1), ""))
    assert (report.accepted, of(report, "b.json")) == (True, {(None, None, "unknown_region", "warning")})


def test_a_link_given_by_name_is_followed(elsewhere: Path, no_gate: None) -> None:
    (elsewhere / "tmp" / "real").write_text(csv(many(3)))
    (elsewhere / "a.csv").symlink_to(elsewhere / "tmp" / "real")
    assert asked(elsewhere / "a.csv").accepted


def test_the_table_and_the_exit_code(
    elsewhere: Path, no_gate: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "a.csv").write_text(csv(BAD))
    code, out, err = call(capsys, str(elsewhere / "a.csv"), *OPTIONS)
    assert (code, err) == (3, "")
    for said in (
        "avvises (too_many_rejected)",
        "Skriv datoen som ÅÅÅÅ-MM-DD",
        "SOM, PHVV, PHBU, TSB",
        "ville bli avvist",
    ):
        assert said in out
    assert SECRET not in out
    (elsewhere / "b.csv").write_text(csv([*many(19), waiting(20, tjenesteomraade="X")]))
    code, out, _ = call(capsys, str(elsewhere / "b.csv"), *OPTIONS)
    assert code == 0
    assert "Leveransen kan godtas. 1 rader ville bli avvist" in out
    assert "bruk en kode" in out.lower()


def test_a_long_list_is_cut_on_the_screen_only(
    elsewhere: Path, no_gate: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "a.csv").write_text(csv(many(500, tjenesteomraade="X")))
    _, out, _ = call(capsys, str(elsewhere / "a.csv"), *OPTIONS)
    assert "og 301 til" in out
    _, out, _ = call(capsys, str(elsewhere / "a.csv"), *OPTIONS, "--format", "json")
    assert len(json.loads(out)["faults"]) == 501


def test_json(elsewhere: Path, no_gate: None, capsys: pytest.CaptureFixture[str]) -> None:
    (elsewhere / "a.csv").write_text(csv(BAD))
    code, out, err = call(capsys, str(elsewhere / "a.csv"), *OPTIONS, "--format", "json")
    assert (code, err) == (3, "")
    told = json.loads(out)
    assert {(f["line"], f["column"], f["rule"], f["level"]) for f in told["faults"]} == OF_BAD
    assert all(f["advice"] and f["file"] == "a.csv" for f in told["faults"])
    assert (told["accepted"], told["dataset"], told["period"], told["extract_date"]) == (
        False, "waiting_times", "2024-03", "2024-04-10",
    )  # fmt: skip
    assert SECRET not in out


def test_the_workbook_holds_text_and_no_values(
    elsewhere: Path, no_gate: None, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "=HYPERLINK(1).csv"
    (elsewhere / name).write_text(csv(BAD))
    code, out, _ = call(capsys, str(elsewhere / name), *OPTIONS, "--format", "xlsx")
    path = elsewhere / "here" / "=HYPERLINK(1)_feil.xlsx"
    assert code == 3
    assert str(path) in out
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert name in {cell.value for cell in cells}
    assert SECRET not in str([cell.value for cell in cells])
    rows = list(book["Feil"].iter_rows(min_row=2, values_only=True))
    assert {(row[1], row[2], row[3]) for row in rows} == {one[:3] for one in OF_BAD}
    assert next(book["Filer"].iter_rows(min_row=2, values_only=True))[:3] == (
        name,
        "avvises",
        "too_many_rejected",
    )


def test_the_workbook_never_lands_among_the_deliveries(
    elsewhere: Path, no_gate: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "here" / "a.csv").write_text(csv(BAD))
    code, _, err = call(capsys, ".", *OPTIONS, "--format", "xlsx")
    assert (code, "start the check elsewhere" in err) == (2, True)
    monkeypatch.setenv("VEDLEGG2_LANDING", str(elsewhere))
    code, _, _ = call(capsys, "a.csv", *OPTIONS, "--format", "xlsx")
    assert code == 2
    assert [path.name for path in (elsewhere / "here").iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", *OPTIONS], "does not exist"),
        ([".", *OPTIONS], "holds no file to check"),
        ([".", *OPTIONS[:2]], "Missing option"),
        ([".", *OPTIONS, "--dataset", "waiting"], "There is no dataset"),
        ([".", *OPTIONS, "--period", "2024-T1"], "no period of waiting_times; write one such as 2024-03"),
        ([".", *OPTIONS, "--period", "2018-12"], "before 2019"),
        ([".", *OPTIONS, "--period", "2026-07"], "has not begun"),
        ([".", *OPTIONS, "--extract-date", "2026-06-02"], "in the future"),
        ([".", *OPTIONS, "--extract-date", "10.04.2024"], "is no date"),
        ([".", *OPTIONS, "--format", "pdf"], "--format"),
    ],
)
def test_wrong_usage_is_exit_2(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_nothing_is_left_behind_and_no_warehouse_is_touched(
    elsewhere: Path, no_gate: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "a.csv").write_text(csv(BAD))
    modes = []
    before = loading.read_all

    def watched(*arguments: Any) -> Any:
        (home,) = (elsewhere / "tmp").iterdir()
        modes.append(home.stat().st_mode & 0o077)
        return before(*arguments)

    monkeypatch.setattr("orchestration.landing.check.read_all", watched)
    call(capsys, str(elsewhere / "a.csv"), *OPTIONS)
    assert modes == [0]
    assert list((elsewhere / "tmp").iterdir()) == []
    assert list((elsewhere / "here").iterdir()) == []
    assert (elsewhere / "a.csv").read_text() == csv(BAD)


def test_every_rule_has_words(elsewhere: Path) -> None:
    rules = set(rejections.ADVICE) - {"same_trust_twice"}  # takes two senders
    assert rules <= set(advice.ADVICE) | {"type", "unreadable"}
    for contract in CONTRACTS.values():
        period = {"month": "2024-03", "tertial": "2024-T1", "year": "2024"}[contract.cadence]
        key = DeliveryKey(contract.dataset, period, dt.date(2025, 4, 1), "")
        for column in contract.columns:
            for rule in rules:
                said = advice.advice(CheckedFault("a", 2, column.name, rule, "row"), key, contract)
                assert said.endswith(".")
                assert "{" not in said


def test_the_gate_is_asked(elsewhere: Path) -> None:
    """Great Expectations itself: a warning is told, and fails nothing."""
    (elsewhere / "a.csv").write_text(csv(many(30, vurderingsdato="")))
    report = asked(elsewhere / "a.csv")
    assert report.accepted
    assert (None, None, "vurderingsdato_filled_in", "warning") in of(report, None)
    said = advice.advice(report.faults[0], KEY, CONTRACTS["waiting_times"])
    assert said.startswith("Kontroller leveransen: At most 5 %")
