"""Deadlines as they stand in real cells."""

from datetime import date

import pytest

from tracker.core.errors import DomainError
from tracker.items.deadlines import read_deadline
from tracker.items.rules import DeadlineKind

RECEIVED = date(2022, 3, 16)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("2022.6.30", date(2022, 6, 30)),
        ("2022-06-30", date(2022, 6, 30)),
        ("2022/6/30", date(2022, 6, 30)),
        ("2022/6/30 0:00", date(2022, 6, 30)),
        ("20220630", date(2022, 6, 30)),
        ("2022年6月30日", date(2022, 6, 30)),
        ("2022年6月30日前", date(2022, 6, 30)),
        ("2022年6月30日之前完成整改", date(2022, 6, 30)),
        ("于2022年6月30日前完成", date(2022, 6, 30)),
        ("２０２２年６月３０日", date(2022, 6, 30)),
        ("二〇二二年六月三十日", date(2022, 6, 30)),
        ("44742", date(2022, 6, 30)),
        ("2022年3月底前", date(2022, 3, 31)),
        ("2022年2月", date(2022, 2, 28)),
        ("2024年2月底", date(2024, 2, 29)),
        ("2022年6月份", date(2022, 6, 30)),
        ("2022.6", date(2022, 6, 30)),
        ("2022-06", date(2022, 6, 30)),
        ("2022年6月末", date(2022, 6, 30)),
        ("2022年6月上旬", date(2022, 6, 10)),
        ("2022年6月中旬前", date(2022, 6, 20)),
        ("2022年6月下旬", date(2022, 6, 30)),
        ("6月底前", date(2022, 6, 30)),
        ("六月底前", date(2022, 6, 30)),
        ("12月底", date(2022, 12, 31)),
        ("十二月底前", date(2022, 12, 31)),
        ("6月30日前", date(2022, 6, 30)),
        ("3月底前", date(2022, 3, 31)),
        ("2月底前", date(2023, 2, 28)),
        ("3月15日", date(2023, 3, 15)),
        ("3月16日", date(2022, 3, 16)),
        ("2022年底前", date(2022, 12, 31)),
        ("2022年底", date(2022, 12, 31)),
        ("2022年年底前", date(2022, 12, 31)),
        ("2022年末", date(2022, 12, 31)),
        ("2022年内", date(2022, 12, 31)),
        ("2023年", date(2023, 12, 31)),
        ("年底前", date(2022, 12, 31)),
        ("今年年底前", date(2022, 12, 31)),
        ("明年6月底前", date(2023, 6, 30)),
        ("2022年上半年", date(2022, 6, 30)),
        ("下半年", date(2022, 12, 31)),
        ("2022年第二季度末", date(2022, 6, 30)),
        ("一季度", date(2022, 3, 31)),
        ("90天", date(2022, 6, 14)),
        ("90天内", date(2022, 6, 14)),
        ("30日内", date(2022, 4, 15)),
        ("两周内", date(2022, 3, 30)),
        ("3个月内", date(2022, 6, 16)),
        ("三个月内完成", date(2022, 6, 16)),
        ("半年内", date(2022, 9, 16)),
        ("一年内", date(2023, 3, 16)),
        ("2022年3月至6月", date(2022, 6, 30)),
        ("2022年3月-6月", date(2022, 6, 30)),
        ("全年", date(2022, 12, 31)),
        ("2022年3月—2022年9月底", date(2022, 9, 30)),
        ("2022.3-2022.9", date(2022, 9, 30)),
        ("2022.3-9", date(2022, 9, 30)),
        ("收到反馈意见后2个月内", date(2022, 5, 16)),
        ("自收到反馈之日起三个月内", date(2022, 6, 16)),
        ("2022年度", date(2022, 12, 31)),
        ("本年度", date(2022, 12, 31)),
        ("本月底前", date(2022, 3, 31)),
        ("22年6月底", date(2022, 6, 30)),
        ("2022年4月（已完成）", date(2022, 4, 30)),
        ("2022年6月底前取得阶段性成效", date(2022, 6, 30)),
        ("2022年“七一”前", date(2022, 7, 1)),
        ("国庆节前", date(2022, 10, 1)),
    ],
)
def test_a_date_is_read_however_it_is_written_and_kept_as_printed(text: str, due_on: date) -> None:
    deadline = read_deadline(text, RECEIVED)
    assert (deadline.kind, deadline.due_on, deadline.then_sustained) == (DeadlineKind.BY_DATE, due_on, False)
    assert deadline.text == text


@pytest.mark.parametrize("text", ["立行立改", "即知即改", "立查立改", " 立行立改 ", "立即整改", "立行立改。"])
def test_at_once_has_no_date_of_its_own(text: str) -> None:
    deadline = read_deadline(text, RECEIVED)
    assert (deadline.kind, deadline.due_on, deadline.text) == (DeadlineKind.AT_ONCE, None, text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "长期坚持",
        "持续整改",
        "持续推进",
        "长期",
        "长期坚持，持续推进",
        "常态化推进",
        "每月底",
        "定期开展",
        "每月25日前",
        "每年12月底前",
    ],
)
def test_long_term_has_no_date(text: str) -> None:
    deadline = read_deadline(text, RECEIVED)
    assert (deadline.kind, deadline.due_on, deadline.then_sustained) == (DeadlineKind.LONG_TERM, None, False)


@pytest.mark.parametrize(
    ("text", "kind", "due_on"),
    [
        ("2025年底前，并长期坚持", DeadlineKind.BY_DATE, date(2025, 12, 31)),
        ("2022年6月底前完成，并持续推进", DeadlineKind.BY_DATE, date(2022, 6, 30)),
        ("2022年6月底前取得阶段性成效，并长期坚持", DeadlineKind.BY_DATE, date(2022, 6, 30)),
        ("2022年6月底（长期坚持）", DeadlineKind.BY_DATE, date(2022, 6, 30)),
        ("立行立改，并长期坚持", DeadlineKind.AT_ONCE, None),
        ("立行立改，长期坚持", DeadlineKind.AT_ONCE, None),
    ],
)
def test_a_deadline_may_be_kept_up_for_ever(text: str, kind: DeadlineKind, due_on: date | None) -> None:
    deadline = read_deadline(text, RECEIVED)
    assert (deadline.kind, deadline.due_on, deadline.then_sustained, deadline.text) == (kind, due_on, True, text)


def test_at_once_with_a_date_and_stages_with_a_date_keep_both() -> None:
    assert read_deadline("立行立改，2022年4月底前", RECEIVED).due_on == date(2022, 4, 30)
    staged = read_deadline("分阶段推进，2022年底前完成", RECEIVED)
    assert (staged.kind, staged.due_on) == (DeadlineKind.STAGED, date(2022, 12, 31))
    told = read_deadline("第一阶段：2022年6月底前；第二阶段：2022年12月底前", RECEIVED)
    assert (told.kind, told.due_on) == (DeadlineKind.STAGED, date(2022, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "尽快",
        "下周一",
        "2022年13月",
        "2022年2月30日",
        "6月31日",
        "12",
        "99999",
        "分阶段",
        "10个工作日",
        "2022年6月底前或12月底前",
        "第一阶段：尽快；第二阶段：2022年12月底前",
        "2022.06-30",
        "0000年1月1日",
        "9999年",
        "20226年6月",
        "待定" * 200,
    ],
)
def test_what_can_not_be_read_is_refused_never_guessed(text: str) -> None:
    with pytest.raises(DomainError):
        read_deadline(text, RECEIVED)
