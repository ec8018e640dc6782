"""Numbers as they stand in front of the lines of Chinese documents."""

import re
from dataclasses import dataclass
from enum import StrEnum

from tracker.office.numerals import STEMS, read_number


class Family(StrEnum):
    """One way of numbering. Declared in the order in which official documents nest them, outermost first."""

    part = "第一部分"
    heading_1 = "heading 1"
    heading_2 = "heading 2"
    heading_3 = "heading 3"
    heading_4 = "heading 4"
    heading_5 = "heading 5"
    heading_6 = "heading 6"
    plain_heading = "heading without number or style"
    ordinal = "第一个方面"
    stem = "甲、"
    chinese = "一、"
    chinese_bracket = "（一）"
    table_aspect = "column 方面"
    table_category = "column 类别"
    arabic = "1."
    dotted_2 = "1.1"
    dotted_3 = "1.1.1"
    arabic_bracket = "（1）"
    arabic_half = "1）"
    circled = "①"
    letter = "a."
    bullet = "●"
    label = "问题："
    table_problem = "column 具体问题"
    passage = "一是"
    some = "有的"
    demand = "一要"


DEPTH = {family: depth for depth, family in enumerate(Family)}
SOFT = {Family.passage, Family.some, Family.demand}
UNCOUNTED = {
    Family.plain_heading,
    Family.bullet,
    Family.some,
    Family.table_aspect,
    Family.table_category,
    Family.table_problem,
} | {family for family in Family if family.name.startswith("heading_")}

CN = "[〇零一二三四五六七八九十百]{1,5}"
AR = "[0-9０-９]{1,3}"
MEASURES = "[年月日个名笔次条项家份人万亿元%％处起户件篇天类种期轮倍亩吨米公届支批间台辆套张本届位所]"
CJK = r"[\u4e00-\u9fff“‘《（「]"
CIRCLED = "①-⑳㉑-㉟㊱-㊿❶-❿⓵-⓾➀-➉"


@dataclass(frozen=True)
class Marker:
    """A number in front of a line. ``ordinal`` is None where the family does not count."""

    family: Family
    ordinal: int | None
    printed: str


PATTERNS: dict[Family, str] = {
    Family.part: rf"第(?P<n>{CN}|{AR})(?:部分|[章节篇])[，,、：:\s]*",
    Family.ordinal: (
        rf"第(?P<n>{CN}|{AR})(?:个?大?方面(?:问题)?[，,、：:\s]*"
        r"|个?(?:大?类|问题|[条点项])(?:问题)?[，,、：:\s]+|[，,、：:])"
    ),
    Family.stem: rf"(?P<n>[{STEMS}])[、．.]\s*",
    Family.chinese: rf"(?P<n>{CN})\s*[、．.]\s*",
    Family.chinese_bracket: rf"(?:[（(〔]\s*(?P<n>{CN})\s*[）)〕][、.．]?|(?P<m>[㈠-㈩]))\s*",
    Family.dotted_3: rf"(?:[0-9０-９]{{1,2}}[.．]){{2}}(?P<n>[0-9０-９]{{1,2}})[.．、]?(?:\s+|(?={CJK}))",
    Family.dotted_2: rf"[0-9０-９]{{1,2}}[.．](?P<n>[0-9０-９]{{1,2}})[.．、]?(?:\s+|(?!{MEASURES})(?={CJK}))",
    Family.arabic: (
        rf"(?:(?P<n>{AR})\s*(?:、|[.．](?![0-9０-９])|[.．](?=[0-9０-９]+\s*{MEASURES}|[0-9０-９]{{3,}})"
        rf"|[\t\u3000]+|\x20+(?!{MEASURES})(?={CJK}))|(?P<m>[⒈-⒛]))\s*"
    ),
    Family.arabic_bracket: rf"(?:[（(]\s*(?P<n>{AR})\s*[）)]|(?P<m>[⑴-⒇]))[、.．]?\s*",
    Family.arabic_half: rf"(?P<n>{AR})\s*[）)][、.．]?\s*",
    Family.circled: rf"(?P<n>[{CIRCLED}])[、.．]?\s*",
    Family.letter: rf"[（(]?(?P<n>[A-Za-z])[.．、)）]\s*(?={CJK})",
    Family.label: (
        rf"(?:(?:具体|反馈|存在的?|主要|突出)?问题(?:表现|表述|描述)?\s*(?:(?:[（(]?(?P<n>{CN}|{AR})[）)]?)?\s*[：:]|(?P<k>{CN}|{AR})[、.．\s])"
        rf"|[【\[](?:具体|反馈|存在的?)?问题\s*(?P<m>{CN}|{AR})?[】\]][：:]?)\s*"
    ),
    Family.bullet: r"(?:[●•◆■□▪◦○◇★▲►➢✓✔※·\ue000-\uf8ff]\s*|[-–—*]+\s+)",
    Family.passage: rf"(?P<n>{CN})是[，,：:]?\s*(?!否)|其(?P<m>[一二三四五六七八九])(?:是[，,：:]?|[，,：:、])\s*",
    Family.demand: rf"(?P<n>{CN})要(?![素点件求])[，,：:]?\s*",
    Family.some: r"(?=(?:还有的|有的|有些)(?!放矢))",
}
LEADING = {family: re.compile(pattern) for family, pattern in PATTERNS.items()}

SPACE = re.compile(r"\s+")
ENDS = r"(?<=[。；;：:！!？?\s）)”」])"
PAUSES = r"(?<=[。；;：:！!？?，,、\s）)”」])"
UNMISTAKABLE = {Family.circled, Family.arabic_bracket}
INLINE = {
    family: re.compile(
        ("" if family in UNMISTAKABLE else PAUSES if family in SOFT else ENDS) + f"(?:{PATTERNS[family]})"
    )
    for family in (
        Family.ordinal,
        Family.chinese,
        Family.chinese_bracket,
        Family.arabic,
        Family.arabic_bracket,
        Family.arabic_half,
        Family.circled,
        Family.label,
        Family.passage,
        Family.demand,
        Family.some,
    )
}


def leading_marker(text: str) -> tuple[Marker, str] | None:
    """Read the number a line begins with and the words after it; None when it begins with none."""
    for family, pattern in LEADING.items():
        match = pattern.match(text)
        if match:
            return as_marker(family, match), text[match.end() :]
    return None


def automatic_marker(printed: str) -> Marker:
    """Read a number printed by automatic numbering; an unknown sign counts as a bullet."""
    bare = printed.strip()
    for family, pattern in LEADING.items():
        match = pattern.match(bare + "文")
        if match and match.end() == len(bare):
            return Marker(family, _ordinal(match), "" if family is Family.bullet else bare)
    number = read_number(bare)
    if number is not None:
        family = Family.arabic if bare[0].isdecimal() else Family.chinese
        return Marker(family, number, bare)
    return Marker(Family.bullet, None, "")


def as_marker(family: Family, match: re.Match[str]) -> Marker:
    """Turn a match of the family's pattern into its marker."""
    printed = SPACE.sub("", match[0]).rstrip("，,：:").strip("【】[]")
    ordinal = _ordinal(match)
    is_sign = family is Family.bullet or (family is Family.label and ordinal is None)
    return Marker(family, ordinal, "" if is_sign else printed)


def _ordinal(match: re.Match[str]) -> int | None:
    words = next((word for word in match.groupdict().values() if word), None)
    if words is None:
        return None
    if words in STEMS:
        return STEMS.index(words) + 1
    if words.isascii() and words.isalpha():
        return ord(words.lower()) - ord("a") + 1
    return read_number(words)
