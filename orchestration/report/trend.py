"""A series over time as points of a chart, in the numbers that the reader sees.

Belongs here: from figures, statuses and process limits to points, the common scale of several charts, and the
sentence that stands for a chart. Does not belong here: drawing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from orchestration.report import norwegian as nb
from orchestration.report import words
from orchestration.report.marts import Marts
from orchestration.report.rows import Figure, Indicator, Organisation
from orchestration.report.shown import HIDDEN, need

Span = tuple[float, float]
K = TypeVar("K", bound=Hashable)
COMPARED_AS_CHANGE = frozenset({"count", "bed_days", "beds", "nok"})
"""Units in which organisations of different size are compared by their change, not by their number."""
FEWEST, ENOUGH = 12, 24
"""Points of a phase below which a process chart has no limits, and from which its limits stay."""


@dataclass(frozen=True)
class Point:
    """One period of a series, all numbers in the scale of the reader (71.3 for a share of 0.713).

    ``need`` is what the target asks of this period; ``mark`` is ``plain``, ``better`` or ``worse`` by the
    rules of the process chart; ``joined`` is whether the period follows on the one before; ``begins`` is
    why the limits are computed anew from here: empty when nobody said why, None when they are not.
    """

    start: dt.date
    end: dt.date
    label: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    need: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    phase: int
    mark: str
    preliminary: bool
    joined: bool
    begins: str | None = None

    @property
    def middle(self) -> dt.date:
        """Where the point stands."""
        return self.start + (self.end - self.start) / 2


def points(
    marts: Marts, indicator: Indicator, series: str, org: Organisation, period_type: str
) -> list[Point]:
    """The points of a series, oldest first; periods that are hidden have no value."""
    rows = marts.trends.get((indicator.indicator_id, series, org.org_id, period_type), [])
    befores: list[Figure | None] = [None, *rows]
    return [_point(marts, indicator, figure, before) for figure, before in zip(rows, befores, strict=False)]


def _point(marts: Marts, indicator: Indicator, figure: Figure, before: Figure | None) -> Point:
    """One figure as a point."""
    key = (figure.indicator_id, figure.series, figure.org_id, figure.period)
    limits = marts.limits.get(key)
    scale = float(nb.unit_of(figure.unit).scale)

    def scaled(value: float | None) -> float | None:
        return None if value is None else round(value * scale, 10)

    return Point(
        start=figure.period_start,
        end=figure.period_end,
        label=nb.period(figure.period),
        text=HIDDEN if figure.suppressed else nb.quantity(figure.value, figure.unit),
        value=scaled(figure.value),
        low=scaled(figure.ci_low),
        high=scaled(figure.ci_high),
        need=scaled(need(marts.statuses.get(key))),
        mean=scaled(limits.mean) if limits else None,
        lower=_floor(scaled(limits.lower)) if limits else None,
        upper=scaled(limits.upper) if limits else None,
        phase=limits.phase if limits else 1,
        mark=_mark(limits.signal if limits else None, indicator.direction),
        preliminary=figure.maturity == "preliminary",
        joined=before is not None and before.period_end + dt.timedelta(days=1) == figure.period_start,
        begins=_begins(marts, figure, before),
    )


def _begins(marts: Marts, figure: Figure, before: Figure | None) -> str | None:
    """Why a new phase begins with a figure; None when it does not."""
    series = (figure.indicator_id, figure.series, figure.org_id)
    limits = marts.limits.get((*series, figure.period))
    last = marts.limits.get((*series, before.period)) if before else None
    if limits is None or last is None or limits.phase == last.phase:
        return None
    return "; ".join(filter(None, marts.phase_reasons.get(series, [])[last.phase - 1 : limits.phase - 1]))


def _floor(lower: float | None) -> float | None:
    """No limit is drawn below 0; the rules used the computed one."""
    return None if lower is None else max(lower, 0.0)


def _mark(signal: str | None, direction: str) -> str:
    """A signal as better or worse."""
    if signal is None or signal not in words.SIGNAL:
        return "plain"
    up = words.SIGNAL[signal][1] == "up"
    return "better" if up == (direction == "higher") else "worse"


def runs(chain: Sequence[Point]) -> list[list[Point]]:
    """Stretches of periods that follow on one another and have a value."""
    found: list[list[Point]] = []
    open_run = False
    for point in chain:
        if point.value is None:
            open_run = False
            continue
        if open_run and point.joined:
            found[-1].append(point)
        else:
            found.append([point])
        open_run = True
    return found


def span(chains: Iterable[Sequence[Point]], unit: str, *, intervals: bool = True) -> Span:
    """One scale for several charts: everything drawn fits, never below 0 when no value is, shares to 100."""
    numbers = [
        number
        for chain in chains
        for point in chain
        for number in (
            point.value,
            point.need,
            point.lower,
            point.upper,
            *((point.low, point.high) if intervals else ()),
        )
        if number is not None
    ]
    return padded(numbers, unit)


def scales(chains: Mapping[K, Sequence[Point]], unit: str) -> dict[K, Span]:
    """Scales of small charts side by side: one for all where size does not decide the number.

    Where it does (counts), every chart has its own, and all are equal in per cent of its mean.
    """
    common = span(chains.values(), unit, intervals=False)
    means = {key: _mean(chain) for key, chain in chains.items()}
    if unit not in COMPARED_AS_CHANGE or not all(mean > 0 for mean in means.values() if mean is not None):
        return dict.fromkeys(chains, common)
    low, high = padded(
        [
            number / mean
            for key, mean in means.items()
            if mean
            for point in chains[key]
            for number in (point.value, point.need)
            if number is not None
        ],
        unit,
    )
    return {key: (low * mean, high * mean) if mean else common for key, mean in means.items()}


def _mean(chain: Sequence[Point]) -> float | None:
    """Mean of the values that a chart shows."""
    numbers = [point.value for point in chain if point.value is not None]
    return sum(numbers) / len(numbers) if numbers else None


def padded(numbers: Sequence[float], unit: str) -> Span:
    """A scale around numbers with some air."""
    if not numbers:
        return (0.0, 1.0)
    low, high = min(numbers), max(numbers)
    air = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    bottom = max(low - air, 0.0) if low >= 0 else low - air
    top = min(high + air, 100.0) if unit == "share" else high + air
    return (bottom, top)


def ticks(scale: Span, wanted: int) -> list[float]:
    """Round numbers inside a scale, as near to as many as wanted as round steps allow."""
    low, high = scale
    magnitude = 10.0 ** math.floor(math.log10((high - low) / wanted))
    found = []
    for step in (magnitude * factor for factor in (1, 2, 5, 10)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        found.append([round(number * step, 10) for number in range(first, last + 1)])
    return min(found, key=lambda marks: abs(len(marks) - wanted))


def tick_text(value: float) -> str:
    """A tick's number, with decimals only where it needs them."""
    return nb.plain(value, 2, trim=True)


def sentence(chain: Sequence[Point], what: str, target: str) -> str:
    """What the chart shows, for those who do not see it."""
    seen = [point for point in chain if point.value is not None]
    if not seen:
        return f"Linjediagram over {what}. Ingen tall kan vises."
    parts = [
        f"Linjediagram over {what}, {seen[0].label} til {seen[-1].label}.",
        f"Siste verdi {seen[-1].text}.",
    ]
    highest = max(seen, key=lambda point: point.value or 0)
    lowest = min(seen, key=lambda point: point.value or 0)
    parts.append(f"Høyest {highest.text} i {highest.label}, lavest {lowest.text} i {lowest.label}.")
    if target:
        parts.append(f"Mål: {target}.")
    if seen[-1].mean is not None:
        average = nb.plain(seen[-1].mean, 1)
        parts.append(f"Gjennomsnitt {average}; siste punkt i prosessdiagrammet: {variation(seen[-1])}.")
    parts.extend(new_limits(chain))
    if hidden := sum(point.text == HIDDEN for point in chain):
        parts.append(f"{hidden} av {len(chain)} perioder er skjult av personvernhensyn.")
    return " ".join(parts)


def variation(point: Point) -> str:
    """What the process chart says of a point."""
    return {"plain": "vanlig variasjon", "better": "bedring", "worse": "forverring"}[point.mark]


def new_limits(chain: Sequence[Point]) -> list[str]:
    """Where the limits of a process chart are computed anew, and why."""
    return [
        f"Nye grenser fra {point.label}{f': {point.begins}' if point.begins else ''}."
        for point in chain
        if point.begins is not None
    ]


def early_limits(chain: Sequence[Point]) -> str:
    """What a reader must know of limits that rest on few points of the newest phase; empty when on enough."""
    newest = [point for point in chain if point.phase == chain[-1].phase and point.value is not None]
    if len(newest) < FEWEST:
        return f"For få målinger til å vurdere variasjon: {len(newest)} av {FEWEST}."
    if len(newest) < ENOUGH:
        return f"Foreløpige grenser: de bygger på {len(newest)} av {ENOUGH} målinger."
    return ""


def steady(chain: Sequence[Point]) -> bool:
    """Whether the target asks for the same in every period, so that a whole field meets it."""
    return len({point.need for point in chain if point.need is not None}) == 1
