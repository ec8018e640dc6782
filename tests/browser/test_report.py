"""A report in a real browser: drafted, data move, what moved is taken over, issued, and never changed again."""

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from browser import people
from browser.conftest import PHONE, Site
from playwright.sync_api import Locator, Page, expect

DATA = Path(__file__).parents[1] / "data"


def test_a_report_follows_the_ledger_until_it_is_issued_and_never_after(
    site: Site, page_for: Callable[..., Page]
) -> None:
    site.add_user("陈静", "市直机关工委", "office", "office")
    told = ("--kind", "inspection", "--title", "市委第二巡察组反馈", "--received", "2022-01-10")
    site.command("intake", "load", str(DATA / "ledger.xlsx"), *told, "--create-missing", "--by", "office")
    page = page_for()
    people.sign_in(page, "office")
    report = draft(page)
    total = chip(page, "total").inner_text()
    write(page)
    number = people.withdraw(page)
    take_over(page, report, total, number)
    issued = issue(page, report)
    people.withdraw(page)
    page.goto(f"{report}/drift")
    expect(page.locator("main")).to_contain_text(f"{int(total) - 1} → {int(total) - 2}")
    expect(page.get_by_role("button", name="全部接受")).to_have_count(0)
    assert download(page, report) == issued
    for address in ("/reports", report, f"{report}/drift", "/reports/wordings", "/reports/new"):
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    on_a_phone(page_for(size=PHONE), report)


def draft(page: Page) -> str:
    """Order a progress report; its address."""
    page.goto("/reports/new")
    page.get_by_label("报告类型").select_option("progress")
    page.get_by_label("标题").fill("整改进展情况报告")
    page.get_by_role("button", name="起草报告").click()
    expect(page.locator(".report-editor")).to_contain_text("一、整改工作总体情况")
    return page.url


def chip(page: Page, name: str) -> Locator:
    """A figure in the text."""
    return page.locator(f".report-editor [data-figure='{name}']").first


def write(page: Page) -> None:
    """Type a sentence behind the text, with a figure put in from the list, and save."""
    editor = page.locator(".report-editor")
    editor.press("Control+End")
    editor.press("Enter")
    page.keyboard.type("特此报告，共")
    page.locator("[data-entry='total'] [data-inserts]").first.click()
    page.keyboard.type("个问题。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".flash")).to_contain_text("已保存")
    expect(page.locator(".report-editor p").last).to_contain_text("特此报告，共")
    expect(page.locator(".report-editor p").last.locator("[data-figure='total']")).to_have_count(1)


def take_over(page: Page, report: str, total: str, number: str) -> None:
    """See what has moved and why, and accept it; the words stay."""
    page.goto(f"{report}/drift")
    expect(page.locator("main")).to_contain_text(f"{total} → {int(total) - 1}")
    expect(page.locator(".drift-change").first).to_contain_text(number)
    page.get_by_role("button", name="全部接受").click()
    expect(chip(page, "total")).to_have_text(str(int(total) - 1))
    expect(page.locator(".report-editor p").last).to_contain_text("特此报告")


def issue(page: Page, report: str) -> bytes:
    """Issue the report; sentences that are not true any more are named and taken out first. The file."""
    page.goto(f"{report}/rewrite")
    page.get_by_role("button", name="重写正文").click()
    page.goto(f"{report}/issue")
    page.get_by_label("文号").fill("市直工委〔2026〕9号")
    page.get_by_role("button", name="印发").click()
    expect(page.locator(".flash")).to_contain_text("已印发")
    expect(page.locator(".report-editor")).to_have_count(0)
    return download(page, report)


def download(page: Page, report: str) -> bytes:
    """The Word file."""
    page.goto(report)
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载 Word 文件").click()
    return Path(taken.value.path()).read_bytes()


def on_a_phone(page: Page, report: str) -> None:
    """Nothing is wider than the phone."""
    people.sign_in(page, "office")
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
