"""Every broken delivery gets the verdict, rule, file, line and column it must get, and harms no other.

Belongs here: the cases of the whole folder, one load per exit code, and ten of them alone. Does not belong
here: the program as a whole (``test_fault_runs.py``).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from orchestration.landing import loading
from tests.faults import containers, deliveries, formats, identity, syntax, values
from tests.faults.house import House, Loaded, as_told, digest_of
from tests.faults.model import CONTRACTS, Case

CASES: list[Case] = [
    *containers.CASES,
    *syntax.CASES,
    *values.CASES,
    *identity.CASES,
    *formats.CASES,
    *deliveries.CASES,
]
ALONE = (
    *("gzip-bomb", "stray-fifo", "name-newline", "unclosed-quote", "line-of-17-mib", "in-inpatient_stays"),
    *("waiting_times-key_clash", "parquet-cut", "same-trust-twice", "over-five-percent"),
)
"""Cases that are also loaded each by itself: what they come to does not depend on their neighbours."""


@pytest.fixture(scope="module", autouse=True)
def no_gate() -> object:
    """The shipped gate restates the rules and takes seconds; the runs ask it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "judge", lambda contract, profile: [])
        yield


class Shared:
    """The load of all cases with one exit code."""

    def __init__(self, root: Path, exit_code: int) -> None:
        self.house = House(root, [case for case in CASES if case.exit_code == exit_code])
        self.house.put_base()
        self.before = self.house.load()
        self.house.put_cases()
        self.landing = digest_of(self.house.settings.landing)
        self.after = self.house.load()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, no_gate: object) -> dict[int, Shared]:
    return {code: Shared(tmp_path_factory.mktemp(f"exit{code}"), code) for code in (0, 3)}


OF_ROWS = {
    *("required", "type", "range", "length", "code", "period", "after_extract_date", "before_1900"),
    *("end_before_start", "invalid_orgnr", "unknown_trust", "key_clash", "field_count"),
}
OF_FILES = {
    *("unreadable", "encoding", "nul", "missing_column", "duplicate_column", "no_rows", "identity_number"),
    *("too_many_rejected", "too_large", "same_trust_twice", "unrecognised_path"),
}
"""The rule codes of the specification."""


def check(case: Case, found: Loaded) -> None:
    """The verdict, every fault with its line and column, and what became of the other files."""
    told = as_told(case.told)
    delivery = told.rpartition("/")[0]
    status, reason, accepted = found.files[told]
    assert (status, reason) == ("accepted" if case.exit_code == 0 else "rejected", case.reason)
    assert found.faults.get(told, set()) == case.faults
    if case.exit_code == 0:
        assert accepted == found.rows[delivery] == case.rows
    elif case.verdict != "path":
        assert delivery not in found.rows
    of_rows = {(field, rule) for field, rule, _, _ in case.faults if rule in OF_ROWS}
    assert {(field, rule) for field, rule, _ in found.quarantine.get(told, set())} == of_rows
    lines = {(field, rule, line) for field, rule, _, line in case.faults if rule in OF_ROWS}
    assert lines <= found.quarantine.get(told, set())
    for path, other in case.others.items():
        assert found.files[as_told(path)][0] == other
    standing = {
        one.rule
        for one in found.standing
        if told == (f"{one.delivery_id}/{one.file_name}" if one.delivery_id else one.file_name)
    }
    assert (reason in standing) if case.exit_code == 3 else not standing


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, shared: dict[int, Shared]) -> None:
    check(case, shared[case.exit_code].after)


@pytest.mark.parametrize("code", [0, 3])
def test_the_base_is_unharmed(code: int, shared: dict[int, Shared]) -> None:
    one = shared[code]
    assert one.before.base == one.after.base
    assert all(one.before.base)
    assert one.before.columns == one.after.columns
    assert {path: one.after.files[path] for path in one.before.files} == one.before.files
    assert one.before.standing == []
    assert bool(one.after.standing) == (code == 3)
    assert digest_of(one.house.settings.landing) == one.landing
    assert list((one.house.settings.workspace / "spool").iterdir()) == []


@pytest.mark.parametrize("name", ALONE)
def test_alone(name: str, tmp_path: Path) -> None:
    (case,) = [case for case in CASES if case.name == name]
    house = House(tmp_path, [case])
    house.put_cases()
    check(case, house.load())


def test_there_are_enough_cases_and_every_rule_is_met() -> None:
    assert len(CASES) >= 100
    assert max(Counter(case.name for case in CASES).values()) == 1
    assert len(ALONE) == 10
    assert {rule for case in CASES for _, rule, _, _ in case.faults} == OF_ROWS | OF_FILES


def test_every_rule_of_every_contract_is_met() -> None:
    """What a contract promises of its columns is broken in at least one case."""
    met: dict[str, set[str]] = {dataset: set() for dataset in CONTRACTS}
    for case in CASES:
        met[case.dataset] |= {rule for _, rule, _, _ in case.faults}
    for dataset, contract in CONTRACTS.items():
        rules = {"required", "invalid_orgnr", "unknown_trust"}
        for column in contract.columns:
            rules |= {"type"} if column.type != "string" else set()
            rules |= (
                {"code"} if column.codes or column.reference in ("cancer_form", "apprentice_trade") else set()
            )
            rules |= {"range"} if column.minimum is not None else set()
            rules |= {"length"} if column.max_length else set()
            rules |= {"before_1900"} if column.type in ("date", "timestamp") else set()
            rules |= {"identity_number"} if column.identity_scan else set()
        rules |= {"after_extract_date"} if {"before_1900"} & rules else set()
        rules |= {"period"} if contract.period_columns else set()
        rules |= {"end_before_start"} if contract.not_before else set()
        rules |= set() if contract.summed else {"key_clash"}
        assert rules <= met[dataset], dataset
