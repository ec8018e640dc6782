"""Wordings that staff edit: what they may say, and that nothing in them can run."""

import pytest

from tracker.office.text_templates import TEXT_LIMIT, Record, Rows, TemplateFault, check, names_in, render

SHAPE = {"total": None, "tasks": Record({"total"}), "sources": Rows({"title", "closed"})}
VALUES = {
    "total": 27,
    "tasks": {"total": 0},
    "sources": [{"title": "督查", "closed": 24}, {"title": "巡察", "closed": 3}],
}


def test_names_conditions_and_lists_are_filled() -> None:
    text = "共{{ total }}个{% if tasks.total %}、{{ tasks.total }}项{% endif %}："
    text += "{% for each in sources %}{% if not loop.first %}、{% endif %}{{ each.title }}{{ each.closed }}{% endfor %}"
    assert check(text, SHAPE) == []
    assert names_in(text) == {"total", "tasks", "sources"}
    assert render(text, VALUES, SHAPE, str) == "共27个：督查24、巡察3"


def test_a_condition_compares_with_numbers_and_words() -> None:
    text = "{% if total >= 27 and not tasks.total or total == 'x' %}够{% elif total %}有{% else %}无{% endif %}"
    assert render(text, VALUES, SHAPE, str) == "够"


@pytest.mark.parametrize(
    "text",
    [
        "{{ total.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ total()  }}",
        "{{ total * 1000000 }}",
        "{{ 'x' * total }}",
        "{{ 9 ** 9 }}",
        "{{ range(1000000) }}",
        "{{ total|string }}",
        "{{ sources[0] }}",
        "{{ self }}",
        "{{ sources }}",
        "{{ tasks }}",
        "{{ cycler }}",
        "{% set x = 1 %}",
        "{% macro a() %}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'x' as x %}",
        "{% extends 'x' %}",
        "{% for a in sources %}{% for b in sources %}{% endfor %}{% endfor %}",
        "{% for a in sources recursive %}{{ a.title }}{% endfor %}",
        "{% for a in sources if a.closed %}{% endfor %}",
        "{% for a, b in sources %}{% endfor %}",
        "{% for total in sources %}{% endfor %}",
        "{% for a in tasks %}{% endfor %}",
        "{% for a in total %}{% endfor %}",
        "{% for a in 'xxxxxxxx' %}{% endfor %}",
        "{{ [total] }}",
        "{{ total if tasks.total else 3 }}",
        "{{ total ~ total }}",
        "{% raw %}{{ total }}",
        "{% if total %}",
        "{{ total",
        "{{ " + "(" * 9000 + "total",
        "{% if total %}" * 300 + "{% endif %}" * 300,
    ],
)
def test_what_could_run_or_never_end_is_refused_with_its_line(text: str) -> None:
    faults = check("第一行\n" + text, SHAPE)
    assert faults
    assert all(fault.line in (1, 2) for fault in faults)
    with pytest.raises(TemplateFault):
        render(text, VALUES, SHAPE, str)


def test_every_unknown_name_is_told_with_its_line() -> None:
    faults = check("{{ total }}\n{{ totl }}\n{% for each in sources %}{{ each.open }}{% endfor %}", SHAPE)
    assert [(str(fault), fault.line) for fault in faults] == [
        ("没有“totl”这个名称。", 2),
        ("没有“each.open”这个名称。", 3),
    ]


def test_a_text_that_is_too_long_is_refused_unread() -> None:
    assert "20000" in str(check("{{" * TEXT_LIMIT, SHAPE)[0])


def test_a_number_that_python_cannot_read_is_a_fault_like_others() -> None:
    [fault] = check("{% if total == " + "9" * 5000 + " %}x{% endif %}", SHAPE)
    assert "数字太长" in str(fault.message)


def test_looking_for_names_works_nothing_out() -> None:
    assert names_in("{{ 2 ** 100000000 }}{{ 'x' * 1000000000 }}{% for a in b %}{{ a }}{% endfor %}") == {"b"}
