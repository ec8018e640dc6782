"""Files sent by the page's script in a real browser: chosen, dropped, refused, and looked at on a telephone."""

import json
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from browser.conftest import PHONE, Site
from browser.people import picture, sign_in
from playwright.sync_api import Page, expect

from tests.core.test_filetypes import PAGE
from tests.progress.hostile_files import a_picture
from tracker.demo.people import PASSWORD

DROP = """([name, words]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([words], name));
  const dropped = new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true });
  document.querySelector('[data-upload]').dispatchEvent(dropped);
}"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def a_working_number(site: Site) -> str:
    """An item of 组织部 that is at work, without evidence yet."""
    rows = json.loads(site.command("items", "list", "--state", "working", "--unit", "组织部", "--json"))
    return str(rows[-1]["number"])


@pytest.mark.usefixtures("demo")
def test_files_are_chosen_dropped_refused_and_looked_at(
    site: Site, page_for: Callable[..., Page], pictures: Path, tmp_path: Path
) -> None:
    number = a_working_number(site)
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.new_page(595, 842)
    document.save(str(tmp_path / "办法.pdf"))
    (tmp_path / "现场照片.png").write_bytes(a_picture(3000, 2000))
    (tmp_path / "假图片.jpg").write_bytes(PAGE)

    page = page_for()
    sign_in(page, "zuzhi", PASSWORD)
    page.goto(f"/items/{number}/evidence/new")
    page.get_by_label("选择文件").set_input_files(
        [tmp_path / name for name in ("办法.pdf", "现场照片.png", "假图片.jpg")]
    )
    expect(page.locator(".uploads .sent")).to_have_count(2)
    expect(page.locator(".uploads .refused")).to_contain_text("从名称看是图片，内容却是网页")
    expect(page.get_by_role("link", name="完成，查看佐证材料")).to_be_visible()
    picture(page, pictures, "evidence-sent")

    page.goto(f"/items/{number}/evidence/new")
    page.evaluate(DROP, ["说明.txt", "拖进来的说明"])
    page.wait_for_url("**tab=evidence")
    expect(page.locator(".files")).to_contain_text("说明.txt")

    phone = page_for(size=PHONE)
    sign_in(phone, "zuzhi", PASSWORD)
    phone.goto(f"/items/{number}?tab=evidence")
    assert not phone.evaluate(WIDER)
    phone.get_by_role("link", name="查看 现场照片.png").click()
    shown = phone.frame_locator("iframe").locator("img")
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box is not None
    assert 100 < box["width"] <= PHONE["width"]
    assert not phone.evaluate(WIDER)
    picture(phone, pictures, "evidence-on-a-phone")

    phone.goto(f"/items/{number}?tab=evidence")
    phone.get_by_role("link", name="查看 办法.pdf").click()
    expect(phone.frame_locator("iframe").locator("img")).to_be_visible()
    phone.get_by_role("link", name="下一页").click()
    expect(phone.get_by_text("第 2 页，共 2 页")).to_be_visible()
    expect(phone.frame_locator("iframe").locator("img")).to_be_visible()
