"""Last year's report in a real browser: uploaded, the proposed sentences shown, marked otherwise, handed out anew."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
from axe_playwright_python.sync_playwright import Axe
from browser import people
from browser.conftest import PHONE, Site
from own_files.papers import ABOUT, HEADING, LINES, REST, a_report
from playwright.sync_api import Page, expect

DATA = Path(__file__).parents[1] / "data"


def test_only_the_marked_sentences_of_last_years_report_are_written_anew(
    site: Site, page_for: Callable[..., Page], tmp_path: Path
) -> None:
    site.add_user("陈静", "市直机关工委", "office", "office")
    told = ("--kind", "inspection", "--title", "市委第二巡察组反馈", "--received", "2022-01-10")
    site.command("intake", "load", str(DATA / "ledger.xlsx"), *told, "--create-missing", "--by", "office")
    (tmp_path / "2021年述职报告.docx").write_bytes(a_report().getvalue())
    page = page_for()
    people.sign_in(page, "office")
    own_file = upload(page, tmp_path / "2021年述职报告.docx")
    for address in (own_file, f"{own_file}/blanks", f"{own_file}/about", "/reports/own-files"):
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    made = download(page, own_file)
    (section,) = [line for line in made if line.startswith(HEADING[:6])]
    assert section.rstrip().endswith(REST)
    assert ABOUT[len(HEADING) :] not in section
    others = [line for line in LINES if not line.startswith("（六）")]
    assert [line for line in made if line in others] == others
    phone = page_for(size=PHONE)
    people.sign_in(phone, "office")
    phone.goto(own_file)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def upload(page: Page, file: Path) -> str:
    """Take a report in; its address."""
    page.goto("/reports/own-files/new")
    page.get_by_label("往年报告", exact=False).set_input_files(file)
    page.get_by_role("button", name="上传").click()
    expect(page.locator("main")).to_contain_text("标出 131 字（含标题），其余 347 字保持不变。")
    expect(page.locator(".versus ins").first).to_be_visible()
    return page.url


def download(page: Page, own_file: str) -> list[str]:
    """The paragraphs of the new file."""
    page.goto(own_file)
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载新报告").click()
    written = docx.Document(io.BytesIO(Path(taken.value.path()).read_bytes()))
    return [paragraph.text for paragraph in written.paragraphs]
