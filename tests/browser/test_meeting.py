"""A meeting in a real browser: frozen, then changed, then compared; and shown on the wall by keyboard alone."""

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from browser import people
from browser.conftest import PHONE, Site
from playwright.sync_api import Page, expect

DATA = Path(__file__).parents[1] / "data"
WALL = {"width": 1920, "height": 1080}
# Letters that are read at six metres on a wall of that size.
SMALLEST = 20


def test_a_meeting_is_frozen_changed_compared_and_shown_on_the_wall(site: Site, page_for: Callable[..., Page]) -> None:
    site.add_user("陈静", "市直机关工委", "office", "office")
    site.add_user("李强", "市直机关工委", "leader", "leader")
    told = ("--kind", "inspection", "--title", "市委第二巡察组反馈", "--received", "2022-01-10")
    site.command("intake", "load", str(DATA / "ledger.xlsx"), *told, "--create-missing", "--by", "office")
    page = page_for(size=WALL)
    people.sign_in(page, "office")
    first = freeze(page, "临时会议一")
    rate = page.locator(".figure", has_text="反馈总数").locator(".v").inner_text()
    number = people.withdraw(page)
    page.goto(first)
    assert page.locator(".figure", has_text="反馈总数").locator(".v").inner_text() == rate
    expect(page.locator(".frozen")).to_contain_text("总数减1（新核减1个）")
    second = freeze(page, "临时会议二")
    page.goto(f"{second}/compare")
    expect(page.locator("main")).to_contain_text("总数减1（新核减1个）")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text(number)
    drive(page, second)
    for address in ("/meetings", second, f"{second}/compare", f"{second}/papers", f"{second}/decisions/new"):
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    on_a_phone(page_for(size=PHONE), second)


def freeze(page: Page, title: str) -> str:
    """Call a meeting of today and freeze it; its address."""
    page.goto("/meetings/new")
    page.get_by_label("会议名称").fill(title)
    page.get_by_role("button", name="新建会议").click()
    page.get_by_role("link", name="锁定数据").click()
    page.locator("main").get_by_role("button", name="锁定数据").click()
    expect(page.locator(".frozen")).to_contain_text("校验码")
    return page.url


def drive(page: Page, address: str) -> None:
    """Through all screens by keys, also without a network; nothing scrolls and nothing is small."""
    page.goto(f"{address}/present")
    screens = page.locator(".screen")
    expect(page.locator(".screen:visible")).to_have_count(1)
    page.context.set_offline(True)
    for nth in range(screens.count()):
        expect(page.locator(f"#screen-{nth + 1}")).to_be_visible()
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate(SMALL, SMALLEST) == []
        page.keyboard.press("ArrowRight")
    page.keyboard.press("0")
    expect(page.locator("#screen-1")).to_be_visible()
    page.keyboard.press("2")
    page.wait_for_selector('.screen[data-unit="2"]:visible')
    number = page.locator("[data-item]").last.get_attribute("data-item") or ""
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator("article.hit:visible")).to_have_attribute("data-item", number)
    page.keyboard.press("t")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    assert page.evaluate(OVERFLOWING) == []
    page.context.set_offline(False)
    page.keyboard.press("Escape")
    page.wait_for_url(address)


OVERFLOWING = """['', ' .stage', ' article'].map(each => '.screen:not([hidden])' + each)
  .flatMap(each => [...document.querySelectorAll(each)])
  .filter(each => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1)
  .map(each => each.className || each.tagName)
  .concat(document.documentElement.scrollHeight > innerHeight ? ['page'] : [])"""
SMALL = """smallest => [...document.querySelectorAll('.screen:not([hidden]) *')]
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .filter(each => parseFloat(getComputedStyle(each).fontSize) < smallest).map(each => each.textContent)"""


def on_a_phone(page: Page, address: str) -> None:
    """The same pages fit a telephone."""
    people.sign_in(page, "leader")
    for each in (address, f"{address}/present", f"{address}/compare", f"{address}/papers", "/meetings"):
        page.goto(each)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], each
