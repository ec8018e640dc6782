"""Sentences that people write or edit, held against the counts."""

from dataclasses import replace

import pytest

from tests.reports.worlds import F, a_source, an_item, facts_of, three_of_27_open
from tracker.reports.rules import Facts
from tracker.reports.statements import check_statement, name_of, phrase_of
from tracker.sources.rules import SourceKind

ROUND = "市纪委市监委内部督查"


def three_open_and_a_finished_self_check() -> Facts:
    finished = a_source([an_item(1, F.CLOSED)], title="机关党支部自查", kind=SourceKind.SELF_CHECK)
    return facts_of(three_of_27_open(), finished)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (f"协助指导市直纪检监察工委完成{ROUND}反馈的3个方面9大类27个问题整改。", "已销号24个，不是27个"),
        (f"{ROUND}反馈的问题已完成27个。", "已销号24个，不是27个"),
        (f"{ROUND}反馈的问题完成整改并销号26个。", "已销号24个，不是26个"),
        (f"{ROUND}反馈的27个问题已全部完成整改。", "尚有3个未销号"),
        (f"{ROUND}反馈问题均已整改到位。", "尚有3个未销号"),
        (f"{ROUND}反馈的问题完成全部整改。", "尚有3个未销号"),
        (f"{ROUND}反馈问题销号率达95%。", "销号率应为88.9%（24÷27），不是95%"),
        (f"{ROUND}反馈问题完成率为100％。", "完成率应为88.9%（24÷27），不是100%"),
        (f"{ROUND}反馈问题整改完成率95%。", "整改完成率应为88.9%"),
        ("列入台账的问题已完成28个。", "已销号25个，不是28个"),
        ("所有问题都已销号。", "尚有3个未销号"),
        (f"{ROUND}反馈的27个问题已完成整改。", "已销号24个，不是27个"),
        (f"{ROUND}反馈的27个问题已经整改完毕。", "已销号24个，不是27个"),
        (f"{ROUND}反馈的27个问题均已按期销号。", "尚有3个未销号"),
        (f"{ROUND}反馈的问题已整改26个。", "已销号24个，不是26个"),
        (f"{ROUND}已完成二十七个问题整改。", "已销号24个，不是27个"),
        (f"{ROUND}完成２７个问题整改。", "已销号24个，不是27个"),
        (f"{ROUND}问题全 部完成整改。", "尚有3个未销号"),
        (f"{ROUND}问题“全部”完成整改。", "尚有3个未销号"),
        (f"{ROUND}反馈的问题全面完成整改。", "尚有3个未销号"),
        (f"{ROUND}销号率百分之百。", "销号率应为88.9%"),
        (f"{ROUND}销号率达到了100 %。", "销号率应为88.9%"),
        (f"{ROUND}整改率已达100%。", "整改率应为88.9%"),
        (f"{ROUND}未销号问题0个。", "未销号3个，不是0个"),
        (f"{ROUND}反馈的问题尚有1个问题未销号。", "未销号3个，不是1个"),
        ("承担的任务已全部完成。", "没有可统计的事项"),
        ("任务销号率100%。", "没有可统计的事项，销号率无法计算"),
    ],
)
def test_a_claim_that_the_counts_do_not_bear_is_refused(statement: str, why: str) -> None:
    said = check_statement(statement, three_open_and_a_finished_self_check())
    assert said is not None
    assert why in said


@pytest.mark.parametrize(
    "statement",
    [
        f"{ROUND}反馈的3个方面9大类27个问题整改，已完成24个，尚有3个未销号。",
        f"{ROUND}反馈问题销号率88.9%。",
        f"{ROUND}反馈的27个问题已完成24个。",
        f"{ROUND}反馈的27个问题已完成整改并销号24个，尚有3个未销号。",
        f"{ROUND}反馈的二十七个问题，已完成二十四个问题整改。",
        f"{ROUND}反馈的3个问题均未完成整改。",
        "每一个问题都明确责任领导，十余个单位抓好整改。",
        f"{ROUND}反馈问题销号率89%。",
        f"{ROUND}反馈问题未全部完成整改。",
        f"{ROUND}反馈的问题尚未完成3个。",
        "机关党支部自查发现的1个问题已全部完成。",
        "列入台账的问题已完成整改并销号25个。",
        "责任单位申报完成1个，均未计入已销号数。",
        "按期完成率70%。",
        "针对“已全部完成27个问题”的说法，按《全部完成办法》核对。",
        "明确问题清单、责任清单、整改清单，全面整改落实。",
    ],
)
def test_a_sentence_that_is_true_or_claims_nothing_is_stated(statement: str) -> None:
    assert check_statement(statement, three_open_and_a_finished_self_check()) is None


def test_the_units_own_word_makes_the_completion_rate_and_not_the_closure_rate() -> None:
    facts = facts_of(a_source([an_item(1, F.CLOSED), an_item(2, F.WORKING, F.COMPLETED_BY_UNIT)]))
    assert check_statement("整改完成率100%。", facts) is None
    assert check_statement("完成率100%。", facts) == "完成率应为50%（1÷2），不是100%。"


@pytest.mark.parametrize(
    ("title", "kind", "phrase"),
    [
        ("市纪委市监委内部督查反馈", SourceKind.SUPERVISION, "市纪委市监委内部督查反馈的"),
        ("市委第二巡察组反馈意见", SourceKind.INSPECTION, "市委第二巡察组反馈的"),
        ("上年度抓党建工作述职评议点评", SourceKind.APPRAISAL, "上年度抓党建工作述职评议点评指出的"),
        ("党史学习教育查摆问题清单", SourceKind.CAMPAIGN, "党史学习教育查摆出的"),
        ("机关党支部自查", SourceKind.SELF_CHECK, "机关党支部自查发现的"),
        ("2021年度述职报告存在问题", SourceKind.SELF_CHECK, "2021年度述职报告自查发现的"),
        ("反馈意见", SourceKind.INSPECTION, "反馈意见反馈的"),
    ],
)
def test_a_source_is_named_without_saying_its_kind_twice(title: str, kind: SourceKind, phrase: str) -> None:
    source = replace(three_of_27_open(), title=title, kind=kind)
    assert phrase_of(source) == phrase
    assert name_of(source) in title
