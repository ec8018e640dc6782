"""Forms trim, refuse control characters, and read dates as people type them."""

from datetime import date

import pytest
import time_machine
from flask import Flask

from tracker.core.forms import CivilDateField, Required, VersionedForm, read_date, text

TODAY = date(2026, 11, 23)


class Sample(VersionedForm):
    title = text("标题", 10, required=True)
    note = text("备注", 100, area=True)
    due_on = CivilDateField("日期")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20261231", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026.6.30", date(2026, 6, 30)),
        ("2026年6月3日", date(2026, 6, 3)),
        ("12月31日", date(2026, 12, 31)),
        ("6.30", date(2026, 6, 30)),
        (" 2026/1/2 ", date(2026, 1, 2)),
    ],
)
def test_a_date_may_be_typed_in_any_usual_form(typed: str, meant: date) -> None:
    assert read_date(typed, today=TODAY) == meant


@pytest.mark.parametrize(
    "typed", ["", "2026-02-30", "下周", "2026-13-01", "31/12/2026", "202612", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_date_is_not_guessed(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_date(typed, today=TODAY)


def filled(app: Flask, **values: str) -> Sample:
    with app.test_request_context(method="POST", data=values):
        form = Sample()
        form.validate()
        return form


def test_text_is_trimmed_of_every_kind_of_space(app: Flask) -> None:
    assert filled(app, title="　标题 \r\n").title.data == "标题"


@pytest.mark.parametrize("typed", ["", " ", "　", "\r\n\t "])
def test_blanks_in_a_required_field_are_nothing(app: Flask, typed: str) -> None:
    class Needed(Sample):
        since = CivilDateField("从", [Required("请填写此项。")])

    with app.test_request_context(method="POST", data={"title": typed, "since": typed}):
        form = Needed()
        assert not form.validate()
        assert (form.title.errors, form.since.errors) == (["请填写此项。"], ["请填写此项。"])


def test_a_required_date_that_cannot_be_read_says_so_and_not_that_it_is_missing(app: Flask) -> None:
    class Needed(Sample):
        since = CivilDateField("从", [Required("请填写此项。")])

    with app.test_request_context(method="POST", data={"title": "标题", "since": "下周"}):
        form = Needed()
        assert not form.validate()
        assert "认不出这个日期" in str(form.since.errors[0])


def test_a_field_of_one_line_holds_one_line_whatever_is_sent_to_it(app: Flask) -> None:
    assert filled(app, title="王敏\r\nBcc: x").title.data == "王敏 Bcc: x"
    assert filled(app, note="一\r\n二").note.data == "一\n二"


def test_control_characters_are_refused_because_no_database_and_no_word_file_holds_them(app: Flask) -> None:
    assert "控制字符" in str(filled(app, title="标\x00题").title.errors[0])


def test_a_text_that_is_too_long_says_how_long_it_may_be(app: Flask) -> None:
    assert "10" in str(filled(app, title="一" * 11).title.errors[0])


def test_a_wrong_date_is_shown_again_as_it_was_typed(app: Flask) -> None:
    form = filled(app, title="x", due_on="下周三")
    assert "认不出这个日期" in str(form.due_on.errors[0])
    assert form.due_on._value() == "下周三"


@time_machine.travel("2026-11-23T04:00:00+00:00")
def test_a_date_without_a_year_is_of_this_year(app: Flask) -> None:
    assert filled(app, title="x", due_on="12月31日").due_on.data == date(2026, 12, 31)


@pytest.mark.parametrize("sent", ["", "abc", "-1", "１"])
def test_a_version_that_was_tampered_with_counts_as_stale(app: Flask, sent: str) -> None:
    assert filled(app, title="x", version=sent).seen_version == 0


def test_a_post_without_the_sessions_token_is_refused_with_a_way_back(empty_app: Flask) -> None:
    empty_app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = empty_app.test_client().post("/language", data={"language": "en"})
    finally:
        empty_app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "刷新后再提交" in answer.text
