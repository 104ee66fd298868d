"""Which content of each delivery is in force: pure decisions, from verdicts to a status for every file.

Belongs here: that a delivery is atomic, that what was in force stays, and that no trust is delivered twice.
Does not belong here: SQL and files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orchestration.landing.model import DeliveryKey
from orchestration.landing.tables import KnownDelivery, Name, Status

SAME_TRUST_TWICE = "same_trust_twice"


@dataclass(frozen=True)
class Content:
    """Files that a delivery could consist of.

    ``number`` is that of the candidate judged in this load; None for what was not judged anew.
    ``reasons``: why a file is rejected; none of them means that the content is fit to be in force.
    """

    files: frozenset[Name]
    trusts: frozenset[str]
    number: int | None = None
    reasons: Mapping[Name, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What becomes of a delivery: the content in force (None: nothing) and a status for every file of it.

    ``clashing``: the content that would have held a trust which another sender holds.
    """

    known: KnownDelivery
    chosen: Content | None
    statuses: Mapping[Name, tuple[Status, str | None]]
    clashing: tuple[Content, ...] = ()

    @property
    def key(self) -> DeliveryKey:
        """The delivery."""
        return self.known.key


Options = Mapping[DeliveryKey, tuple[KnownDelivery, Sequence[Content]]]
"""Per delivery what it could consist of, the wanted content first, what was in force after it."""


def resolve(options: Options) -> list[Outcome]:
    """Decide for deliveries of one dataset, period and extract date, first by the sender's name.

    A delivery gets the first of its contents that is fit and holds no trust of a sender before it.
    """
    taken: set[str] = set()
    outcomes = []
    for key in sorted(options):
        known, contents = options[key]
        chosen = None
        clashing = []
        for content in contents:
            if content.reasons:
                continue
            if content.trusts & taken:
                clashing.append(content)
                continue
            chosen = content
            taken |= content.trusts
            break
        statuses = _statuses(known, contents, chosen, clashing)
        outcomes.append(Outcome(known, chosen, statuses, tuple(clashing)))
    return outcomes


def _statuses(
    known: KnownDelivery, contents: Sequence[Content], chosen: Content | None, clashing: Sequence[Content]
) -> dict[Name, tuple[Status, str | None]]:
    """Status and reason of every file that the delivery has, or had and is to be remembered."""
    statuses: dict[Name, tuple[Status, str | None]] = {}
    in_force = chosen.files if chosen else frozenset()
    if contents and contents[0] is not chosen:
        statuses |= _turned_down(contents[0], contents[0].files - in_force, contents[0] in clashing)
    statuses |= dict.fromkeys(sorted(in_force), ("accepted", None))
    return statuses | _left_over(known, statuses)


def _turned_down(
    content: Content, files: Iterable[Name], clashes: bool
) -> dict[Name, tuple[Status, str | None]]:
    """Files of content that is not in force: rejected for a reason of their own, or held back by the others.

    When the rejected ones are themselves in force as part of older content, the newcomers bear the reason.
    """
    reasons = dict.fromkeys(content.files, SAME_TRUST_TWICE) if clashes else dict(content.reasons)
    statuses: dict[Name, tuple[Status, str | None]] = {
        name: ("rejected", reasons[name]) if name in reasons else ("held_back", None) for name in files
    }
    if reasons and all(status == "held_back" for status, _ in statuses.values()):
        reason = reasons[min(reasons)]
        return dict.fromkeys(statuses, ("rejected", reason))
    return statuses


def _left_over(
    known: KnownDelivery, statuses: Mapping[Name, tuple[Status, str | None]]
) -> dict[Name, tuple[Status, str | None]]:
    """Earlier contents: replaced where the name lives on; what was turned down and is gone is forgotten."""
    names = {name for name, _ in statuses}
    return {
        file: ("replaced", known.files[file].reason)
        for file in known.files
        if file not in statuses and (file[0] in names or known.files[file].status == "replaced")
    }
