"""Months, tertials and years as Dagster partitions, and the way back to the labels of the extracts.

Belongs here: partition keys and ranges of keys. Does not belong here: which periods have something new
(``schedules.py``), and the calendar itself (``periods.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from orchestration.periods import FIRST_YEAR, OSLO, Cadence, Period

_FORM = {"month": "%Y-%m", "tertial": "%Y-%m", "year": "%Y"}
_STARTS = {"month": "0 0 1 * *", "tertial": "0 0 1 1,5,9 *", "year": "0 0 1 1 *"}

PARTITIONS: Mapping[Cadence, dg.TimeWindowPartitionsDefinition] = {
    cadence: dg.TimeWindowPartitionsDefinition(
        start=f"{FIRST_YEAR}" if cadence == "year" else f"{FIRST_YEAR}-01",
        fmt=_FORM[cadence],
        cron_schedule=_STARTS[cadence],
        timezone=str(OSLO),
        end_offset=1,  # the period that is going on may be delivered too
    )
    for cadence in get_args(Cadence)
}
"""All periods from 2019 to the current one; a tertial is named by its first month, as Dagster wants it."""


def key_of(period: Period) -> str:
    """The partition key of a period: ``2024-03``, ``2024-05`` for 2024-T2, ``2024``."""
    return period.start.strftime(_FORM[period.cadence])


def period_of(key: str, cadence: Cadence) -> Period:
    """The period of a partition key.

    Raises:
        ValueError: no partition of this cadence.
    """
    if cadence != "tertial":
        return Period.parse(key, cadence)
    month = Period.parse(key, "month")
    tertial = Period(month.year, (month.number + 3) // 4, "tertial")
    if key_of(tertial) != key:
        raise ValueError(f"{key!r} is no tertial")
    return tertial


def range_tags(periods: Iterable[Period]) -> dict[str, str]:
    """Tags that make one run out of all periods from the first to the last."""
    ordered = sorted(periods)
    return {
        ASSET_PARTITION_RANGE_START_TAG: key_of(ordered[0]),
        ASSET_PARTITION_RANGE_END_TAG: key_of(ordered[-1]),
    }
