"""A wrongly read outline put right and confirmed by keyboard alone, in a real browser."""

from collections.abc import Callable
from pathlib import Path

from browser import people
from browser.conftest import Site
from playwright.sync_api import Page, expect

WORDS = """市委督查室反馈意见

一、学习方面
1. 学习研讨流于形式；记录不全
2. 调研报告数量不足
二、作风方面
1. 文风不实
2. 会风不严的表现较多，请各单位引以为戒
"""
# The name that a screen reader says of what has the focus.
FOCUSED = """() => {
  const it = document.activeElement;
  return it.getAttribute('aria-label') || (it.labels && it.labels[0] ? it.labels[0].innerText : it.innerText) || '';
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if name in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab never reaches {name}")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab and press it; the page that answers is loaded."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def more(page: Page, row: int, name: str) -> None:
    """Open what else can be done with a row, and do it."""
    tab_to(page, f"第 {row} 行的更多操作")
    page.keyboard.press("Enter")
    press(page, name)


def test_an_outline_is_put_right_and_confirmed_by_keyboard_alone(
    site: Site, page_for: Callable[..., Page], pictures: Path
) -> None:
    site.add_user("陈静", "市直机关工委", "chenjing", "office")
    page = page_for()
    people.sign_in(page, "chenjing")
    people.take_in(page, title="督查反馈", kind="supervision", received="20260316", words=WORDS)
    rows = page.locator(".outline-row:not(.ignored) textarea")
    row = next(at for at in range(rows.count()) if "记录不全" in rows.nth(at).input_value()) + 1
    before = rows.count()
    label = page.locator(".outline-row:not(.ignored)").nth(row - 1).locator("textarea").get_attribute("aria-label")
    number = int(label.split()[1])  # type: ignore[union-attr]

    # One line that holds two problems becomes two.
    tab_to(page, f"第 {number} 行的文字")
    page.keyboard.press("Control+End")
    for _sign in "；记录不全":
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    more(page, number, "在换行处拆分")
    expect(rows).to_have_count(before + 1)

    # The last one moves up, a new one is added below it and filled in, the first becomes ignored.
    press(page, f"下移第 {number + 1} 行")
    more(page, number, "在下面加一行")
    tab_to(page, f"第 {number + 1} 行的文字")
    page.keyboard.insert_text("请销假制度执行不严")
    press(page, "保存修改")
    expect(page.locator(f"#line-{number + 1} textarea")).to_have_value("请销假制度执行不严")
    people.picture(page, pictures, "preview-by-keyboard")

    tab_to(page, f"第 {number} 行的级别")
    page.keyboard.press("End")
    press(page, "确认录入")
    page.wait_for_url("**/sources/*")
    expect(page.locator("main")).to_contain_text("请销假制度执行不严")
    expect(page.locator("main")).to_contain_text("；记录不全")
