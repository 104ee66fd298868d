"""Loading a dataset: from the landing folder to rows in force, in the order in which it happens.

Belongs here: the sequence (plan, intake, stage, judge, gate, resolve, commit) and nothing of its steps. Does
not belong here: when a load is run, and what is made of its rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby

import duckdb

from orchestration import fault_points
from orchestration.contracts.model import Contract
from orchestration.contracts.suite import GateResult, judge
from orchestration.landing import commit
from orchestration.landing.commit import Remembered
from orchestration.landing.discover import discover
from orchestration.landing.intake import Arrival, Intake
from orchestration.landing.keep import keep
from orchestration.landing.model import DeliveryKey, Discovery, LoadResult
from orchestration.landing.parquet import look_into
from orchestration.landing.plan import Plan, digest, fingerprint, plans
from orchestration.landing.prepared import Prepared, rewrite_text
from orchestration.landing.profile import profile, trusts_of
from orchestration.landing.resolve import Content, Outcome, resolve
from orchestration.landing.stage import Stage
from orchestration.landing.tables import Name, known_deliveries, transaction
from orchestration.landing.unrecognised import record_unrecognised
from orchestration.landing.verdict import Judged, judge_files
from orchestration.periods import today
from orchestration.reference import Reference
from orchestration.settings import Settings
from orchestration.warehouse import resource_errors, spool_folder

BATCH_BYTES = 256 << 20
"""Bytes of files that are judged together; meanwhile the next ones are read."""

Progress = Callable[[int, int], None]
"""Told how many deliveries have been read, and how many there are."""


def pending(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: Mapping[str, Contract],
    reference: Reference,
) -> dict[str, set[str]]:
    """Dataset -> labels of the periods in which a load would find something to do; no file is opened.

    A file whose size or times have changed counts as new until a load has read it.

    Raises:
        UsageError: there is no landing folder.
    """
    discovery = discover(settings.landing, contracts, today())
    found: dict[str, set[str]] = {}
    for dataset, contract in contracts.items():
        rules = fingerprint(contract, reference, settings)
        made = plans(discovery, known_deliveries(con, dataset), dataset, None, rules)
        periods = {plan.key.period for plan in made if plan.active}
        if periods:
            found[dataset] = periods
    return found


def load(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: Mapping[str, Contract],
    reference: Reference,
    dataset: str,
    periods: Collection[str] | None,
    progress: Progress | None = None,
) -> LoadResult:
    """Read, judge and take into force every new delivery of a dataset, all of them in one transaction.

    Args:
        con: the warehouse, with the tables of ``prepare``; in no transaction.
        settings: paths and size limits.
        contracts: all contracts.
        reference: organisations and code lists.
        dataset: the one to load.
        periods: labels of its periods; None for all.
        progress: told after each delivery that was read.

    Raises:
        UsageError: there is no landing folder.
        ResourceExhausted: disk full or memory limit; nothing was changed.
    """
    discovery = discover(settings.landing, contracts, today())
    with resource_errors(settings.workspace):
        record_unrecognised(con, discovery.unrecognised)
        return _load_found(con, settings, contracts[dataset], reference, discovery, periods, progress)


def _load_found(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contract: Contract,
    reference: Reference,
    discovery: Discovery,
    periods: Collection[str] | None,
    progress: Progress | None = None,
) -> LoadResult:
    """``load`` for deliveries that have been found already, wherever that was."""
    started = time.monotonic()
    rules = fingerprint(contract, reference, settings)
    made = plans(discovery, known_deliveries(con, contract.dataset), contract.dataset, periods, rules)
    same_date = groupby(made, key=lambda plan: (plan.key.period, plan.key.extract_date))
    groups = [group for group in map(list, (found for _, found in same_date)) if any(p.active for p in group)]
    if not groups:
        return LoadResult(0, 0, 0, 0, (), time.monotonic() - started, (), ())
    with spool_folder(settings) as folder:
        stage = Stage(con, contract, reference)
        try:
            arrivals = read_all(stage, Intake(contract, reference, settings, folder), groups, progress)
            fault_points.reach("load.staged")
            judged, found = judge_all(stage, arrivals)
            fault_points.reach("load.judged")
            reasons = {number: reasons_of(one, found[number]) for number, one in judged.items()}
            outcomes = _resolve(groups, judged, trusts_of(con, contract), reasons)
            gate = _first(judged, found)
            chosen = [o.chosen.number for o in outcomes if o.chosen and o.chosen.number is not None]
            keep(settings, (file.taken for number in chosen for _, file, _ in judged[number].files.values()))
            remembered = {plan.key: _memory(plan, judged, rules) for group in groups for plan in group}
            with transaction(con):
                commit.write(con, contract, outcomes, judged, remembered, gate)
            fault_points.reach("load.committed")
        finally:
            stage.close()
    return _result(judged, gate, time.monotonic() - started)


def read_all(
    stage: Stage, intake: Intake, groups: Sequence[Sequence[Plan]], progress: Progress | None
) -> list[Arrival]:
    """Read every delivery, and its rows into the staging table, many deliveries at a time."""
    arrivals: list[Arrival] = []
    batch: dict[int, Prepared] = {}
    plan_count = sum(map(len, groups))
    for arrival in intake.arrivals(plan for group in groups for plan in group):
        arrivals.append(arrival)
        batch |= {id(file): file for content in arrival.contents for file in content.values()}
        if sum(file.taken.size for file in batch.values()) >= BATCH_BYTES or len(arrivals) == plan_count:
            _stage(stage, intake, list(batch.values()))
            batch = {}
        if progress is not None:
            progress(len(arrivals), plan_count)
    return arrivals


def _stage(stage: Stage, intake: Intake, files: Sequence[Prepared]) -> None:
    """Stage files; those that turn out not to be plain are rewritten and staged again."""
    for file in files:
        if file.taken.file.format == "parquet" and not file.faults:
            look_into(stage.con, file, intake.contract, intake.settings)
    uneven = stage.add(files)
    for file in uneven:
        rewrite_text(file, intake.contract, intake.settings)
    stage.add(uneven)
    for file in files:
        for leftover in ("text", "expanded", "rows"):
            (file.folder / leftover).unlink(missing_ok=True)


def judge_all(
    stage: Stage, arrivals: Sequence[Arrival]
) -> tuple[dict[int, Judged], dict[int, list[GateResult]]]:
    """Judge all contents: their files by the rules, and the wanted content of each delivery by the gate."""
    numbers = {id(file): number for number, file in stage.files.items()}
    unread = count(-1, -1)
    contents = [(arrival.plan.key, content) for arrival in arrivals for content in arrival.contents]
    candidates = {
        candidate: [(numbers.setdefault(id(file), next(unread)), file) for file in content.values()]
        for candidate, (_, content) in enumerate(contents)
    }
    verdicts = judge_files(stage.con, stage.contract, stage, candidates)
    judged = {}
    for candidate, (key, content) in enumerate(contents):
        numbered = zip(content, candidates[candidate], strict=True)
        files = {name: (number, file, verdicts[candidate, number]) for name, (number, file) in numbered}
        judged[candidate] = Judged(candidate, key, files)
    return judged, _gate(stage, judged)


def _gate(stage: Stage, judged: Mapping[int, Judged]) -> dict[int, list[GateResult]]:
    """Candidate -> what Great Expectations says of it by its profile; nothing of one without rows."""
    read = {
        number: (one.key, {name: verdict for name, (_, _, verdict) in one.files.items()})
        for number, one in judged.items()
        if any(verdict.read for _, _, verdict in one.files.values())
    }
    found: dict[int, list[GateResult]] = {number: [] for number in judged}
    for result in (
        judge(stage.contract, profile(stage.con, stage.contract, stage.reference, read)) if read else ()
    ):
        number = int(result.delivery_id)
        found[number].append(replace(result, delivery_id=judged[number].key.id))
    return found


def reasons_of(judged: Judged, gate: Sequence[GateResult]) -> dict[Name, str]:
    """Why each file of a candidate is rejected: by a rule of its own, or all by a critical expectation.

    The shipped critical expectations restate the rules: where one rejects a file, the others are held back.
    """
    own = {name: verdict.reason for name, (_, _, verdict) in judged.files.items() if verdict.reason}
    failed = [one.expectation for one in gate if one.severity == "critical" and not one.success]
    return own or (dict.fromkeys(judged.files, failed[0]) if failed else {})


def _resolve(
    groups: Sequence[Sequence[Plan]],
    judged: Mapping[int, Judged],
    trusts: Mapping[int, frozenset[str]],
    reasons: Mapping[int, Mapping[Name, str]],
) -> list[Outcome]:
    """The outcome of every delivery of the groups."""
    contents: dict[DeliveryKey, list[Content]] = {}
    for number, one in judged.items():
        content = Content(frozenset(one.files), trusts.get(number, frozenset()), number, reasons[number])
        contents.setdefault(one.key, []).append(content)
    return [
        outcome
        for group in groups
        for outcome in resolve({p.key: (p.known, _options(p, contents.get(p.key, []))) for p in group})
    ]


def _options(plan: Plan, judged: Sequence[Content]) -> list[Content]:
    """What a delivery could consist of: what was judged now, else as before, and then what is in force."""
    known = plan.known
    options = list(judged)
    wanted = frozenset(plan.content())
    if not judged and wanted != known.in_force and all(name in known.files for name in wanted):
        before = {
            name: known.files[name].reason or "" for name in wanted if known.files[name].status == "rejected"
        }
        options.append(Content(wanted, frozenset(), None, before))
    if known.in_force and all(option.files != known.in_force for option in options):
        options.append(Content(known.in_force, known.trusts))
    return options


def _memory(plan: Plan, judged: Mapping[int, Judged], rules: str) -> Remembered:
    """What to remember of a delivery; one that was not judged now keeps what it was judged as."""
    now = any(one.key == plan.key for one in judged.values())
    return Remembered(
        digest(plan.content()) if now else plan.known.content or "",
        rules if now else plan.known.fingerprint or "",
        [(one.file.name, one.signature, one.sha256) for one in plan.landing if one.sha256 is not None],
    )


def _wanted(judged: Mapping[int, Judged]) -> list[int]:
    """The first candidate of each delivery: the content it would have, not what is in force."""
    first: dict[DeliveryKey, int] = {}
    for number, one in judged.items():
        first.setdefault(one.key, number)
    return list(first.values())


def _first(judged: Mapping[int, Judged], gate: Mapping[int, Sequence[GateResult]]) -> list[GateResult]:
    """What the gate says of the wanted content of each delivery."""
    return [result for number in _wanted(judged) for result in gate[number]]


def _result(judged: Mapping[int, Judged], gate: Sequence[GateResult], seconds: float) -> LoadResult:
    wanted = _wanted(judged)
    files = [found for number in wanted for found in judged[number].files.values()]
    return LoadResult(
        sum(verdict.read for _, _, verdict in files),
        sum(verdict.accepted for _, _, verdict in files),
        sum(verdict.rejected for _, _, verdict in files),
        sum(verdict.duplicate for _, _, verdict in files),
        tuple(judged[number].key.id for number in wanted),
        seconds,
        tuple(gate),
        tuple(warning for _, file, _ in files for warning in _warnings(file)),
    )


def _warnings(file: Prepared) -> list[str]:
    where = f"{file.key.id}, file {file.taken.file.name}"
    warnings = []
    if file.unknown_columns:
        warnings.append(
            f"{where}: {file.unknown_columns} columns that the contract does not list were passed over; "
            "leave them out of the extract."
        )
    if file.unknown_regions:
        warnings.append(
            f"{where}: {file.unknown_regions} codes of Region are no known organisation and were left out; "
            "add them to region_codes.csv if they should count."
        )
    return warnings
