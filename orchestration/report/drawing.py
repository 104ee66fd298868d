"""Small pictures drawn by hand as SVG: sparklines, small trends, comparisons of trusts.

Belongs here: geometry. Does not belong here: which figures are drawn (``trend.py``), the main chart of a page
(``main_chart.py``), colours (the style sheet gives every class its colour).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

from orchestration.report.trend import Point, Span, runs, steady, tick_text, ticks

Place = tuple[float, float]
YEARS = 3
"""How far back a sparkline goes."""
MOST_NEEDS = 6
"""A target that is another in each of more periods than this (months) is left to the main chart."""


def _svg(width: float, height: float, label: str | None, kind: str) -> ET.Element:
    """A picture; without a label it is decoration beside text that says the same."""
    root = ET.Element("svg", {"viewBox": f"0 0 {width:g} {height:g}", "class": kind})
    if label is None:
        root.set("aria-hidden", "true")
        root.set("width", f"{width:g}")
        root.set("height", f"{height:g}")
    else:
        root.set("role", "img")
        root.set("aria-label", label)
    return root


def _add(
    parent: ET.Element, tag: str, kind: str, text: str | None = None, **numbers: float | str
) -> ET.Element:
    """An element; numbers get at most two decimals."""
    attributes = {
        name.replace("_", "-"): value if isinstance(value, str) else f"{round(value, 2):g}"
        for name, value in numbers.items()
    }
    element = ET.SubElement(parent, tag, {"class": kind, **attributes})
    element.text = text
    return element


def _markup(root: ET.Element) -> Markup:
    """The picture as HTML; every text was escaped on the way."""
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 (ElementTree escapes)


@dataclass(frozen=True)
class Frame:
    """Where dates and numbers lie in a picture; all lengths in SVG units."""

    left: float
    right: float
    top: float
    bottom: float
    first: dt.date
    last: dt.date
    scale: Span

    def x(self, day: dt.date) -> float:
        """Place of a day."""
        whole = max((self.last - self.first).days, 1)
        return self.left + (self.right - self.left) * (day - self.first).days / whole

    def y(self, value: float) -> float:
        """Place of a value."""
        low, high = self.scale
        return self.bottom - (self.bottom - self.top) * (min(max(value, low), high) - low) / (
            (high - low) or 1
        )


def _path(places: Iterable[Place]) -> str:
    """A line through the places."""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _needs(root: ET.Element, frame: Frame, chain: Sequence[Point], direction: str) -> None:
    """Where the target is met, and the line that asks for it, period by period."""
    edge = frame.top if direction == "higher" else frame.bottom
    asked = [point for point in chain if point.need is not None]
    if len(asked) > MOST_NEEDS and not steady(chain):
        return
    if asked and steady(chain):
        y, left, right = frame.y(asked[0].need or 0), frame.x(asked[0].start), frame.x(asked[-1].end)
        _add(root, "rect", "felt", x=left, y=min(y, edge), width=right - left, height=abs(edge - y))
    for point in asked:
        left, right, y = frame.x(point.start), frame.x(point.end), frame.y(point.need or 0)
        _add(root, "path", "maal", d=_path([(left, y), (right, y)]))


def sparkline(chain: Sequence[Point], direction: str, width: float = 136, height: float = 34) -> Markup:
    """The last three years of a series beside its number."""
    if chain:
        chain = [point for point in chain if point.start.year > chain[-1].end.year - YEARS]
    seen = [point for point in chain if point.value is not None]
    if len(seen) < 2:
        return Markup("")
    numbers = [value for point in seen for value in (point.value, point.need) if value is not None]
    low, high = min(numbers), max(numbers)
    air = (high - low) * 0.08 or 1
    frame = Frame(2, width - 5, 4, height - 4, chain[0].start, chain[-1].end, (low - air, high + air))
    root = _svg(width, height, None, "gnist")
    _needs(root, frame, chain, direction)
    _lines(root, frame, chain)
    last = chain[-1]
    if last.value is not None:
        _add(root, "circle", "siste", cx=frame.x(last.middle), cy=frame.y(last.value), r=3.2)
    return _markup(root)


def _lines(root: ET.Element, frame: Frame, chain: Sequence[Point]) -> None:
    """The value line, broken where a period is missing or hidden."""
    for run in runs(chain):
        if len(run) > 1:
            places = [(frame.x(point.middle), frame.y(point.value or 0)) for point in run]
            _add(root, "path", "linje", d=_path(places))


def small_trend(
    chain: Sequence[Point], scale: Span, dates: tuple[dt.date, dt.date], direction: str, label: str
) -> Markup:
    """A small chart among others with the same scales; ``dates`` are the first and last day of them all."""
    width, height = 300.0, 156.0
    frame = Frame(40, width - 8, 8, height - 22, *dates, scale)
    root = _svg(width, height, label, "liten")
    for tick in ticks(scale, 3):
        y = frame.y(tick)
        _add(root, "path", "rutenett", d=_path([(frame.left, y), (frame.right, y)]))
        _add(root, "text", "tall", tick_text(tick), x=frame.left - 6, y=y + 4, text_anchor="end")
    for year in range(dates[0].year, dates[1].year + 1):
        middle = frame.x(dt.date(year, 7, 1))
        _add(root, "text", "tall", str(year), x=middle, y=height - 5, text_anchor="middle")
    _needs(root, frame, chain, direction)
    _limits(root, frame, chain)
    _lines(root, frame, chain)
    for point in chain:
        if point.value is not None:
            _mark(root, frame, point)
    return _markup(root)


def _limits(root: ET.Element, frame: Frame, chain: Sequence[Point]) -> None:
    """Mean and limits of each phase, and where a new one begins."""
    for point in chain:
        if point.begins is not None:
            x = frame.x(point.start)
            _add(root, "path", "fase", d=_path([(x, frame.top), (x, frame.bottom)]))
    for phase in sorted({point.phase for point in chain}):
        part = [point for point in chain if point.phase == phase and point.mean is not None]
        for name, kind in (("mean", "snitt"), ("lower", "grense"), ("upper", "grense")):
            numbers = [getattr(point, name) for point in part if getattr(point, name) is not None]
            if numbers:
                ends = (
                    (frame.x(part[0].start), frame.y(numbers[0])),
                    (frame.x(part[-1].end), frame.y(numbers[0])),
                )
                _add(root, "path", kind, d=_path(ends))


def _mark(root: ET.Element, frame: Frame, point: Point) -> None:
    """A point, its shape saying what the process chart says, with its value for the pointer."""
    x, y = frame.x(point.middle), frame.y(point.value or 0)
    if point.mark == "better":
        mark = _add(root, "rect", "bedre", x=x - 3.2, y=y - 3.2, width=6.4, height=6.4)
    elif point.mark == "worse":
        mark = _add(root, "path", "verre", d=_path([(x, y - 4), (x + 4, y + 3.4), (x - 4, y + 3.4)]) + "Z")
    else:
        mark = _add(root, "circle", "punkt", cx=x, cy=y, r=2.8)
    ET.SubElement(mark, "title").text = f"{point.label}: {point.text}"


@dataclass(frozen=True)
class Dot:
    """One organisation in a comparison, in the scale of the reader."""

    name: str
    text: str
    value: float
    low: float | None
    high: float | None
    region: bool


def comparison(dots: Sequence[Dot], need: float | None, scale: Span, direction: str) -> Markup:
    """Trusts as dots and the region as a line on a common scale; decoration beside the numbers."""
    if not dots:
        return Markup("")
    width, height = 230.0, 30.0
    nowhere = dt.date(2000, 1, 1)
    frame = Frame(6, width - 6, 6, height - 6, nowhere, nowhere, scale)

    def x(value: float) -> float:
        low, high = scale
        place = (min(max(value, low), high) - low) / ((high - low) or 1)
        return frame.left + (frame.right - frame.left) * place

    root = _svg(width, height, None, "spredning")
    middle = height / 2
    if need is not None:
        edge = width if direction == "higher" else 0
        _add(root, "rect", "felt", x=min(x(need), edge), y=3, width=abs(edge - x(need)), height=height - 6)
        _add(root, "path", "maal", d=_path([(x(need), 3), (x(need), height - 3)]))
    _add(root, "path", "rutenett", d=_path([(0, middle), (width, middle)]))
    for dot in sorted(dots, key=lambda dot: dot.region):
        if dot.region and dot.low is not None and dot.high is not None:
            _add(root, "path", "intervall", d=_path([(x(dot.low), middle), (x(dot.high), middle)]))
        if dot.region:
            mark = _add(root, "path", "region", d=_path([(x(dot.value), 5), (x(dot.value), height - 5)]))
        else:
            mark = _add(root, "circle", "foretak", cx=x(dot.value), cy=middle, r=5)
        ET.SubElement(mark, "title").text = f"{dot.name}: {dot.text}"
    return _markup(root)
