import datetime as dt
import functools
import gzip
import re
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration import sample
from orchestration.periods import Period
from orchestration.sample import parameters, timetable
from orchestration.sample.draws import connect, easter_sunday
from orchestration.sample.flaws import synthetic_identity_number
from orchestration.sample.timetable import CADENCE, World
from orchestration.settings import UsageError

SCALE = 0.002


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    sample.write_sample(folder, "2023-01", "2024-12", scale=SCALE, faults=True)
    return folder


def files(folder: Path, dataset: str, period: str = "*", sender: str = "*") -> list[Path]:
    return sorted(folder.glob(f"{dataset}/{period}/*/{sender}/*"))


def text(path: Path) -> str:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252", "cp850"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


def rows(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        header, *lines = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
        return [
            dict(zip(header, ("" if v is None else str(v) for v in line), strict=False)) for line in lines
        ]
    if path.suffix == ".parquet":
        con = duckdb.connect()
        found = con.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, map(str, line), strict=True)) for line in found.fetchall()]
    header, *lines = [line.split(";") for line in text(path).splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_same_arguments_give_the_same_bytes_on_any_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {}
    for name, threads, seed in (("one", 1, 1), ("four", 4, 1), ("other", 1, 2)):
        monkeypatch.setattr(sample, "connect", functools.partial(connect, threads=threads))
        sample.write_sample(tmp_path / name, "2024-01", "2024-04", scale=SCALE, seed=seed, faults=True)
        made[name] = content(tmp_path / name)
    assert made["one"] == made["four"]
    assert made["one"] != made["other"]
    assert sample.MARKER in made["one"]


def test_workbooks_and_archives_hold_no_time(year: Path) -> None:
    [book, *_] = files(year, "costs", sender="helse_nord_trondelag")
    with zipfile.ZipFile(book) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"20" not in re.sub(rb"20\d\d/(?!\d)|xmlns\S+", b"", archive.read("docProps/core.xml"))
    [packed, *_] = files(year, "outpatient_contacts", sender="helse_nord_trondelag")
    assert packed.suffix == ".gz"
    assert packed.read_bytes()[4:8] == b"\0\0\0\0"


def test_every_dataset_and_period_is_there(year: Path) -> None:
    for dataset, cadence in CADENCE.items():
        expected = {f"{y}" for y in (2023, 2024)}
        if cadence == "month":
            expected = {f"{y}-{m:02d}" for y in (2023, 2024) for m in range(1, 13)}
        elif cadence == "tertial":
            expected = {f"{y}-T{n}" for y in (2023, 2024) for n in (1, 2, 3)}
        if dataset in ("antibiotics", "inpatient_stays"):
            expected |= {"2019-T1", "2019-T2", "2019-T3"}
        assert {path.name for path in (year / dataset).iterdir()} == expected, dataset


def test_marker_names_the_arguments_and_says_synthetic(year: Path) -> None:
    marker = (year / sample.MARKER).read_text(encoding="utf-8")
    assert sample.MARKER.startswith("_")
    for word in ("syntetiske data", "2023-01", "2024-12", "0.002", "frø 1", "maks_dager", "40 (K)"):
        assert word in marker


def test_no_value_but_the_planted_one_has_eleven_digits(year: Path) -> None:
    planted = synthetic_identity_number()
    found = [
        value
        for path in year.rglob("*.*")
        if path.suffix in (".csv", ".gz", ".xlsx", ".parquet") and "ventetider/" not in str(path)
        for row in rows(path)
        for value in row.values()
        if re.fullmatch(r"\d{11}", value)
    ]
    assert found == [planted]
    assert 81 <= int(planted[2:4]) <= 92


def test_senders_write_their_own_dialects(year: Path) -> None:
    [windows] = files(year, "waiting_times", "2024-05", "helse_more_og_romsdal")
    with pytest.raises(UnicodeDecodeError):
        windows.read_bytes().decode()
    assert windows.read_bytes().decode("cp1252").startswith("henvisning_id;")
    assert b"\r\n" in windows.read_bytes()
    assert re.fullmatch(r"\d\d\.05\.2024", rows(windows)[0]["ventetid_sluttdato"])
    [marked] = files(year, "waiting_times", "2024-05", "helse_nord_trondelag")
    assert marked.read_bytes().startswith(b"\xef\xbb\xbf")
    suffixes = {path.suffix for dataset in CADENCE for path in files(year, dataset)}
    assert suffixes == {".csv", ".gz", ".parquet", ".xlsx", ".json"}
    assert "opprettet_dato" not in rows(files(year, "planned_contacts", "*", "helse_nord_trondelag")[0])[0]
    assert len(files(year, "epicrises", "2024-T1", "st_olavs_hospital")) == 2


def test_late_and_repeated_deliveries(year: Path) -> None:
    def dates(dataset: str, period: str, sender: str) -> list[str]:
        return sorted({path.parent.parent.name for path in files(year, dataset, period, sender)})

    assert dates("outpatient_contacts", "2024-T3", "helse_nord_trondelag") == ["2025-03-06"]
    assert dates("outpatient_contacts", "2024-T3", "st_olavs_hospital") == ["2025-02-09"]
    assert dates("waiting_times", "2024-03", "st_olavs_hospital") == ["2024-04-10", "2024-04-24"]
    assert dates("inpatient_stays", "2023-T2", "st_olavs_hospital") == ["2023-10-10", "2023-11-20"]
    assert dates("planned_contacts", "2024-T2", "helse_nord_trondelag") == ["2024-09-10"]
    first, second = (rows(path) for path in files(year, "waiting_times", "2024-03", "st_olavs_hospital"))
    assert first != second
    assert len(first) == len(second)


def test_faults_are_only_there_when_asked_for(tmp_path: Path, year: Path) -> None:
    sample.write_sample(tmp_path, "2023-01", "2023-12", scale=SCALE)
    without = content(tmp_path)
    assert not (tmp_path / "ventetider").exists()
    assert (year / "ventetider").exists()
    [no_plan] = [
        path for path in files(year, "treatment_plans", "2024-T3") if "plan_med_pasient" not in text(path)
    ]
    assert no_plan.parent.parent.name == "2025-03-01"
    [dos] = files(year, "apprentices", "2024", "helse_more_og_romsdal")[1:]
    with pytest.raises(UnicodeDecodeError):
        dos.read_bytes().decode("cp1252")
    assert all("T3/2025" not in name for name in without)


def test_stays_are_delivered_with_every_tertial_they_touch_as_far_as_known(year: Path) -> None:
    seen: dict[str, set[str]] = {}
    for path in files(year, "inpatient_stays", "2023-T*", "st_olavs_hospital"):
        period = Period.parse(path.parts[-4], "tertial")
        extract_date = path.parts[-3]
        for row in rows(path):
            seen.setdefault(row["opphold_id"], set()).add(period.label)
            begins, ends = row["inn_tid"][:10], row["ut_tid"][:10] or "9999"
            assert ends >= period.start.isoformat()
            assert (period.end - dt.date.fromisoformat(begins)).days >= -30
            assert row["ut_tid"] == "" or ends < extract_date
            assert row["dodsdato"] < extract_date
            assert (row["uttilstand"] == "") >= (row["ut_tid"] == "")
    assert any(len(periods) > 1 for periods in seen.values())


def test_an_earlier_sample_may_be_replaced_but_other_files_stay_alone(tmp_path: Path) -> None:
    (tmp_path / ".made").touch()
    sample.write_sample(tmp_path, "2024-01", "2024-01", scale=SCALE)
    before = content(tmp_path)
    sample.write_sample(tmp_path, "2024-01", "2024-01", scale=SCALE)
    assert content(tmp_path) == before
    other = tmp_path / "real"
    (other / "costs").mkdir(parents=True)
    with pytest.raises(UsageError, match="not from a sample"):
        sample.write_sample(other)


@pytest.mark.parametrize(
    ("first", "last", "scale"),
    [("2024", "2024-12", 1), ("2024-02", "2024-01", 1), ("2018-12", "2024-01", 1), ("2024-01", "2024-02", 0)],
)
def test_arguments_that_make_no_sense_are_refused(
    tmp_path: Path, first: str, last: str, scale: float
) -> None:
    with pytest.raises(UsageError):
        sample.write_sample(tmp_path / "landing", first, last, scale)
    assert not (tmp_path / "landing").exists()


def test_progress_reaches_the_number_of_deliveries(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    sample.write_sample(
        tmp_path, "2024-01", "2024-01", scale=SCALE, progress=lambda *call: calls.append(call)
    )
    assert [done for _, done, _ in calls] == list(range(1, calls[-1][2] + 1))


def test_small_shares_are_rounded_so_that_a_change_keeps_its_sign() -> None:
    falling, rising = {2023: (0.14,), 2024: (0.13,)}, {2023: (0.23,), 2024: (0.24,)}
    assert [timetable.lean(falling, y, 0) for y in (2023, 2024)] == [1, -1]
    assert [timetable.lean(rising, y, 0) for y in (2023, 2024)] == [-1, 1]
    assert timetable.lean({2023: (0.2,)}, 2023, 0) == 0
    assert timetable.value_of(parameters.WAIT_MEAN, 2030) == parameters.WAIT_MEAN[2024]


def test_eras_have_no_gaps_and_easter_is_found() -> None:
    world = World.of("2022-01", "2024-12", 1, 1, False)
    assert [len(era) for era in world.eras("inpatient_stays")] == [3, 9]
    assert [len(era) for era in World.of("2020-01", "2020-12", 1, 1, False).eras("antibiotics")] == [6]
    assert [str(easter_sunday(y)) for y in (2023, 2024)] == ["2023-04-09", "2024-03-31"]
