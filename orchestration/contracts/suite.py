"""The gate: Great Expectations judges each delivery by its profile, as the contract's quality section says.

Belongs here: which expectations a contract may use, and one validation over all deliveries of a profile. Does
not belong here: the SQL that makes a profile, what a failed expectation leads to, rules over rows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from orchestration.contracts.model import Contract, Expectation

if TYPE_CHECKING:
    import pandas as pd

EXPECTATIONS: Mapping[str, Mapping[str, Literal["metric", "number"]]] = {
    "expect_column_values_to_be_between": {"column": "metric", "min_value": "number", "max_value": "number"},
    "expect_column_pair_values_a_to_be_greater_than_b": {"column_A": "metric", "column_B": "metric"},
}
"""Expectations that a contract may use, with their arguments: only such as judge each delivery by itself."""


@dataclass(frozen=True)
class GateResult:
    """Whether one delivery meets one expectation; holds no figure of the profile."""

    delivery_id: str
    expectation: str
    severity: Literal["critical", "warning"]
    success: bool


def judge(contract: Contract, profile: pd.DataFrame) -> list[GateResult]:
    """Judge every delivery of a profile in one validation.

    Great Expectations sees the profile in memory only (ephemeral context, no store, no analytics).
    A metric that is missing for a delivery (NULL) fails nothing.

    Args:
        contract: the extract's contract; its expectations decide.
        profile: one row per delivery: ``delivery_id`` and the metrics that the expectations name
            (``Contract.metrics``), none of them a value of a single row.

    Returns:
        One result per delivery and expectation, deliveries in the order of the profile.

    Raises:
        KeyError: the profile lacks a metric.
        RuntimeError: Great Expectations failed to judge; names the expectation.
    """
    if profile.empty or not contract.expectations:
        return []
    failed = _failed_rows(contract, _numbers(contract, profile))
    return [
        GateResult(
            str(delivery_id), expectation.name, expectation.severity, row not in failed[expectation.name]
        )
        for row, delivery_id in enumerate(profile["delivery_id"])
        for expectation in contract.expectations
    ]


def _numbers(contract: Contract, profile: pd.DataFrame) -> pd.DataFrame:
    """The metrics that are judged, as plain floats (NULL is NaN), rows numbered from 0."""
    used = [name for e in contract.expectations for name in _metrics(e)]
    numbers = profile[list(dict.fromkeys(used))].reset_index(drop=True)
    return numbers.apply(lambda column: column.astype("Float64").astype("float64"))


def _metrics(expectation: Expectation) -> list[str]:
    """Names of the metrics that an expectation is about."""
    kinds = EXPECTATIONS[expectation.type]
    return [value for name, value in expectation.arguments.items() if kinds[name] == "metric"]


def _failed_rows(contract: Contract, numbers: pd.DataFrame) -> dict[str, frozenset[int]]:
    """Per expectation the numbers of the rows that fail it."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("profile").add_dataframe_asset("profile")
    batch = asset.add_batch_definition_whole_dataframe("profile").get_batch({"dataframe": numbers})
    suite = gx.ExpectationSuite(
        name=contract.dataset, expectations=[_configured(e) for e in contract.expectations]
    )
    validation = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    failed: dict[str, frozenset[int]] = {}
    for result in validation.results:
        configuration: Any = result.expectation_config
        name = configuration.meta["name"]
        rows = [] if result.success else result.result.get("unexpected_index_list", [])
        if not result.success and not rows:
            raise RuntimeError(f"Great Expectations could not judge «{name}» of {contract.dataset}")
        failed[name] = frozenset(rows)
    return failed


def _configured(expectation: Expectation) -> Any:
    """The expectation as an object of Great Expectations; NULL metrics are left out."""
    from great_expectations.expectations import registry

    options: dict[str, Any] = {"severity": expectation.severity, "meta": {"name": expectation.name}}
    if "column_A" in expectation.arguments:
        options["ignore_row_if"] = "either_value_is_missing"
    return registry.get_expectation_impl(expectation.type)(**expectation.arguments, **options)
