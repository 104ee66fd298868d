"""Landing: from files that somebody delivered to accepted rows in the warehouse, or to a reason why not.

Belongs here: finding, reading, judging and taking deliveries into force, by the contracts. Does not belong
here: what a column means for an indicator, and when a load is run. The landing folder is never written to.
"""

from orchestration.landing.discover import discover
from orchestration.landing.loading import load, pending
from orchestration.landing.model import Discovery, LoadResult, StandingRejection
from orchestration.landing.standing import quarantined_rows, standing_rejections
from orchestration.landing.tables import prepare
from orchestration.landing.unrecognised import record_unrecognised

__all__ = [
    "Discovery",
    "LoadResult",
    "StandingRejection",
    "discover",
    "load",
    "pending",
    "prepare",
    "quarantined_rows",
    "record_unrecognised",
    "standing_rejections",
]
