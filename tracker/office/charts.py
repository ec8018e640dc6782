"""Charts as Vega-Lite specifications, made of plain data: the page draws them, and so does ``drawing`` for a file.

Colours of data are never the accent. Names are drawn in the order in which they are given, equal ones side by side.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONTS = (
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, HarmonyOS Sans SC, WenQuanYi Micro Hei, "
    "WenQuanYi Zen Hei, Droid Sans Fallback, sans-serif"
)
INK, INK_SOFT, LINE = "#1f2329", "#4e5969", "#e5e6eb"
BAR, BAR_SMALL, TOTAL, OFF, NO_HEAT, HEAT = "#5b8c6f", "#c3d5ca", "#4e6b94", "#f0f1f3", "#ffffff", "#7d6bb0"
ROW_STEP, WEEK_STEP, TREND_HEIGHT = 28, 44, 260
# A picture in a file; in a page a chart is as wide as its place.
PICTURE_WIDTH = 640
# An axis without names of its own shows what stands behind the number before a name.
_AFTER_NUMBER = "slice(datum.label, indexof(datum.label, ' ') + 1)"


class Bar(NamedTuple):
    """One bar: its name, how long it is, what is written at its end, and whether it counts too little to compare."""

    name: str
    value: float
    words: str
    is_small: bool = False


class DayCount(NamedTuple):
    """A day with how many things are due on it, and whether it is a day off."""

    day: date
    due: int
    is_off: bool = False


def rate_bars(bars: Sequence[Bar], *, title: str, axis: str) -> Spec:
    """Horizontal bars of rates, ``value`` from 0 to 100; small ones are pale."""
    return _horizontal(
        bars, title=title, axis=axis, scale={"domain": [0, 118], "nice": False}, ticks=[0, 25, 50, 75, 100]
    )


def count_bars(bars: Sequence[Bar], *, title: str, axis: str) -> Spec:
    """Horizontal bars of counts."""
    most = max([1, *(bar.value for bar in bars)])
    return _horizontal(bars, title=title, axis=axis, scale={"domain": [0, most * 1.18], "nice": False}, ticks=None)


def _horizontal(bars: Sequence[Bar], *, title: str, axis: str, scale: Spec, ticks: Sequence[int] | None) -> Spec:
    rows = [
        {"name": f"{number} {bar.name}", "value": bar.value, "words": bar.words, "small": bar.is_small}
        for number, bar in enumerate(bars)
    ]
    shown: Spec = {"title": axis, "grid": True, "tickMinStep": 1} | ({"values": list(ticks)} if ticks else {})
    value = {"field": "value", "type": "quantitative", "scale": scale, "axis": shown}
    names = {
        "title": None,
        "labelExpr": _AFTER_NUMBER,
        "labelLimit": 150,
        "labelPadding": 8,
        "ticks": False,
        "domain": False,
    }
    colour = {"condition": {"test": "datum.small", "value": BAR_SMALL}, "value": BAR}
    tooltip = [{"field": "words", "type": "nominal", "title": axis}]
    return _chart(title, rows, height={"step": ROW_STEP}) | {
        "encoding": {"y": {"field": "name", "type": "nominal", "sort": None, "axis": names}, "x": value},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.56}}, "encoding": {"color": colour, "tooltip": tooltip}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                "encoding": {"text": {"field": "words", "type": "nominal"}},
            },
        ],
    }


def trend_lines(points: Iterable[tuple[date, int, int]], labels: tuple[str, str], *, title: str = "") -> Spec:
    """Two lines over time: all, and those of them that are closed; ``labels`` are what the lines are called."""
    rows = [
        {"day": day.isoformat(), "what": label, "count": count}
        for day, *counts in points
        for label, count in zip(labels, counts, strict=True)
    ]
    utc = {"type": "utc"}
    day = {
        "field": "day",
        "type": "temporal",
        "title": None,
        "scale": utc,
        "axis": {"format": "%Y-%m-%d", "grid": False},
    }
    count = {"field": "count", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}}
    scale = {"domain": list(labels), "range": [TOTAL, BAR]}
    what = {"field": "what", "type": "nominal", "scale": scale, "legend": {"title": None, "orient": "top"}}
    dash = {**what, "scale": {"domain": list(labels), "range": [[1, 0], [5, 3]]}}
    tooltip = [{"field": "day", "type": "nominal"}, {"field": "what", "type": "nominal"}, {"field": "count"}]
    mark = {"type": "line", "point": {"size": 36}, "strokeWidth": 2}
    return _chart(title, rows, height=TREND_HEIGHT) | {
        "mark": mark,
        "encoding": {"x": day, "y": count, "color": what, "strokeDash": dash, "tooltip": tooltip},
    }


def calendar_heat(days: Sequence[DayCount], *, weekdays: Sequence[str], title: str = "") -> Spec:
    """Days as a calendar, a row for each week: the more is due, the darker; days off are grey.

    ``weekdays`` are the seven words from Monday on.
    """
    most = max([1, *(each.due for each in days)])
    rows = [_square(each, weekdays, most) for each in days]
    weeks = list(dict.fromkeys(row["week"] for row in rows))
    across = {"title": None, "orient": "top", "labelAngle": 0, "ticks": False, "domain": False}
    x = {
        "field": "weekday",
        "type": "nominal",
        "sort": list(weekdays),
        "scale": {"domain": list(weekdays)},
        "axis": across,
    }
    y = {
        "field": "week",
        "type": "nominal",
        "sort": weeks,
        "axis": {"title": None, "labelPadding": 8, "ticks": False, "domain": False},
    }
    colour = {"field": "colour", "type": "nominal", "scale": None}
    text = {"text": {"field": "words", "type": "nominal"}, "color": {"field": "ink", "type": "nominal", "scale": None}}
    return _chart(title, rows, height={"step": WEEK_STEP}) | {
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "rect", "stroke": LINE}, "encoding": {"color": colour}},
            {"mark": {"type": "text", "lineBreak": "\n", "dy": -6}, "encoding": text},
        ],
    }


def _square(each: DayCount, weekdays: Sequence[str], most: int) -> Spec:
    monday = each.day - timedelta(days=each.day.weekday())
    share = each.due / most
    return {
        "week": f"{monday.month}-{monday.day:02d}",
        "weekday": weekdays[each.day.weekday()],
        "words": f"{each.day.day}\n{each.due or ''}",
        "colour": _mixed(share) if each.due else OFF if each.is_off else NO_HEAT,
        "ink": "#ffffff" if share > 0.6 else INK,
    }


def _mixed(share: float) -> str:
    """White turning into the colour of heat; what is due at all is never white."""
    weight = 0.2 + 0.8 * share
    parts = (int(HEAT[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * weight):02x}" for part in parts)


def _chart(title: str, rows: Collection[Spec], *, height: Any) -> Spec:
    heading: Spec = {"title": {"text": title, "anchor": "start", "fontSize": 15}} if title else {}
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "background": "#ffffff",
        "data": {"values": list(rows)},
        "config": _CONFIG,
        **heading,
    }


def as_picture(spec: Spec, *, title: str, notes: Sequence[str] = ()) -> Spec:
    """The same chart for a file: of a fixed width, with its title above it and what it says of itself below that."""
    told = {"text": title, "subtitle": list(notes), "anchor": "start", "fontSize": 17, "subtitleColor": INK_SOFT}
    return {**spec, "width": PICTURE_WIDTH, "autosize": {"type": "pad"}, "padding": 16, "title": {**told, "offset": 14}}


_CONFIG: Spec = {
    "font": FONTS,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelFont": FONTS,
        "titleFont": FONTS,
        "labelFontSize": 13,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK_SOFT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
    },
    "text": {"font": FONTS, "fontSize": 13},
    "legend": {"labelFont": FONTS, "labelFontSize": 13, "titleFont": FONTS},
    "title": {"font": FONTS, "subtitleFont": FONTS, "subtitleFontSize": 12, "color": INK},
}
