"""The main chart of a page: Vega-Altair, turned into SVG while the report is built.

Belongs here: the layers of that chart and what must be changed in the SVG for readers and screen readers.
Does not belong here: which figures are drawn (``trend.py``), the small pictures (``drawing.py``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from orchestration.report.trend import Point, Span, runs, steady, tick_text, ticks

WIDTH, HEIGHT = 1180, 380
INK, GREY, BLUE, ORANGE = "#4A5563", "#667080", "#00629B", "#B84A00"
TARGET, BAND, GRID = "#6B2C91", "#E6F1F8", "#E3E7EC"
SVG = "{http://www.w3.org/2000/svg}"
MARKS = {"plain": ("circle", GREY), "better": ("square", BLUE), "worse": ("triangle-up", ORANGE)}
"""What the process chart says of a point -> its shape and colour."""
ROOM = 96
"""Space at the right end for the last value."""
REASON = 260
"""Most room for the reason of a new phase; the whole reason stands below the chart."""


def main_chart(chain: Sequence[Point], scale: Span, axis: str, direction: str, label: str) -> Markup:
    """Draw a series over time.

    Args:
        chain: the points, oldest first; at least one of them with a value.
        scale: lowest and highest number of the vertical axis.
        axis: what is measured, written above the axis.
        direction: ``higher`` or ``lower`` is better.
        label: the sentence that stands for the chart.
    """
    import vl_convert

    spec = _chart(chain, scale, axis, direction).to_dict(validate=False)
    drawn = vl_convert.vegalite_to_svg(spec, show_warnings=False)
    return _readable(drawn, label, {_said(point) for point in chain})


def _chart(chain: Sequence[Point], scale: Span, axis: str, direction: str) -> Any:
    """The chart, layer by layer."""
    import altair as alt

    rows = [_row(point, scale, direction) for point in chain]
    seen = [row for row in rows if row["value"] is not None]
    horizontal = alt.X(
        "middle:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[_day(chain[0].start), _day(chain[-1].end)]),
        axis=alt.Axis(
            values=[_day(dt.date(year, 1, 1)) for year in range(chain[0].start.year, chain[-1].end.year + 2)],
            format="%Y",
            labelAlign="left",
            labelOffset=6,
            grid=False,
            tickSize=10,
            tickColor=INK,
            domainColor=INK,
        ),
    )
    marks = ticks(scale, 6)
    shown = "{" + ",".join(f"'{mark:g}':'{tick_text(mark)}'" for mark in marks) + "}"
    vertical = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=list(scale), nice=False, zero=False),
        axis=alt.Axis(
            values=marks,
            labelExpr=f"{shown}[toString(datum.value)]",
            title=axis,
            titleAngle=0,
            titleAlign="left",
            titleX=-44,
            titleY=-16,
            grid=True,
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelPadding=8,
        ),
    )
    base = alt.Chart(alt.Data(values=rows))
    asked = base.transform_filter("isValid(datum.need)").encode(horizontal.copy(), alt.X2("end:T"))
    asked.encoding.x.shorthand = "start:T"
    layers = [
        base.mark_point(opacity=0).encode(horizontal, vertical),
        *([asked.mark_rect(color=BAND).encode(alt.Y("need:Q"), alt.Y2("edge:Q"))] if steady(chain) else []),
        *_limit_layers(alt, chain),
        asked.mark_rule(color=TARGET, strokeWidth=2).encode(alt.Y("need:Q")),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=GREY, strokeWidth=1.5)
        .encode(alt.X("middle:T"), alt.Y("low:Q"), alt.Y2("high:Q")),
        *(
            alt.Chart(alt.Data(values=[_row(point, scale, direction) for point in run]))
            .mark_line(color=GREY, strokeWidth=1.5)
            .encode(alt.X("middle:T"), alt.Y("value:Q"))
            for run in runs(chain)
            if len(run) > 1
        ),
        *_point_layers(alt, seen),
        base.transform_filter("isValid(datum.value)")
        .mark_point(opacity=0, size=420)
        .encode(alt.X("middle:T"), alt.Y("value:Q"), alt.Description("said:N")),
    ]
    if rows[-1]["value"] is not None:
        layers.append(
            alt.Chart(alt.Data(values=rows[-1:]))
            .mark_text(align="left", fontSize=19, fontWeight="bold", color="#16202B")
            .encode(alt.Y("value:Q"), alt.Text("text:N"), x=alt.value(WIDTH - ROOM - 60 + 8))
        )
    return (
        alt.layer(*layers)
        .resolve_scale(x="shared", y="shared")
        .properties(
            width=WIDTH - ROOM - 60,
            height=HEIGHT - 60,
            padding={"left": 4, "right": ROOM, "top": 28, "bottom": 4},
            autosize=alt.AutoSizeParams(type="pad"),
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=15, titleFontSize=15, labelColor=INK, titleColor=INK, titleFontWeight="normal"
        )
    )


def _limit_layers(alt: Any, chain: Sequence[Point]) -> list[Any]:
    """Mean and limits of each phase, and where a new phase begins."""
    layers = []
    for phase in sorted({point.phase for point in chain}):
        part = [point for point in chain if point.phase == phase and point.mean is not None]
        if not part:
            continue
        ends = {"start": _day(part[0].start), "end": _day(part[-1].end)}
        for name, dash in (("mean", [1, 0]), ("lower", [6, 4]), ("upper", [6, 4])):
            value = getattr(part[0], name)
            if value is not None:
                layers.append(
                    alt.Chart(alt.Data(values=[{**ends, "level": value}]))
                    .mark_rule(color=INK, strokeWidth=1, strokeDash=dash)
                    .encode(alt.X("start:T"), alt.X2("end:T"), alt.Y("level:Q"))
                )
    begun = [
        {"start": _day(point.start), "why": point.begins or "Nye grenser"}
        for point in chain
        if point.begins is not None
    ]
    if begun:
        base = alt.Chart(alt.Data(values=begun)).encode(alt.X("start:T"))
        layers += [
            base.mark_rule(color=INK, strokeWidth=1, strokeDash=[2, 3]),
            base.mark_text(align="left", baseline="top", dx=6, fontSize=15, color=INK, limit=REASON).encode(
                alt.Text("why:N"), y=alt.value(2)
            ),
        ]
    return layers


def _point_layers(alt: Any, seen: Sequence[dict[str, Any]]) -> list[Any]:
    """The points, by what the process chart says, preliminary ones hollow."""
    layers = []
    for mark, (shape, colour) in MARKS.items():
        for hollow in (False, True):
            rows = [row for row in seen if (row["mark"], row["hollow"]) == (mark, hollow)]
            if rows:
                fill = "#FFFFFF" if hollow else colour
                layers.append(
                    alt.Chart(alt.Data(values=rows))
                    .mark_point(
                        shape=shape, size=70, filled=True, fill=fill, stroke=colour, strokeWidth=2, opacity=1
                    )
                    .encode(alt.X("middle:T"), alt.Y("value:Q"))
                )
    return layers


def _row(point: Point, scale: Span, direction: str) -> dict[str, Any]:
    """A point for Vega; dates as days in UTC, so that the picture is the same in every time zone."""
    low, high = scale
    return {
        "start": _day(point.start),
        "end": _day(point.end + dt.timedelta(days=1)),
        "middle": _day(point.middle),
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "need": None if point.need is None else min(max(point.need, low), high),
        "edge": high if direction == "higher" else low,
        "mark": point.mark,
        "hollow": point.preliminary and point.mean is None,
        "text": point.text,
        "said": _said(point),
    }


def _said(point: Point) -> str:
    """What pointing at a point tells."""
    return f"{point.label}: {point.text}"


def _day(date: dt.date) -> int:
    """A date as milliseconds since 1970, UTC."""
    return int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp() * 1000)


def _readable(drawn: str, label: str, said: set[str]) -> Markup:
    """One picture with one name, texts in the page's font, and the words to point at on every point."""
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    root = ET.fromstring(drawn)  # noqa: S314 (our own renderer's output)
    for element in root.iter():
        description = element.get("aria-label", "")
        for name in list(element.attrib):
            if name in ("role", "font-family", "style", "aria-label", "aria-roledescription", "aria-hidden"):
                del element.attrib[name]
        if description in said:
            ET.SubElement(element, f"{SVG}title").text = description
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
    for name in ("width", "height", "version", "xmlns"):
        root.attrib.pop(name, None)
    root.set("class", "hoved")
    root.set("role", "img")
    root.set("aria-label", label)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 (ElementTree escapes)
