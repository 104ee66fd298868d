"""The independent check itself, on examples small enough to work out by hand.

Belongs here: one example per rule that is easily read wrongly. Does not belong here: the pipeline (the check
meets it in ``tests/properties``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.columns import COLUMNS
from tests.oracle.compare import Oracle
from tests.oracle.deliveries import deliveries_of, is_identity_number, is_organisation_number
from tests.oracle.letters import read_reference
from tests.oracle.periods import bounds
from tests.oracle.state import Delivery, Reference, State
from tests.oracle.worlds import organisation_numbers

SEEDS = Path(__file__).parents[2] / "seeds"
REGION, A, B = "983658776", "883974832", "983974791"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def reference(**tables: Any) -> Reference:
    found = {**read_reference(SEEDS), **tables}
    found["organisations"] = [row for row in found["organisations"] if row["org_id"] in (REGION, A, B)]
    return found


def delivered(
    dataset: str, period: str, rows: list[dict[str, Any]], extracted: str | None = None, trust: str = A
) -> Delivery:
    """One trust's delivery, by default extracted 40 days after the period's end."""
    date = day(extracted) if extracted else bounds(period)[1] + dt.timedelta(days=40)
    empty = {column.name: None for column in COLUMNS[dataset]}
    return Delivery(dataset, period, date, trust, [{**empty, "foretak_orgnr": trust, **row} for row in rows])


def check(*deliveries: Delivery, **tables: Any) -> Oracle:
    return Oracle.of(State(deliveries, reference(**tables)))


def value(oracle: Oracle, *key: str) -> Fraction | None:
    return oracle.values[key].measure.value


def referral(wait: int, end: str = "2024-03-20", **fields: Any) -> dict[str, Any]:
    start = day(end) - dt.timedelta(days=wait)
    return {
        "henvisning_id": f"{wait}{end}",
        "tjenesteomraade": "SOM",
        "ansiennitetsdato": start,
        "vurderingsdato": start,
        "ventetid_sluttdato": day(end),
        "ventetid_sluttkode": 1,
        "rett_til_helsehjelp": 3,
        "utfall_av_vurdering": 1,
        **fields,
    }


def stay(number: int, start: str, end: str | None, **fields: Any) -> dict[str, Any]:
    return {
        "opphold_id": f"s{number}",
        "pasient_id": "p",
        "tjenesteomraade": "SOM",
        "omsorgsnivaa": 1,
        "inn_tid": at(start),
        "ut_tid": at(end) if end else None,
        "innmate_hast": 1,
        "uttilstand": 1,
        **fields,
    }


def test_waiting_time_is_weighted_and_longer_waits_than_ten_years_are_left_out() -> None:
    months = [
        delivered("waiting_times", f"2024-{m:02d}", [referral(2, f"2024-{m:02d}-05")]) for m in (1, 2, 4)
    ]
    march = delivered("waiting_times", "2024-03", [referral(w) for w in (1, 2, 3652, 3653)])
    oracle = check(*months, march)
    assert value(oracle, "3.2", "somatic", A, "2024-03") == Fraction(2 + 3652, 2)
    assert value(oracle, "3.2", "somatic", A, "2024-T1") == Fraction(2 * 4 + 3652, 5)
    assert oracle.exclusions["3.2", A, "2024-03", "zero_or_one_day"] == 1
    assert oracle.exclusions["3.2", A, "2024-03", "over_ten_years"] == 1
    assert ("3.2", "somatic", A, "2024") not in oracle.values, "a year needs all its months"
    assert not oracle.values["3.2", "somatic", REGION, "2024-03"].complete, "another trust is missing"


def test_the_newest_extract_date_speaks_for_the_trusts_in_it_only() -> None:
    early = delivered("waiting_times", "2024-03", [referral(10)])
    other = delivered("waiting_times", "2024-03", [referral(30)], trust=B)
    late = delivered("waiting_times", "2024-03", [referral(20)], "2024-09-01")
    oracle = check(late, early, other)
    assert value(oracle, "3.2", "somatic", REGION, "2024-03") == 25
    assert oracle.values["3.2", "somatic", REGION, "2024-03"].extract_date == day("2024-09-01")


def test_a_summary_is_in_time_on_the_next_calendar_day_and_due_after_it() -> None:
    common = {"tjenesteomraade": "SOM", "omsorgsnivaa": 1}
    rows = [
        {
            **common,
            "opphold_id": "1",
            "utskrevet_tid": at("2024-04-01 23:59"),
            "epikrise_sendt_tid": at("2024-04-02 23:59"),
        },
        {
            **common,
            "opphold_id": "2",
            "utskrevet_tid": at("2024-04-01 00:00"),
            "epikrise_sendt_tid": at("2024-04-03 00:00"),
        },
        {**common, "opphold_id": "3", "utskrevet_tid": at("2024-04-29 12:00")},
        {**common, "opphold_id": "4", "utskrevet_tid": at("2024-04-28 12:00")},
    ]
    oracle = check(delivered("epicrises", "2024-T1", rows, "2024-04-30"))
    assert value(oracle, "3.6", "somatic", A, "2024-T1") == Fraction(1, 3)
    assert oracle.exclusions["3.6", A, "2024-T1", "not_yet_due"] == 1
    assert oracle.values["3.6", "all", A, "2024-T1"].maturity == "preliminary"


def test_nights_are_counted_once_and_open_stays_until_the_extract() -> None:
    adult = {"tjenesteomraade": "PHVV"}
    rows = [
        stay(1, "2024-04-28 10:00", "2024-05-03 09:00", **adult),
        stay(2, "2024-04-29 10:00", "2024-04-30 09:00", **adult),
        stay(3, "2024-04-29 00:00", None, **adult, pasient_id="q"),
    ]
    first = delivered("inpatient_stays", "2024-T1", rows, "2024-05-01")
    second = delivered("inpatient_stays", "2024-T2", [rows[0]], "2024-10-10")
    oracle = check(first, second)
    assert value(oracle, "1.3", "all", A, "2024-T1") == 3 + 2
    assert value(oracle, "1.3", "all", A, "2024-T2") == 2
    assert oracle.exclusions["1.3", A, "2024-T2", "included"] == 2, "the open stay touches its extract date"


@pytest.mark.parametrize(
    ("start", "share"),
    [("2024-02-01 17:59", None), ("2024-02-01 18:00", 1), ("2024-03-02 10:00", 1), ("2024-03-02 10:01", 0)],
)
def test_a_readmission_begins_8_hours_to_30_days_after(start: str, share: int | None) -> None:
    rows = [
        stay(1, "2024-01-30 10:00", "2024-02-01 10:00", innmate_hast=4),
        stay(2, start, "2024-04-25 10:00", uttilstand=2),
    ]
    oracle = check(delivered("inpatient_stays", "2024-T1", rows))
    assert value(oracle, "3.7", "somatic", A, "2024-T1") == share


def test_stays_that_begin_at_the_same_instant_are_one_episode() -> None:
    rows = [stay(n, "2024-01-30 10:00", "2024-02-01 10:00") for n in (1, 2)]
    oracle = check(delivered("inpatient_stays", "2024-T1", rows))
    assert oracle.values["3.7", "all", A, "2024-T1"].measure.denominator == 1


def test_an_open_stay_takes_up_what_follows_and_the_end_is_not_followed_up_yet() -> None:
    rows = [
        stay(1, "2024-01-01 10:00", None),
        stay(2, "2024-02-01 10:00", "2024-02-02 10:00"),
        stay(3, "2024-04-29 10:00", "2024-04-30 10:00", pasient_id="q"),
    ]
    oracle = check(delivered("inpatient_stays", "2024-T1", rows, "2024-05-30"))
    assert oracle.exclusions["3.7", A, "2024-T1", "not_followed_up"] == 1
    assert not oracle.values["3.7", "somatic", A, "2024-T1"].complete
    assert ("3.7", A, "2024-T1", "included") not in oracle.exclusions


def test_the_longest_known_limit_of_the_first_day_decides_a_pathway() -> None:
    row = {"forlop_id": "f", "kreftform": "breast", "start_dato": day("2024-01-01")}
    rows = [
        {**row, "behandling_start_dato": day("2024-02-01"), "behandlingstype": kind}
        for kind in ("M", "O", "K")
    ]
    lung = {**row, "forlop_id": "g", "kreftform": "lung", "behandling_start_dato": day("2024-02-01")}
    oracle = check(delivered("cancer_pathways", "2024-T1", [*rows, {**lung, "behandlingstype": "K"}]))
    assert value(oracle, "3.1", "breast", A, "2024-T1") == 1, "31 days: above 29 (M), within 32 (K)"
    assert oracle.statuses["3.1", "lung", A, "2024-T1"].reason == "no_limit"
    assert oracle.statuses["3.1", "brain", A, "2024-T1"].reason == "no_data"


def test_planned_on_the_last_day_is_kept_and_the_baseline_has_the_same_extract_date() -> None:
    def snapshot(year: int, extracted: str, *planned: str) -> Delivery:
        rows = [
            {"kontakt_id": str(n), "tjenesteomraade": "SOM", "status": "planlagt", "planlagt_dato": day(date)}
            for n, date in enumerate(planned)
        ]
        return delivered("planned_contacts", f"{year}-T1", rows, extracted)

    deliveries = [
        snapshot(2024, "2024-05-08", "2024-04-30", "2024-04-29"),
        snapshot(2023, "2023-05-08", "2023-04-30"),
        snapshot(2023, "2023-09-01", "2023-04-29"),
    ]
    status = check(*deliveries).statuses["3.3", "all", A, "2024-T1"]
    assert (status.baseline_value, status.comparable, status.status) == (1, True, "not_met")
    assert check(*deliveries[:1], deliveries[2]).statuses["3.3", "all", A, "2024-T1"].comparable is False


def costs(year: int, amount: str) -> Delivery:
    row = {
        "regnskapsaar": year,
        "tjenesteomraade": "TSB",
        "kostnadsart": "LONN",
        "belop_nok": Decimal(amount),
    }
    return delivered("costs", str(year), [row, {**row, "kostnadsart": "PENSJON", "belop_nok": Decimal(7)}])


@pytest.mark.parametrize(("amount", "status"), [("211000000", "not_met"), ("211000000.01", "met")])
def test_exactly_the_threshold_is_not_above_it(amount: str, status: str) -> None:
    oracle = check(costs(2023, "200000000"), costs(2024, amount))
    assert oracle.statuses["1.1", "nominal_growth", A, "2024"].status == status
    assert value(oracle, "1.1", "pension", A, "2024") == 7


def test_growth_from_nothing_has_no_verdict() -> None:
    assert check(costs(2024, "1")).statuses["1.1", "nominal_growth", A, "2024"].reason == "no_baseline"
    oracle = check(costs(2023, "0"), costs(2024, "1"))
    assert oracle.statuses["1.1", "nominal_growth", A, "2024"].reason == "zero_denominator"


def test_exactly_fifteen_percent_more_studies_is_met_and_a_study_counts_once_in_the_region() -> None:
    study = {"behandlingsstudie": True, "nye_pasienter": 1}
    deliveries = [
        delivered(
            "clinical_trials",
            str(year),
            [{**study, "studie_id": str(n), "aar": year} for n in range(count)],
            trust=trust,
        )
        for year, count in ((2023, 20), (2024, 23))
        for trust in (A, B)
    ]
    oracle = check(*deliveries)
    assert value(oracle, "2.1", "all", REGION, "2024") == 23
    assert oracle.statuses["2.1", "all", REGION, "2024"].status == "met"
    assert oracle.overall["2.1", REGION, "2024"].official_met == 1


def test_a_region_reports_its_own_beds_and_a_missing_number_is_not_zero() -> None:
    row = {"aar": 2024, "tjenesteomraade": "PHVV", "dognplasser": None}
    oracle = check(
        delivered("psychiatric_beds", "2024", [{**row, "dognplasser": Decimal("10.5")}], trust=REGION),
        delivered(
            "psychiatric_beds", "2024", [row, {**row, "tjenesteomraade": "PHBU", "dognplasser": Decimal(2)}]
        ),
    )
    assert value(oracle, "1.4", "mental_health_adult", REGION, "2024") == Fraction(21, 2)
    assert oracle.values["1.4", "mental_health_adult", REGION, "2024"].complete
    assert not oracle.values["1.4", "all", A, "2024"].complete
    assert ("1.4", "mental_health_adult", A, "2024") not in oracle.values


def test_bad_rows_copies_and_clashes_in_files(tmp_path: Path) -> None:
    folder = tmp_path / "apprentices/2024/2025-01-20"
    folder.mkdir(parents=True)
    good = "\n".join(f"{n};{A};kokk;01.08.2023;" for n in range(60))
    lines = [f"0;{A};kokk;2023-08-01;", f"x;{A};kokk;2023-08-01;2023-07-31", f"1;{A};portor;2023-08-01;"]
    header = " Laerling_ID;foretak_orgnr;larefag;kontrakt_fra;kontrakt_til;extra"
    text = "\n".join([header, *(f"{line};" for line in [*good.split("\n"), "", *lines])])
    (folder / "a.csv").write_bytes(text.replace("\n;\n", "\n\n").encode("cp1252"))
    (judged,) = deliveries_of(tmp_path, reference())
    (file,) = judged.files
    assert file.rejected == {"end_before_start": 1, "key_clash": 2}
    assert (file.duplicates, len(judged.delivery.rows), judged.accepted) == (1, 59, True)


def test_numbers_that_name_organisations_and_people() -> None:
    numbers = list(islice(organisation_numbers(), 50))
    assert len(set(numbers)) == 50
    assert all(map(is_organisation_number, [REGION, A, B, *numbers]))
    assert not is_organisation_number("983658777")
    made: dict[bool, int] = defaultdict(int)
    for tail in range(100_000):
        made[is_identity_number(f"010180{tail:05d}")] += 1
    assert 700 < made[True] < 900, "about one in 121 has both control digits"
