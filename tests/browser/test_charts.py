"""Charts in a real browser: drawn with Chinese letters under the strict policy, their tables beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import people
from browser.conftest import DESK, PHONE, Site
from playwright.sync_api import Page, expect

from tracker.demo.people import PASSWORD
from tracker.office import page_script

SLOW = 15_000
# What the policy of the pages refuses, noted from before the first script on.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
"""


@pytest.fixture
def figures(demo: None, site: Site) -> Site:
    """The made-up office, in whose figures there is something to draw."""
    if page_script.find_script() is None:
        pytest.skip("no script of charts: make charts")
    return site


def opened(page_for: Callable[..., Page], size: dict[str, int]) -> Page:
    page = page_for(size=size)
    page.add_init_script(WATCH)
    people.sign_in(page, "office", PASSWORD)
    page.goto("/figures")
    expect(page.locator(".chart[data-drawn]")).to_have_count(3, timeout=SLOW)
    expect(page.locator("[hx-trigger=load]")).to_have_count(0, timeout=SLOW)
    return page


def test_charts_are_drawn_in_chinese_beside_their_tables_and_break_no_rule(
    figures: Site, page_for: Callable[..., Page], pictures: Path
) -> None:
    for size, name in ((DESK, "figures"), (PHONE, "figures-phone")):
        page = opened(page_for, size)
        words = "".join(page.locator(".chart").first.locator("svg text").all_text_contents())
        assert "组织部" in words
        assert "销号率" in words
        assert page.evaluate("window.refused") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.screenshot(path=pictures / f"{name}.png", full_page=True)
        if size is DESK:
            check_first_screen(page)


def check_first_screen(page: Page) -> None:
    """The five figures, the bars and their table, which says the same, stand on the first screen."""
    chart, table = page.locator(".chart").first, page.get_by_role("table", name="按牵头单位")
    assert "数据见表" in (chart.get_attribute("aria-label") or "")
    names = [cell.strip() for cell in table.locator("tbody td:first-child").all_text_contents()]
    drawn = chart.locator("svg .role-axis-label text").all_text_contents()
    assert [name for name in drawn if not name.isdigit()] == names
    for place in (page.locator(".five"), chart, table):
        box = place.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESK["height"]


def test_without_the_script_the_tables_stand_alone(figures: Site, page_for: Callable[..., Page]) -> None:
    page = page_for()
    page.route("**/assets/vega.js*", lambda route: route.abort())
    people.sign_in(page, "office", PASSWORD)
    page.goto("/figures")
    expect(page.locator("[hx-trigger=load]")).to_have_count(0, timeout=SLOW)
    assert page.locator(".chart:visible").count() == 0
    assert page.get_by_role("table", name="按牵头单位").is_visible()
