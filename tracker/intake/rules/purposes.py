"""What a passage is there for: to name problems, or something else that must not become an item."""

import re
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules import wording


class Purpose(StrEnum):
    """Why a passage stands in the text."""

    problems = "problems"
    overview = "overview"
    done = "done"
    praise = "praise"
    demand = "demand"
    plan = "plan"
    pledge = "pledge"
    cause = "cause"
    duty = "duty"
    formality = "formality"
    contents = "contents"
    column = "column"
    total = "total"
    introduction = "introduction"
    remark = "remark"
    surplus_heading = "surplus_heading"
    other_part = "other_part"
    aside = "aside"


REASONS: dict[Purpose, object] = {
    Purpose.overview: _l("这是总体情况的介绍，没有指出具体问题"),
    Purpose.done: _l("这是已经做的工作，不是问题"),
    Purpose.praise: _l("这是对工作的肯定，不是问题"),
    Purpose.demand: _l("这是提出的要求或建议，不是问题"),
    Purpose.plan: _l("这是下一步的打算或整改措施，不是问题"),
    Purpose.pledge: _l("这是表态，不是问题"),
    Purpose.cause: _l("这是原因分析，不是问题"),
    Purpose.duty: _l("这是责任分工或时限，不是问题"),
    Purpose.formality: _l("这是标题、称谓、落款等格式内容，不是问题"),
    Purpose.contents: _l("这是目录，正文里另有同样的标题"),
    Purpose.column: _l("这是表格中问题以外的栏目"),
    Purpose.total: _l("这是表格的合计行"),
    Purpose.introduction: _l("这是引出下文的话，本身没有列出问题"),
    Purpose.remark: _l("这是概括的说明，问题另在下面逐条列出"),
    Purpose.surplus_heading: _l("这一级标题多于方面、类别两级，没有录入"),
    Purpose.other_part: _l("这一部分在“存在问题”部分之外，没有录入"),
    Purpose.aside: _l("这段话没有编号，也没有指出不足，看不出是问题"),
}

NUMERALS = "[0-9０-９〇零一二三四五六七八九十百两XxＸ×*]+"
COUNT = re.compile(
    rf"[，,：:]?\s*[（(]?\s*(?:共|计|合计|共计)?\s*(?:{NUMERALS}\s*(?:个?大?方面|大?类|[个项条])(?:具体|突出|主要)?[、，,]?)+"
    r"(?:问题|不足)?\s*[）)]?\s*[。；：:]?$"
)
LONGEST_TITLE = 200
PUNCTUATION = "。；;，,：:、.． \t\u3000"
SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)]*|[^。！？!?]+$")

HEADS = {Purpose(name): re.compile(pattern) for name, pattern in wording.HEADS.items()}
LABELS = {
    Purpose(name): re.compile(rf"[【\[（(]?(?:{words})[】\]]?\s*[：:】\]]") for name, words in wording.LABELS.items()
}
LABEL_WORDS = {Purpose(name): re.compile(words) for name, words in wording.LABELS.items()}
CUES = {Purpose(name): re.compile(pattern) for name, pattern in wording.CUES.items()}
STARTS = {Purpose(name): re.compile(pattern) for name, pattern in wording.STARTS.items()}
LACK = re.compile(wording.LACK)
PLEDGE = re.compile(wording.PLEDGE)
PRAISE = re.compile(wording.PRAISE)
WORK = re.compile(wording.WORK)
IMPERATIVE = re.compile(wording.IMPERATIVE)
STRONG_DEMAND = re.compile(wording.STRONG_DEMAND)
FIELD = re.compile(rf".*{wording.FIELD}")
ASPECT_TITLE = re.compile(r".*(?:方面|领域|层面)")
OF_PROBLEMS = re.compile(r"(?<=.)(?:存在)?的?(?:主要|突出|具体)?问题$")
DUE = re.compile(r"[，；].{0,14}要(?!求)|应当?|必须|请(?![示假销客])")
ABOUT = re.compile(r"(?:[一二三四五六七八九十0-9]*[、.．])?(?:关于|针对)\s*[“\"‘「]?.+")


def sentences(text: str) -> list[str]:
    """Cut a passage after each full stop; joined again they give the passage."""
    return SENTENCE.findall(text)


def names_a_fault(text: str) -> bool:
    """Tell whether the words say that something is lacking or wrong."""
    return bool(LACK.search(text))


def names_a_field(title: str) -> bool:
    """Tell whether a heading names a field of work ("…方面") rather than what is wrong in it."""
    bare = subject_of(title)
    return bool(ASPECT_TITLE.fullmatch(bare)) or (bool(FIELD.fullmatch(bare)) and not names_a_fault(bare))


def subject_of(title: str) -> str:
    """A heading without the words 存在的问题 behind it."""
    return OF_PROBLEMS.sub("", bare_title(title))


def names_a_field_only(title: str) -> bool:
    """Tell whether a heading ends in 方面, as sections of problems are called."""
    return bool(ASPECT_TITLE.fullmatch(subject_of(title)))


def bare_title(text: str) -> str:
    """A heading without the count printed behind it ("（共9个问题）") and without punctuation at its ends."""
    stripped = text.strip(PUNCTUATION)
    if len(stripped) > LONGEST_TITLE:
        return stripped
    without = COUNT.sub("", stripped).strip(PUNCTUATION)
    return without or stripped


def title_of(text: str) -> str:
    """The words of a heading, cut where its explanation begins."""
    return bare_title(text[: title_end(text)])


def title_end(text: str) -> int:
    """Where the heading in a text ends: at the first full stop, semicolon or colon outside quotes."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "“（(《【") - (character in "”）)》】")
        if depth <= 0 and character in "。；;：:！？!?":
            return place + 1
    return len(text)


def purpose_of_heading(title: str) -> Purpose | None:
    """Tell what the part under a heading is for; None when the heading belongs to the outline of problems."""
    bare = re.sub(r"\s+", "", bare_title(title))
    if len(bare) > 40:
        return None
    return next((purpose for purpose, pattern in HEADS.items() if pattern.fullmatch(bare)), None)


def purpose_of_label(text: str) -> Purpose | None:
    """Tell the purpose of a passage that begins with a label such as "整改措施："; None when there is no label."""
    return next((purpose for purpose, pattern in LABELS.items() if pattern.match(text)), None)


def purpose_of_label_word(text: str) -> Purpose | None:
    """Tell the purpose of a label that stands alone in a cell or a line."""
    bare = text.strip(PUNCTUATION + "【】[]")
    return next((purpose for purpose, pattern in LABEL_WORDS.items() if pattern.fullmatch(bare)), None)


def purpose_of_introduction(text: str) -> Purpose | None:
    """Tell what the list after a passage is for; the last cue in the passage decides."""
    found = [
        (match.end(), purpose) for purpose, pattern in CUES.items() for match in pattern.finditer(text.rstrip(" \t"))
    ]
    return max(found, key=lambda entry: entry[0])[1] if found else None


def purpose_of_start(sentence: str) -> Purpose | None:
    """Tell the purpose of a sentence that opens with words problems never open with; None for all others."""
    bare = sentence.strip()
    label = purpose_of_label(bare)
    if label is not None:
        return label
    return next((purpose for purpose, pattern in STARTS.items() if pattern.match(bare)), None)


def purpose_of_statement(text: str) -> Purpose | None:
    """Tell what a free-standing passage is when it is no problem; None when it may be one or may explain one."""
    start = purpose_of_start(text)
    if start is Purpose.formality and DUE.search(text):
        return Purpose.demand
    if start is not None:
        return start
    if PLEDGE.search(text):
        return Purpose.pledge
    if names_a_fault(text):
        return None
    if PRAISE.search(text):
        return Purpose.praise
    return Purpose.done if WORK.search(text) else None


def is_demand(text: str) -> bool:
    """Tell whether a list entry tells people what to do and finds no fault with anything."""
    return bool(IMPERATIVE.match(text)) and not names_a_fault(text)


def is_strong_demand(text: str) -> bool:
    """Tell whether a list entry is a demand whatever stands around it."""
    return bool(STRONG_DEMAND.match(text)) and not re.search(r"不(?:够|到位|足|严|强|高|实|深|力)", text)


def is_about(title: str) -> bool:
    """Tell whether a heading quotes a finding: 关于“…”的问题."""
    return bool(ABOUT.match(title)) and "问题" in title
