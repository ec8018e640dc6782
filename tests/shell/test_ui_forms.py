"""Forms: labels, help and errors belong to their fields, and the summary's links lead to them."""

import re

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from tests.shell.ui_pages import draw, ids

ONE_FIELD = '{% from "ui/forms.html" import field %}{{ field(form.reason) }}'
SUMMARY = """{% from "ui/forms.html" import error_summary, field %}
{{ error_summary(form) }}{% for f in form %}{{ field(f) }}{% endfor %}"""
PAGE = """{% extends "base.html" %}{% from "ui/forms.html" import form_page, field %}
{% block title %}申请延期{% endblock %}
{% block content %}{% call form_page(form, "申请延期", "提交申请", cancel_url="/back", trail=[("台账", "/")]) %}
{{ field(form.reason) }}{% endcall %}{% endblock %}"""


class CivilDateField(StringField):
    pass


class Extension(Form):
    version = HiddenField(default="3")
    reason = TextAreaField("申请理由", [InputRequired("请写明理由。")], description="写清完成到哪一步。")
    until = CivilDateField("申请延期至", [InputRequired("请填写日期。")])
    degree = RadioField("完成程度", choices=["大部分", "刚开始"], validators=[InputRequired("请选择。")])
    promise = BooleanField("所填内容真实", [InputRequired("请签字背书。")])


class Evidence(Form):
    file = FileField("佐证材料")


class Line(Form):
    text = StringField("措施", [InputRequired("请写措施。")])


class Lines(Form):
    lines = FieldList(FormField(Line), min_entries=2)


def a_refused_form() -> Extension:
    form = Extension(MultiDict({"reason": ""}))
    form.validate()
    return form


def test_a_field_has_its_label_and_help():
    html = draw(ONE_FIELD, form=Extension())

    assert '<label for="reason">申请理由' in html
    assert '<p class="help" id="reason-help">写清完成到哪一步。</p>' in html
    assert 'aria-describedby="reason-help"' in html
    assert "aria-invalid" not in html


def test_a_wrong_field_is_described_by_its_error_too():
    html = draw(ONE_FIELD, form=a_refused_form())

    assert 'aria-describedby="reason-help reason-error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'id="reason-error">.*请写明理由。', html)


def test_every_link_of_the_summary_leads_to_something_on_the_page():
    html = draw(SUMMARY, form=a_refused_form())

    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["reason", "until", "degree-0", "promise"]
    assert set(links) <= set(ids(html))


def test_the_summary_reaches_into_lists_of_forms():
    form = Lines(MultiDict({"lines-0-text": "印发办法", "lines-1-text": ""}))
    form.validate()

    html = draw('{% from "ui/forms.html" import error_summary %}{{ error_summary(form) }}', form=form)

    assert re.findall(r'href="#([^"]+)"', html) == ["lines-1-text"]


def test_a_refusal_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = Extension()
    form.form_errors.append("已有一份未决的申请。")

    html = draw('{% from "ui/forms.html" import error_summary %}{{ error_summary(form) }}', form=form)

    assert "<li>已有一份未决的申请。</li>" in html


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in draw(SUMMARY, form=Extension())


def test_what_was_typed_is_escaped_and_kept():
    form = Extension(MultiDict({"reason": "<script>"}))

    assert "&lt;script&gt;</textarea>" in draw(ONE_FIELD, form=form)


def test_a_date_is_typed_as_text_and_may_be_picked():
    html = draw('{% from "ui/forms.html" import field %}{{ field(form.until) }}', form=Extension())

    typed, picked = re.findall(r"<input[^>]*>", html)
    assert 'type="text"' in typed
    assert 'placeholder="如 20261231"' in typed
    assert 'data-fills="until"' in picked
    assert "name=" not in picked


def test_choices_are_a_fieldset_described_by_its_error():
    html = draw('{% from "ui/forms.html" import field %}{{ field(form.degree) }}', form=a_refused_form())

    assert '<fieldset class="field has-error" aria-describedby="degree-error">' in html
    assert '<label class="form-check-label" for="degree-0">大部分</label>' in html


def test_a_select_looks_like_one():
    class Review(Form):
        by = SelectField("审核人", choices=["陈静"])

    html = draw('{% from "ui/forms.html" import field %}{{ field(form.by) }}', form=Review())
    assert '<select class="form-select" id="by"' in html


def test_a_form_page_carries_token_version_title_and_way_out():
    html = draw(PAGE, form=Extension())
    form = re.search(r'<form class="card-plain form".*?</form>', html, re.DOTALL)[0]

    assert html.count("<h1>申请延期</h1>") == 1
    assert 'name="csrf_token" value="the-token"' in form
    assert 'name="version" type="hidden" value="3"' in form
    assert 'name="reason"' in form
    assert 'href="/back"' in form
    assert "multipart" not in form


def test_a_form_with_a_file_is_sent_in_parts():
    source = '{% from "ui/forms.html" import the_form %}{% call the_form(form) %}{% endcall %}'

    assert 'enctype="multipart/form-data"' in draw(source, form=Evidence())
