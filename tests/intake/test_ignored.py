"""What must not become an item, and what must not be left out by mistake."""

import pytest

from tests.intake.texts import problems_of, reading_of, reasons_of

DEMAND = "这是提出的要求或建议，不是问题"
PLEDGE = "这是表态，不是问题"
DONE = "这是已经做的工作，不是问题"
PRAISE = "这是对工作的肯定，不是问题"
PLAN = "这是下一步的打算或整改措施，不是问题"
CAUSE = "这是原因分析，不是问题"
FORMALITY = "这是标题、称谓、落款等格式内容，不是问题"
DUTY = "这是责任分工或时限，不是问题"

PROBLEMS = "检查发现以下问题：\n1.学习不深入。\n2.制度不健全。\n3.台账不完善。"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("督查组要求：一要提高认识；二要压实责任；三要务求实效。", DEMAND),
        ("会议强调，要切实抓好整改，不得敷衍应付。", DEMAND),
        ("针对以上问题，提出如下建议：一是提高认识；二是完善制度。", DEMAND),
        ("希望你们正视问题、举一反三。", DEMAND),
        ("请于收到本意见之日起15个工作日内报送整改方案。", DEMAND),
        ("张书记代表工委表示，对反馈的问题照单全收。", PLEDGE),
        ("我们将以此次督查为契机，坚决改正。", PLEDGE),
        ("下一步，工委将针对学习不深入的问题制定计划。", PLAN),
        ("产生上述问题的主要原因是思想认识不到位。", CAUSE),
        ("附件：问题清单", FORMALITY),
        ("特此反馈。", FORMALITY),
        ("中共XX市委第二巡察组", FORMALITY),
        ("2026年3月16日", FORMALITY),
        ("二〇二六年三月十六日", FORMALITY),
        ("责任领导：张三", DUTY),
        ("整改措施：制定学习计划。", PLAN),
        ("整改情况：已制定计划。", DONE),
    ],
)
def test_words_after_the_problems_are_no_part_of_the_last_one(words: str, why: str) -> None:
    reading = reading_of(f"{PROBLEMS}\n{words}")

    assert problems_of(reading) == ["学习不深入", "制度不健全", "台账不完善"]
    assert reasons_of(reading)[words] == why


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("近年来，你单位党建工作取得明显成效。", PRAISE),
        ("一年来，组织主题党日12次，开展培训3期。", DONE),
        ("根据年度安排，督查组于3月开展了督查。", FORMALITY),
    ],
)
def test_words_before_the_problems_are_no_problems(words: str, why: str) -> None:
    reading = reading_of(f"{words}\n{PROBLEMS}")

    assert problems_of(reading) == ["学习不深入", "制度不健全", "台账不完善"]
    assert reasons_of(reading)[words] == why


@pytest.mark.parametrize(
    "heading",
    [
        "整改要求",
        "意见建议",
        "下一步工作打算",
        "努力方向",
        "整改措施",
        "原因分析",
        "产生问题的根源剖析",
        "主要成效",
        "总体评价",
        "几点建议",
    ],
)
def test_a_part_under_such_a_heading_is_left_out_whole(heading: str) -> None:
    text = f"""
一、{heading}
1.思想认识不到位。
2.制度不完善。
二、存在的问题
1.学习不深入。
三、{heading}
1.工作不扎实。
"""

    assert problems_of(reading_of(text)) == ["学习不深入"]


@pytest.mark.parametrize(
    "heading",
    [
        "存在问题",
        "存在的主要问题",
        "主要问题",
        "巡察发现的主要问题",
        "督查发现的突出问题和不足",
        "存在的问题及原因分析",
        "存在的短板和不足",
        "查摆出的问题",
        "自身存在的差距和不足",
        "反馈问题清单",
        "需要注意的问题",
    ],
)
def test_a_part_under_such_a_heading_is_read_alone(heading: str) -> None:
    text = f"""
一、履职情况
（一）抓学习。组织学习12次。
二、{heading}
（一）学习不深入。
（二）制度不健全。
三、改进方向
（一）抓学习。
"""

    assert problems_of(reading_of(text)) == ["学习不深入", "制度不健全"]


@pytest.mark.parametrize(
    "problem",
    [
        "要求不严，纪律松弛",
        "请示报告制度执行不到位",
        "请销假手续不全",
        "坚持第一议题制度不够经常",
        "落实主体责任不够有力",
        "加强党员教育的办法不多",
        "以会议落实会议",
        "提高政治站位不够",
        "针对群众反映的主要问题整改不及时",
        "对上级要求落实不够",
        "要素保障不到位",
        "建议办理答复超期",
        "希望工程捐款未及时拨付",
        "第一议题制度坚持不够经常，2021年有2个月未组织集中学习",
        "有的党员理论学习不够深入",
        "三要素公示不全",
        "一是一、二是二的作风没有树立",
    ],
)
def test_a_fault_that_begins_like_a_demand_is_a_problem(problem: str) -> None:
    text = f"1.学习不深入。\n2.{problem}。\n3.制度不健全。"

    assert problem in problems_of(reading_of(text))


def test_a_demand_among_problems_is_left_out_even_if_it_speaks_of_faults() -> None:
    reading = reading_of("1.学习不深入。\n2.制度不健全。\n3.要举一反三，杜绝违规报销再次发生。")

    assert problems_of(reading) == ["学习不深入", "制度不健全"]
    assert reasons_of(reading)["3.要举一反三，杜绝违规报销再次发生。"] == DEMAND


def test_words_quoted_in_a_problem_are_not_taken_for_numbers() -> None:
    text = "1.对“一是学习；二是研讨”的要求落实不到位。\n2.未按《办法（1.总则；2.职责）》执行。"

    assert problems_of(reading_of(text)) == [
        "对“一是学习；二是研讨”的要求落实不到位",
        "未按《办法（1.总则；2.职责）》执行",
    ]


def test_a_nested_list_stays_in_its_problem_and_the_outer_list_goes_on() -> None:
    text = "主要问题：一是制度不健全，具体有：一是无财务办法；二是无用车规定。二是执行不严格。三是监督不到位。"

    assert problems_of(reading_of(text)) == [
        "制度不健全，具体有：一是无财务办法；二是无用车规定",
        "执行不严格",
        "监督不到位",
    ]


def test_a_list_may_run_over_several_paragraphs() -> None:
    text = "主要问题有：一是学习不深入。\n二是制度不健全；三是执行不严格。\n四是监督不到位。"

    assert len(problems_of(reading_of(text))) == 4


def test_an_explanation_belongs_to_its_problem_and_a_demand_below_it_does_not() -> None:
    text = "1.学习不深入\n全年只学了2次。\n2.制度不健全\n没有用车规定。\n请立即整改。"

    assert problems_of(reading_of(text)) == ["学习不深入。全年只学了2次", "制度不健全。没有用车规定"]


def test_a_text_without_problems_says_so() -> None:
    reading = reading_of("会议传达了上级精神。\n大家作了表态发言。")

    assert problems_of(reading) == []
    assert "没有读到问题" in reading.warnings[-1]


def test_an_empty_text_is_a_reading_without_lines() -> None:
    assert reading_of(" ").lines == ()
