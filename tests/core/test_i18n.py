"""Texts in the language of the reader, wherever they come from."""

import pytest
from flask import Flask, render_template_string
from wtforms import SelectField, StringField
from wtforms.validators import Length

from tracker.core.forms import Form
from tracker.core.i18n import force_locale, gettext, lazy_gettext


class Choice(Form):
    kind = SelectField(choices=["甲"])
    name = StringField(validators=[Length(max=2)])


def test_a_text_follows_the_language_that_is_forced_and_comes_back(app: Flask) -> None:
    label = lazy_gettext("保存")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert (gettext("保存"), str(label)) == ("Save", "Save")
        with force_locale("zh"):
            assert (gettext("保存"), str(label)) == ("保存", "保存")
        assert (gettext("保存"), str(label)) == ("Save", "Save")


def test_a_text_is_its_own_where_nobody_reads() -> None:
    assert gettext("已选 %(count)s 项", count=2) == "已选 2 项"


@pytest.mark.parametrize(
    ("language", "of_choice", "of_length"),
    [
        ("zh", "不是有效的选择", "字段长度不能超过 2 个字符"),
        ("en", "Not a valid choice", "Field cannot be longer than 2 characters"),
    ],
)
def test_what_the_library_of_forms_says_is_in_the_language_of_the_reader(
    app: Flask, language: str, of_choice: str, of_length: str
) -> None:
    sent = {"kind": "乙", "name": "三个字"}
    with app.test_request_context(method="POST", data=sent, headers={"Accept-Language": language}):
        form = Choice()
        assert not form.validate_on_submit()
        assert of_choice in form.kind.errors[0]
        assert of_length in form.name.errors[0]


def test_a_template_fills_in_a_number_with_all_else_that_a_text_names(app: Flask) -> None:
    with app.test_request_context():
        told = '{{ ngettext("%(name)s has %(num)d", "%(name)s have %(num)d", 2, name="A") }}'
        assert render_template_string(told) == "A have 2"
