"""Lists, items and figures: what a macro must print whatever the data."""

import re
from types import SimpleNamespace as Thing

import pytest

from tests.shell.ui_pages import draw

PAGER = '{% from "ui/lists.html" import pager %}{{ pager(page) }}'
COUNT = '{% from "ui/lists.html" import count_bar %}{{ count_bar(page) }}'
HEADING = '{% from "ui/lists.html" import sort_heading %}{{ sort_heading("整改时限", "due", sorting) }}'
BULK = """{% from "ui/lists.html" import bulk_bar, choose %}
{% call bulk_bar("/nudge", total=27) %}<button>催办</button>{% endcall %}{{ choose("7", "巡察2026-1-007") }}"""
FIGURE = '{% from "ui/figures.html" import figure %}{{ figure(6, "已销号", url=url, light=light) }}'
CONFIRM = """{% from "ui/page.html" import confirm %}
{{ confirm("作废", "这 1 个事项不再计入统计。", "/void", "确认作废") }}"""
TIMELINE = '{% from "ui/page.html" import timeline %}{{ timeline(entries) }}'


def a_page(number: int, pages: int, **values: object) -> Thing:
    return Thing(
        number=number,
        pages=pages,
        has_previous=number > 1,
        has_next=number < pages,
        url=lambda n: f"?page={n}",
        **{"total": 27, "total_is_capped": False, **values},
    )


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, []),
        (1, 2, ["1", "2", "下一页"]),
        (5, 9, ["上一页", "1", "…", "3", "4", "5", "6", "7", "…", "9", "下一页"]),
        (9, 9, ["上一页", "1", "…", "7", "8", "9"]),
    ],
)
def test_the_pager_shows_the_ends_and_the_neighbours(number, pages, shown):
    html = draw(PAGER, page=a_page(number, pages))

    assert re.findall(r">([^<>\s]+)</(?:a|span)>", html) == shown


def test_the_pager_says_which_page_this_is():
    assert re.search(r'href="\?page=2" aria-current="page"', draw(PAGER, page=a_page(2, 3)))


def test_a_count_says_when_it_stopped_counting():
    assert "共 <b>27</b> 条" in draw(COUNT, page=a_page(1, 1))
    assert "超过 <b>10000</b> 条" in draw(COUNT, page=a_page(1, 1, total=10_000, total_is_capped=True))


@pytest.mark.parametrize(("direction", "arrow"), [("ascending", "↑"), ("descending", "↓")])
def test_a_sorted_heading_says_so_to_eyes_and_ears(direction, arrow):
    html = draw(HEADING, sorting=Thing(url=lambda key: f"?sort={key}", direction=lambda key: direction))

    assert f'aria-sort="{direction}"' in html
    assert arrow in html


def test_a_heading_that_does_not_sort_now_has_no_arrow():
    html = draw(HEADING, sorting=Thing(url=lambda key: f"?sort={key}", direction=lambda key: None))

    assert "aria-sort" not in html
    assert 'href="?sort=due"' in html


def test_chosen_rows_are_sent_with_the_bulk_form():
    html = draw(BULK)

    assert '<form class="bulk" id="bulk" method="post" action="/nudge"' in html
    assert 'name="chosen" value="7" form="bulk" aria-label="选择 巡察2026-1-007"' in html
    assert "the-token" in html
    assert "符合条件的全部 27 条" in html


def test_an_empty_list_offers_what_puts_something_there():
    html = draw('{% from "ui/lists.html" import empty %}{{ empty("还没有问题", "粘贴反馈意见", "/intake", "录入") }}')

    assert '<a class="btn btn-primary" href="/intake">录入</a>' in html


def test_a_light_has_words_beside_its_colour():
    source = '{% from "ui/items.html" import light %}{{ light(it) }}'

    assert draw(source, it=Thing(code="late", words="逾期6天")) == '<span class="light late">逾期6天</span>'


def test_a_figure_links_to_its_items_and_is_no_link_without_an_address():
    assert '<a class="figure" href="/items">' in draw(FIGURE, url="/items", light=None)
    assert "<a" not in draw(FIGURE, url=None, light="late")


def test_a_figure_of_none_does_not_link():
    source = '{% from "ui/figures.html" import number_cell %}{{ number_cell(n, "/items") }}'

    assert draw(source, n=0) == '<td class="num">0</td>'
    assert draw(source, n=3) == '<td class="num"><a href="/items">3</a></td>'


def test_a_bar_is_drawn_by_attributes():
    html = draw('{% from "ui/page.html" import rate_bar %}{{ rate_bar(37.5, "37.5%") }}')

    assert '<rect width="37.5" height="8"/>' in html
    assert "<span>37.5%</span>" in html


def test_the_timeline_marks_what_went_wrong():
    entries = [Thing(time="4月2日", text="退回", is_bad=True), Thing(time="3月30日", text="申请", is_bad=False)]

    html = draw(TIMELINE, entries=entries)
    assert html.count('<li class="bad">') == 1
    assert "<time>4月2日</time>退回" in html


def test_a_dangerous_act_says_what_will_happen_before_its_button():
    html = draw(CONFIRM)

    assert html.index("不再计入统计") < html.index("确认作废")
    assert "the-token" in html


def test_what_people_wrote_is_escaped_everywhere():
    source = """{% from "ui/items.html" import text_cell %}{% from "ui/page.html" import facts %}
    {{ text_cell(evil) }}{{ facts([(evil, evil, "/x"), ("责任人", none)]) }}"""

    html = draw(source, evil="<i>x</i>")
    assert "<i>" not in html
    assert "<dd>—</dd>" in html
