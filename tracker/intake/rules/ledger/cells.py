"""What single cells of a ledger say."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from tracker.items.rules import OwnWord
from tracker.office.numerals import read_number
from tracker.office.sheets import Value

_MARKED = re.compile(
    r"(?P<circled>[①-⑳])|(?:^|(?<=[；;。\n]))\s*(?:(?P<figure>\d{1,2})\s*[.．、)）](?!\d)|[（(](?P<bracket>\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    r"|(?P<words>[一二三四五六七八九十]{1,3})(?:是|、))"
)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ENDS = " \t\n\u3000；;"
_COMPLETED = re.compile(r"(?:已|已经|全部)*(?:整改)?(?:完成|办结|整改到位|落实到位|销号)(?:整改)?")
_BASICALLY = re.compile(r"(?:已)?(?:基本|阶段性)(?:完成|整改到位|办结).*|.*取得阶段性(?:成果|成效).*")
_CLOSED = frozenset({"是", "已销号", "销号", "√", "✓", "✔", "y", "yes", "已", "1", "true"})
# As our own lists print it: late, or in time but after the date first given.
_CLOSED_LATE = re.compile(r"逾期(?:\d+天)?销号|已销号\(按原定时限逾期\d+天\)")
_OPEN = re.compile(
    r"否|未销号|×|✗|n|no|未|0|false|-+|/|待下发|已下发|整改中|申请销号|持续整改|正在(?:整改|推进|办理)|长期坚持"
)
# Signs between names, not those between the parts of one in brackets: 组织部（机关党委、人事处）.
_NAMES = re.compile(r"[、，,;；\n]+(?![^（(]*[)）])")
_AND_OTHERS = re.compile(r"(?<=.)等(?:有关|相关|各)?(?:单位|部门|处室|科室)?$")


def words_of(value: Value) -> str:
    """A cell as a person reads it, without space around; numbers without a needless point, days as 2026-06-30."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    words = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    return _UNSEEN.sub("", words).strip(" \t\n\u3000\xa0\u200b\ufeff")


def on_one_line(text: str) -> str:
    """The words with every white space a single blank, and none between Chinese letters (a cell's own line breaks)."""
    joined = re.sub(r"\s*\n\s*", "\n", text)
    joined = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])", "", joined)
    return re.sub(r"[\s\u3000]+", " ", joined).strip()


def measures_of(text: str) -> list[str]:
    """The measures of one cell: numbered ones each on their own, else one a line.

    Numbers count only when they begin the cell and go up by one, so that a figure within a sentence parts nothing.
    """
    marks = _ascending(text)
    if len(marks) > 1 or (marks and marks[0].start() == 0):
        bounds = [match.end() for match in marks], [match.start() for match in marks[1:]] + [len(text)]
        parts = [text[start:end] for start, end in zip(*bounds, strict=True)]
    else:
        parts = text.split("\n")
    return [part for part in (on_one_line(each.strip(_ENDS)) for each in parts) if part]


def _ascending(text: str) -> list[re.Match[str]]:
    """The marks of one way of numbering that begin the cell with 1 and count on."""
    found: list[re.Match[str]] = []
    for match in _MARKED.finditer(text):
        if not found and match.start() != 0:
            break
        is_same = not found or match.lastgroup == found[0].lastgroup
        if is_same and _ordinal(match) == len(found) + 1:
            found.append(match)
    return found


def _ordinal(match: re.Match[str]) -> int | None:
    printed = match[match.lastgroup or 0]
    return int(unicodedata.numeric(printed)) if match.lastgroup == "circled" else read_number(printed)


def names_in(text: str) -> list[str]:
    """The single names of a cell, each once, without the 等 that closes a list."""
    names = (_AND_OTHERS.sub("", on_one_line(each)) for each in _NAMES.split(text))
    return list(dict.fromkeys(name for name in names if name))


def own_word_of(text: str) -> OwnWord | None:
    """The unit's own word; none for work that goes on, None for words that tell it no way."""
    words = re.sub(r"[\s。，,；;]", "", text)
    if not words or re.fullmatch(
        r"未完成|未启动|未整改|否|正在.*|推进中|整改中|持续.*|长期坚持|未申报|进行中|-+|/|无", words
    ):
        return OwnWord.NONE
    if _BASICALLY.fullmatch(words):
        return OwnWord.BASICALLY_COMPLETED
    if words == "是" or _COMPLETED.fullmatch(words):
        return OwnWord.COMPLETED
    # Our own lists print the word and how many measures are done.
    if match := re.fullmatch(r"(?:(已完成|基本完成))?措施完成\d+/\d+条", words):
        return {"已完成": OwnWord.COMPLETED, "基本完成": OwnWord.BASICALLY_COMPLETED}.get(match[1], OwnWord.NONE)
    return None


def is_blank(text: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return re.fullmatch(r"[-—/／]+|无", text) is not None


def closed_of(text: str) -> bool | None:
    """Whether a cell says closed by approval; None for words that tell it no way."""
    words = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
    if words in _CLOSED or _CLOSED_LATE.fullmatch(words):
        return True
    return False if not words or _OPEN.fullmatch(words) else None


def is_sum(texts: Sequence[str]) -> bool:
    """Whether a row is the sum below a table, or of a part of it."""
    first = next((re.sub(r"\s", "", text) for text in texts if text), "")
    return re.match(r"(本页|本表|以上)?(合计|总计|小计|共计|累计)(?!划|算机)", first) is not None


_NOTE = re.compile(
    r"(注|备注|说明|填表说明|填报说明|填报单位|填报人|填表人|制表|制表人|审核人|审核|联系人|联系电话|填报日期|填报时间|报送单位)"
    r"\s*[:：.、1-9（(]?|.{0,14}(签字|签名|签章|盖章)"
)


def is_note(texts: Sequence[str]) -> bool:
    """Whether a row is a note around a table: who filled it in or signs, or an explanation."""
    told = [text for text in texts if text]
    return 0 < len(told) <= 4 and _NOTE.match(told[0]) is not None
