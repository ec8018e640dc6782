"""Charts as specifications, and as pictures in which Chinese can be read."""

import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tracker.office import drawing, page_script
from tracker.office.charts import (
    BAR,
    BAR_SMALL,
    OFF,
    TOTAL,
    Bar,
    DayCount,
    as_picture,
    calendar_heat,
    count_bars,
    rate_bars,
    trend_lines,
)

ACCENTS = ("#b3261e", "#96201a", "#fbeceb")
WEEKDAYS = tuple("一二三四五六日")
MONDAY = date(2026, 11, 30)


def some_bars(*names: str) -> dict[str, Any]:
    bars = [Bar(name, 50, "50%") for name in names]
    return rate_bars(bars, title="", axis="销号率（%）")


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["data"]["values"])


def needs_a_font() -> None:
    if not drawing.has_chinese_font():
        pytest.skip("no Chinese font: apt-get install fontconfig fonts-noto-cjk")


def test_bars_keep_their_order_and_equal_names_stay_apart() -> None:
    spec = some_bars("组织部", "办公室", "组织部")
    assert spec["encoding"]["y"]["sort"] is None
    assert [row["name"] for row in rows(spec)] == ["0 组织部", "1 办公室", "2 组织部"]


def test_small_numbers_are_pale() -> None:
    spec = rate_bars([Bar("组织部", 100, "100%", is_small=True)], title="", axis="")
    assert rows(spec)[0]["small"] is True
    assert spec["layer"][0]["encoding"]["color"] == {
        "condition": {"test": "datum.small", "value": BAR_SMALL},
        "value": BAR,
    }


def test_a_trend_has_two_lines_under_their_names() -> None:
    spec = trend_lines([(MONDAY, 9, 4), (MONDAY + timedelta(days=7), 10, 6)], ("反馈总数", "已销号"))
    assert [(row["day"], row["what"], row["count"]) for row in rows(spec)] == [
        ("2026-11-30", "反馈总数", 9),
        ("2026-11-30", "已销号", 4),
        ("2026-12-07", "反馈总数", 10),
        ("2026-12-07", "已销号", 6),
    ]
    assert spec["encoding"]["color"]["scale"]["range"] == [TOTAL, BAR]


def test_a_calendar_is_darker_the_more_is_due_and_grey_on_days_off() -> None:
    days = [DayCount(MONDAY, 1), DayCount(MONDAY + timedelta(days=1), 4), DayCount(MONDAY + timedelta(days=5), 0, True)]
    few, many, off = rows(calendar_heat(days, weekdays=WEEKDAYS))
    assert few["colour"] > many["colour"]
    assert off["colour"] == OFF
    assert [each["weekday"] for each in (few, many, off)] == ["一", "二", "六"]
    assert {each["week"] for each in (few, many, off)} == {"11-30"}


def test_the_accent_is_the_colour_of_no_data() -> None:
    days = [DayCount(MONDAY + timedelta(days=number), number) for number in range(60)]
    specs = [some_bars("组织部"), trend_lines([(MONDAY, 2, 1)], ("总", "销")), calendar_heat(days, weekdays=WEEKDAYS)]
    specs.append(count_bars([Bar("30天以内", 4, "4个")], title="", axis="个"))
    assert not any(accent in json.dumps(spec).lower() for spec in specs for accent in ACCENTS)


def drawn(spec: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(drawing.draw_png(as_picture(spec, title="按牵头单位", notes=["截至今天"])))).convert("L")


def test_a_picture_carries_chinese_letters_and_not_boxes() -> None:
    needs_a_font()
    # Boxes for missing letters look alike whatever they stand for; letters do not.
    missing = [drawn(some_bars(name)) for name in ("\U000f1234\U000f1235", "\U000f1236\U000f1237")]
    assert missing[0].tobytes() == missing[1].tobytes()
    one, other = drawn(some_bars("组织部")), drawn(some_bars("宣传部"))
    assert one.size == other.size
    assert one.tobytes() != other.tobytes()
    assert one.getextrema()[0] < 80


@pytest.mark.parametrize(
    "spec",
    [
        trend_lines([(MONDAY, 9, 4)], ("反馈总数", "已销号")),
        calendar_heat([DayCount(MONDAY, 3)], weekdays=WEEKDAYS),
        count_bars([], title="", axis="个"),
        some_bars(),
    ],
)
def test_every_kind_of_chart_can_be_drawn_also_with_nothing_in_it(spec: dict[str, Any]) -> None:
    needs_a_font()
    assert min(drawn(spec).size) > 50


def test_what_cannot_be_drawn_is_told_and_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_a_font()
    with pytest.raises(drawing.Undrawn, match="没有画成"):
        drawing.draw_png({"mark": 7})
    monkeypatch.setattr(drawing, "SECONDS", 0.01)
    with pytest.raises(drawing.Undrawn, match="已停止"):
        drawing.draw_png(some_bars("组织部"))


def test_without_a_chinese_font_no_picture_is_drawn_and_it_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "fc-list"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    drawing.has_chinese_font.cache_clear()
    try:
        with pytest.raises(drawing.Undrawn, match="fonts-noto-cjk"):
            drawing.draw_png(some_bars("组织部"))
    finally:
        drawing.has_chinese_font.cache_clear()


def test_a_picture_fetches_nothing() -> None:
    needs_a_font()
    spec = some_bars("组织部") | {"data": {"url": "https://vega.github.io/vega-datasets/data/cars.json"}}
    with pytest.raises(drawing.Undrawn):
        drawing.draw_png(spec)


def test_the_script_of_the_pages_is_written_once_at_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page_script, "SCRIPT", tmp_path / "build" / "vega.js")
    assert page_script.find_script() is None
    page_script.write_script()
    found = page_script.find_script()
    assert found is not None
    assert "vegaEmbed" in found.read_text(encoding="utf-8")
