"""The face as text: every template compiles, nothing is inline, each page has its one h1."""

import re

import pytest
from jinja2 import nodes

from tests.shell.ui_pages import TEMPLATES, a_shell, draw, environment, ids, names, somebody

ERRORS = [name for name in names() if name.startswith("shell/errors/")]
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
EMPTY_PAGE = (
    '{% extends "base.html" %}{% block title %}待办{% endblock %}{% block content %}<h1>待办</h1>{% endblock %}'
)
CONFLICT = {"message": "孙浩刚保存过。", "typed": {"目标": "三项"}, "stored": {"目标": None}, "back_url": "/x"}


@pytest.mark.parametrize("name", names())
def test_every_template_compiles(name):
    environment().get_template(name)


@pytest.mark.parametrize("name", names())
def test_no_template_holds_a_script_or_a_style(name):
    assert not INLINE.search((TEMPLATES / name).read_text())


@pytest.mark.parametrize("name", names())
def test_words_for_people_go_through_the_catalogue(name):
    """Chinese outside of a call of gettext would stay Chinese in the English page; only the language switch may."""
    env = environment()
    tree = env.parse((TEMPLATES / name).read_text())
    printed = [data.data for data in tree.find_all(nodes.TemplateData) if re.search(r"[\u4e00-\u9fff]", data.data)]

    assert [text for text in printed if 'name="language"' not in text] == []


def test_a_page_in_the_shell_has_the_skip_link_first_and_one_main():
    html = draw(EMPTY_PAGE)

    assert re.search(r"<body[^>]*>\s*<a class=\"skip\" href=\"#main\">", html)
    assert html.count("<main") == 1
    assert "<title>待办 · 整改台账</title>" in html
    assert 'lang="zh-CN"' in html


def test_ids_are_given_once():
    found = ids(draw(EMPTY_PAGE))

    assert len(found) == len(set(found))


def test_the_shell_shows_where_one_is_and_what_must_not_be_typed():
    html = draw(EMPTY_PAGE)

    assert html.count('aria-current="page">问题清单') == 3  # menu, bottom bar and its sheet
    assert "涉密信息不得录入" in html
    assert 'value="/items?page=2"' in html  # the language switch comes back here


def test_the_bottom_bar_holds_only_what_was_chosen_for_it_and_the_whole_menu_behind_more():
    bottom = draw(EMPTY_PAGE).split('<nav class="bottom"')[1].split("</nav>")[0]
    bar, sheet = bottom.split('<details class="more">')

    assert re.findall(r">([^<>]+)</a>", bar) == ["待办", "问题清单"]
    assert "责任清单" in sheet
    assert 'action="/sign-out"' in sheet


def test_a_stranger_sees_no_menu_no_search_and_no_count():
    html = draw(EMPTY_PAGE, current_user=somebody(is_authenticated=False))

    assert 'class="menu"' not in html
    assert 'role="search"' not in html
    assert "条未读" not in html


def test_the_demo_says_so_and_the_real_system_does_not():
    assert "演示" in draw(EMPTY_PAGE, shell=a_shell(is_demo=True))
    assert "演示" not in draw(EMPTY_PAGE)


def test_every_post_of_the_shell_carries_the_token():
    html = draw(EMPTY_PAGE)

    forms = re.findall(r'<form[^>]*method="post".*?</form>', html, re.DOTALL)
    assert len(forms) == 3
    assert all('value="the-token"' in form for form in forms)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_has_one_h1_and_a_way_back(name):
    env = environment()
    html = env.get_template(name).render(shell=a_shell(), current_user=somebody(), back_url="/items")

    assert html.count("<h1") == 1
    assert 'href="/items"' in html
    assert name.removeprefix("shell/errors/").removesuffix(".html") in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_can_be_drawn_without_the_shell(name):
    html = environment().get_template(name).render(layout="shell/bare.html", incident="7F3A")

    assert html.count("<h1") == 1
    assert "7F3A" in html


def test_an_error_page_gives_back_what_was_typed():
    env = environment()
    html = env.get_template("shell/errors/503.html").render(
        shell=a_shell(), current_user=somebody(), message="数据库忙", typed={"理由": "<b>第一行\n第二行"}
    )

    assert "&lt;b&gt;第一行\n第二行</textarea>" in html
    assert "数据库忙" in html


def test_the_conflict_page_shows_both_versions():
    html = (
        environment().get_template("shell/conflict.html").render(shell=a_shell(), current_user=somebody(), **CONFLICT)
    )

    assert "三项</textarea>" in html
    assert html.count("<h1") == 1
    assert re.search(r'class="stored"[^>]*>—<', html)
