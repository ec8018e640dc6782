"""The lists of a whole office fit their window, whatever words stand in them."""

from collections.abc import Callable

import pytest
from browser import people
from browser.conftest import DESK, PHONE, Site
from playwright.sync_api import Page

from tracker.demo.people import PASSWORD


@pytest.mark.usefixtures("demo")
def test_the_lists_of_the_made_up_office_fit_a_desk_and_a_phone_in_both_languages(
    site: Site, page_for: Callable[..., Page]
) -> None:
    too_wide = []
    for size in (DESK, PHONE):
        page = page_for(size=size)
        people.sign_in(page, "office", PASSWORD)
        for language in ("zh", "en"):
            for name in ("problems", "responsibility", "rectification", "tasks"):
                page.goto(f"/items?list={name}")
                assert (page.get_attribute("html", "lang") or "").startswith(language)
                assert page.locator("table.rows tbody tr").count() > 1
                width = page.evaluate("document.documentElement.scrollWidth")
                too_wide += [(language, name, width)] if width > size["width"] else []
            page.locator(".language button").first.click()
            page.wait_for_load_state()
    assert too_wide == []
