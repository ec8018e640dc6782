"""What people do with the program in a browser, a function an act."""

import re
from pathlib import Path

from browser.conftest import PASSWORD
from playwright.sync_api import Page, expect

NUMBER = "巡察2026-1-{serial:03d}"


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Through the sign-in page, as everybody does."""
    page.goto("/sign-in")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_out(page: Page) -> None:
    """Through the menu under one's name."""
    page.locator("header details.who summary").click()
    page.locator("header").get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in*")


def picture(page: Page, pictures: Path, name: str, *, is_sheet: bool = False) -> None:
    """Keep a screenshot; a page wider than its window is a fault, but for a sheet made to be printed."""
    page.screenshot(path=pictures / f"{name}.png")
    if is_sheet:
        return
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"


def take_in(page: Page, *, title: str, kind: str, received: str, file: Path | None = None, words: str = "") -> None:
    """Paste or upload a feedback text, up to the preview."""
    page.goto("/intake")
    page.get_by_label("来源类型").select_option(kind)
    page.get_by_label("标题").fill(title)
    page.get_by_label("反馈日期").first.fill(received)
    if file:
        page.get_by_label("上传文件").set_input_files(file)
    else:
        page.get_by_label("或粘贴全文").fill(words)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url("**/intake/drafts/*")


def confirm_intake(page: Page, problems: int) -> None:
    """Confirm the outline as it stands."""
    page.get_by_role("button", name=f"确认录入 {problems} 个问题").click()
    page.wait_for_url("**/sources/*")


def open_item(page: Page, number: str) -> None:
    """The item's page."""
    page.goto(f"/items/{number}")
    expect(page.locator("h1")).to_be_visible()


def tick_all(page: Page, number: str) -> None:
    """Tick every measure of an item."""
    open_item(page, number)
    boxes = page.locator("form[action$='/tick'] button")
    while waiting := boxes.count():
        boxes.first.click()
        expect(boxes).to_have_count(waiting - 1)


def paste_names(page: Page, source: str, block: str) -> None:
    """Paste names and deadlines out of a spreadsheet, look at what would change, write it."""
    page.goto("/items/paste")
    page.get_by_label("来源").select_option(label=source)
    page.get_by_label("从表格复制后粘贴到这里").fill(block)
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name=re.compile("确认写入")).click()
    page.wait_for_url("**/items?list=responsibility*")


def issue_all(page: Page, source_id: str, count: int) -> None:
    """Issue every draft of a source."""
    page.goto(f"/items/issue?source={source_id}")
    page.get_by_role("button", name=f"下发 {count} 个事项").click()
    page.wait_for_url(lambda url: "/items/issue" not in url)


def accept(page: Page, number: str, handler: str) -> None:
    """Accept an item from its page and name the handler."""
    page.goto(f"/items/{number}/accept")
    page.get_by_label("经办人").first.fill(handler)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/accept" not in url)


def write_entry(page: Page, number: str, text: str) -> None:
    """Report progress."""
    page.goto(f"/items/{number}/entries/new")
    page.get_by_label("本次进展").fill(text)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/items/[^/]+$|/items/[^/]+\?.*"))


def attach(page: Page, number: str, file: Path) -> None:
    """Attach a file as evidence; it is sent as soon as it is chosen."""
    page.goto(f"/items/{number}/evidence/new")
    page.get_by_label("选择文件").set_input_files(file)
    page.wait_for_url(re.compile(r"/items/[^/]+\?.*|/items/[^/]+$"))


def apply(page: Page, number: str, statement: str) -> None:
    """Apply for closure."""
    page.goto(f"/items/{number}/application")
    for told in page.locator(".told-each textarea").all():
        if not told.input_value():
            told.fill("已落实。")
    page.get_by_label("完成情况", exact=True).fill(statement)
    if page.locator("#explanation").count():
        page.locator("#explanation").fill("其余措施正在推进，年内完成。")
    page.locator("#similar_checked").fill("排查了本单位各科室。")
    page.locator("#similar_found").fill("未发现同类问题。")
    page.get_by_label("我承诺以上内容属实").check()
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url(re.compile(r"/items/[^/]+\?.*|/items/[^/]+$"))


def decide(page: Page, number: str, button: str, opinion: str) -> None:
    """Decide the step of this item that waits for the person signed in."""
    page.goto("/reviews")
    page.get_by_role("link", name=number).first.click()
    page.get_by_label("审核意见").fill(opinion)
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def withdraw(page: Page) -> str:
    """Take an item out of all counts; its number."""
    page.goto("/items?list=problems&state=working")
    number = page.locator("a.row-link").first.inner_text()
    page.goto(f"/items/{number}/withdraw")
    page.get_by_label("理由").fill("与另一问题重复")
    page.locator("main form").get_by_role("button").first.click()
    page.wait_for_url(f"**/items/{'*'}")
    return number
