"""The whole chain in a real browser: different people, from a feedback file to the paragraph of the report."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import docx
from browser import people
from browser.conftest import PHONE, Site
from conftest import ROOT
from playwright.sync_api import Page, expect

from tracker.core import clock
from tracker.workdays.rules import announced

DATA = ROOT / "tests" / "data"
TITLE = "市委第二巡察组反馈意见"


def move_in(site: Site) -> None:
    root, unit = "市直机关工委", "市直机关工委/组织部"
    site.add_user("陈静", root, "chenjing", "office")
    site.add_user("李强", root, "liqiang", "leader")
    site.add_user("王敏", unit, "wangmin", "unit_head")
    site.add_user("李磊", unit, "lilei", "liaison")
    site.add_user("郑凯", unit, "zhengkai", "handler", mail="zhengkai@example.invalid")


def names_block(count: int) -> str:
    """What is copied out of a spreadsheet: headings, then a line for each problem in order."""
    due = clock.today() + timedelta(days=2)
    lines = ["牵头单位\t责任领导\t责任人\t整改时限"]
    lines += [f"组织部\t李强\t王敏\t{due.isoformat() if row % 3 else '长期坚持'}" for row in range(count)]
    return "\n".join(lines)


def test_people_walk_an_item_from_the_feedback_file_to_the_report(
    site: Site, page_for: Callable[..., Page], pictures: Path, tmp_path: Path
) -> None:
    move_in(site)
    year = clock.today().year
    number = f"巡察{year}-1-002"
    proof = tmp_path / "整改报告.docx"
    document = docx.Document()
    document.add_paragraph("整改情况报告")
    document.save(str(proof))

    office = page_for()
    people.sign_in(office, "chenjing")
    people.picture(office, pictures, "1-empty-desk")
    the_office_takes_the_feedback_in(office, pictures, year)

    handler = page_for(size=PHONE)
    liaison = page_for()
    people.sign_in(liaison, "lilei")
    people.picture(liaison, pictures, "5-liaison-desk")
    people.accept(liaison, number, "郑凯")

    people.sign_in(handler, "zhengkai")
    people.open_item(handler, number)
    people.picture(handler, pictures, "6-item-on-a-phone")
    the_scheduler_reminds(site, handler, pictures)
    the_handler_works(handler, number, proof)

    head, leader = page_for(), page_for()
    people.sign_in(head, "wangmin")
    people.decide(head, number, "同意", "情况属实。")
    people.decide(office, number, "退回补充整改", "缺4月、5月学习记录，请补签到表")
    people.open_item(handler, number)
    expect(handler.get_by_text("退回补充整改 · 第2轮").or_(handler.get_by_text("退回补充整改")).first).to_be_visible()
    people.apply(handler, number, "已补充4月、5月签到表，措施均已完成。")
    people.sign_in(leader, "liqiang")
    people.decide(head, number, "同意", "已补齐。")
    people.decide(office, number, "同意", "佐证齐全。")
    people.decide(leader, number, "同意", "同意销号。")
    people.open_item(office, number)
    expect(office.locator(".state.closed").first).to_have_text("已销号")
    people.picture(office, pictures, "7-closed")

    figures_and_report_tell_it(office, pictures, number)


def the_office_takes_the_feedback_in(office: Page, pictures: Path, year: int) -> None:
    received = clock.today().isoformat()
    people.take_in(office, title=TITLE, kind="inspection", received=received, file=DATA / "feedback-typed.docx")
    people.picture(office, pictures, "2-preview")
    people.confirm_intake(office, 27)
    source_id = office.url.rstrip("/").rpartition("/")[2].partition("?")[0]
    people.paste_names(office, f"巡察{year}-1 {TITLE}", names_block(27))
    people.picture(office, pictures, "3-responsibility")
    office.goto(f"/items/print?list=rectification&source={source_id}")
    expect(office.get_by_text("送审稿").first).to_be_visible()
    people.picture(office, pictures, "4-draft-print", is_sheet=True)
    add_measure(office, f"巡察{year}-1-002")
    people.issue_all(office, source_id, 27)


def add_measure(office: Page, number: str) -> None:
    office.goto(f"/items/{number}/measures/new")
    office.get_by_label("整改措施").fill("1.修订学习制度\n2.补齐研讨材料")
    office.locator("main form button.btn-primary").click()
    office.wait_for_url(lambda url: "/measures/new" not in url)


def the_handler_works(handler: Page, number: str, proof: Path) -> None:
    people.tick_all(handler, number)
    people.write_entry(handler, number, "学习制度已修订，研讨材料已补齐。")
    people.attach(handler, number, proof)
    people.apply(handler, number, "两条措施均已完成，问题已整改到位。")


def the_scheduler_reminds(site: Site, handler: Page, pictures: Path) -> None:
    """On the day it is due, or the working day after: once, however often the sweep runs."""
    days = [announced(clock.today() + timedelta(days=2 + number)) for number in range(12)]
    due_day = clock.instant_at(next(each.day for each in days if each.is_working), 10).isoformat()
    for _sweep in range(2):
        site.command("jobs", "run", "queue-reminders", "--at", due_day, "--json")
        site.command("jobs", "run", "deliver-messages", "--at", due_day, "--json")
    handler.goto("/messages")
    expect(handler.locator(".rows a", has_text="提醒")).to_have_count(1)
    people.picture(handler, pictures, "8-messages-on-a-phone")


def figures_and_report_tell_it(office: Page, pictures: Path, number: str) -> None:
    office.goto("/figures")
    people.picture(office, pictures, "9-figures")
    expect(office.get_by_text("3.7%").first).to_be_visible()
    office.get_by_role("link", name="1", exact=True).first.click()
    expect(office.get_by_text(number).first).to_be_visible()
    office.goto("/reports/section")
    people.picture(office, pictures, "10-report")
    with office.expect_download() as download:
        office.get_by_role("link", name="下载 Word 文件").click()
    data = Path(download.value.path()).read_bytes()
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    assert "3个方面9大类27个问题" in text
    assert "已完成1个" in text


def test_a_stranger_a_wrong_password_and_a_foreign_item_get_clear_pages(
    site: Site, page_for: Callable[..., Page], pictures: Path
) -> None:
    move_in(site)
    page = page_for()
    page.goto("/items?list=problems")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("账号").fill("lilei")
    page.get_by_label("密码").fill("不对的密码")
    page.get_by_role("button", name="登录").click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    people.picture(page, pictures, "11-wrong-password")
    people.sign_in(page, "lilei")
    assert page.goto("/items/巡察2020-1-001").status == 404  # type: ignore[union-attr]
    people.picture(page, pictures, "12-not-found")
    assert page.goto("/intake").status == 403  # type: ignore[union-attr]
    people.sign_out(page)
