"""The profile of a delivery: a few figures about its rows, none of them a row's own value, for the gate.

Belongs here: the metrics that a contract's expectations may name (``Contract.metrics``). Does not belong
here: what is expected of them (``data_contracts/``), and judging.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

from orchestration.contracts.model import Contract
from orchestration.landing.model import DeliveryKey
from orchestration.landing.rules import quoted
from orchestration.landing.tables import Name
from orchestration.landing.verdict import ACCEPTED, FileVerdict
from orchestration.periods import Period
from orchestration.reference import Reference

if TYPE_CHECKING:
    import pandas as pd

HOSPITAL = "behandlingssted_orgnr"
"""Column whose unknown values are counted (metric ``hospitals_unknown``)."""


def profile(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    reference: Reference,
    candidates: Mapping[int, tuple[DeliveryKey, Mapping[Name, FileVerdict]]],
) -> pd.DataFrame:
    """One row per candidate: its number as ``delivery_id``, and each metric that something is expected of.

    Metrics over rows are over accepted rows. ``rows_before``: accepted rows of the same trusts in the same
    period the year before, by the newest extract in force of each trust. ``days_after_period``: from the
    period's last day to the extract date. Percentages are 0 to 100.
    """
    import pandas as pd

    trust = quoted(trust_column(contract))
    counted = {
        candidate: [
            str(candidate),
            *(sum(count) for count in zip(*(_rows(v) for v in files.values()), strict=True)),
            max(100 * v.rejected / v.read if v.read else 0.0 for v in files.values()),
            len(files),
            (key.extract_date - Period.parse(key.period, contract.cadence).end).days,
        ]
        for candidate, (key, files) in candidates.items()
    }
    columns = ["delivery_id", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate"]
    frame = pd.DataFrame.from_dict(
        counted, orient="index", columns=[*columns, "rejected_percent", "files", "days_after_period"]
    )
    measures = {name: sql for name, sql in _measures(contract).items() if name in _expected(contract)}
    listed = "".join(f", {sql} as {quoted(name)}" for name, sql in measures.items())
    used = {"hospitals": sorted(reference.hospitals)} if "$hospitals" in listed else {}
    measured = con.execute(
        f"select candidate, count(distinct {trust}) as orgs{listed} from {ACCEPTED} group by candidate",
        used,
    ).df()
    before = _rows_before(con, contract, {candidate: key for candidate, (key, _) in candidates.items()})
    frame["rows_before"] = frame.index.map(before)
    frame["volume_ratio"] = frame["rows_accepted"] / frame["rows_before"]
    return frame.join(measured.set_index("candidate"))


def trust_column(contract: Contract) -> str:
    """The column that says whose row it is."""
    return next(c.name for c in contract.columns if c.reference in ("trust", "trust_or_region"))


def trusts_of(con: duckdb.DuckDBPyConnection, contract: Contract) -> dict[int, frozenset[str]]:
    """Candidate -> the trusts with at least one accepted row."""
    trust = quoted(trust_column(contract))
    found = con.execute(
        f"select candidate, list(distinct {trust}) from {ACCEPTED} group by candidate"
    ).fetchall()
    return {candidate: frozenset(trusts) for candidate, trusts in found}


def _rows(verdict: FileVerdict) -> tuple[int, int, int, int]:
    return verdict.read, verdict.accepted, verdict.rejected, verdict.duplicate


def _expected(contract: Contract) -> set[str]:
    """Names of the metrics that some expectation is about; the others are not worth their time."""
    return {
        value for one in contract.expectations for value in one.arguments.values() if isinstance(value, str)
    }


def _measures(contract: Contract) -> dict[str, str]:
    """Metric over accepted rows -> SQL."""
    measures = {}
    for column in contract.columns:
        name = quoted(column.name)
        measures[f"missing_percent__{column.name}"] = f"100.0 * count(*) filter ({name} is null) / count(*)"
        measures[f"distinct__{column.name}"] = f"count(distinct {name})"
    for start, end in contract.not_before:
        seconds = f"avg(epoch({quoted(end)}::timestamp - {quoted(start)}::timestamp))"
        measures[f"mean_days__{end}"] = f"{seconds} / 86400"
    if HOSPITAL in contract.index:
        unknown = f"{HOSPITAL} is not null and list_position($hospitals, {HOSPITAL}) is null"
        measures["hospitals_unknown"] = f"count(distinct {HOSPITAL}) filter ({unknown})"
    return measures


def _rows_before(
    con: duckdb.DuckDBPyConnection, contract: Contract, keys: Mapping[int, DeliveryKey]
) -> dict[int, int]:
    """Candidate -> rows the year before; a candidate without any is not in it."""
    trust = quoted(trust_column(contract))
    earlier = {candidate: f"{int(key.period[:4]) - 1}{key.period[4:]}" for candidate, key in keys.items()}
    return dict(
        con.execute(
            f"""
            with asked as (
                select unnest($candidates)::integer as candidate, unnest($periods)::varchar as period
            ),
            trusts as (select distinct candidate, {trust} as org_id from {ACCEPTED}),
            newest as (
                select period, org_id, row_count from raw.delivery_org where dataset = $dataset
                qualify row_number() over (partition by period, org_id order by extract_date desc, sender) = 1
            )
            select candidate, sum(row_count)::bigint
            from asked join trusts using (candidate) join newest using (period, org_id) group by candidate""",
            {"candidates": list(earlier), "periods": list(earlier.values()), "dataset": contract.dataset},
        ).fetchall()
    )
