"""Deadlines as people write them into cells: read into a kind and a date, the words kept as printed."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import Deadline, DeadlineKind
from tracker.office.numerals import chinese_date, read_number
from tracker.sources.rules import months_later

TEXT_LIMIT = 200
# Anything else is a slip of the finger.
YEARS = range(2000, 2101)
# Day 1 of the numbers that a spreadsheet keeps for dates, and the range that can be one here.
EXCEL_EPOCH, EXCEL_DAYS = date(1899, 12, 30), range(32_874, 73_051)

_AT_ONCE = re.compile(
    r"立行立改|即知即改|立查立改|立知立改|立整立改|即查即改|即行即改|边查边改|立即(?:整改|执行)?|马上整改"
)
_SUSTAINED = re.compile(
    r"(?:每(?:年|半年|季度|季|月|周|两周|半月)(?:\d{1,2}月)?(?:\d{1,2}[日号])?|按(?:年|季度|季|月|周)|定期|不定期)(?:底|末|初|前|中旬)*(?:坚持|推进|整改|开展|进行|落实|完成|报送)*|"
    r"[并且需要及]*(?:长期|持续|常态化|长效|经常性)(?:坚持|推进|整改|抓好|巩固|落实|保持|用力|开展|进行|深化)*(?:下去)?"
)
_STAGED = re.compile(r"分阶段(?:推进|整改|完成)?|分步(?:推进|整改|实施)")
_STAGE = re.compile(r"第[1-9一二三四五六七八九]阶段[:,]?")
_DECORATION = re.compile(
    r"^(?:计划|预计|拟|力争|于|在|自)+|^(?:收到|接到|反馈|通知|文件|意见|印发|下发|之日)+[后起]+|"
    r"(?:要求|\(?已经?)?(?:全部|基本)?"
    r"(?:完成整改|整改完成|整改到位|完成|办结|到位|取得(?:阶段性|明显|初步|实质性)*(?:成效|成果|进展|实效)|见效|销号)$"
)
_BEFORE = re.compile(r"(?:之前|以前|前|止|内|之内|以内)$")
_RANGE = re.compile(
    r"[至到—–~～]+|(?<=[月日号年])-(?=\d)|(?<=\d)-(?=\d{4}[年.])|(?<=\d\.\d)-(?=\d)|(?<=\d\.\d\d)-(?=\d)"
)
# Days that everybody knows by name.
_NAMED_DAYS = tuple(
    (re.compile(pattern), day)
    for pattern, day in (
        ("“七一”|七一(?=前|$)", "7月1日"),
        ("“五一”|五一(?=前|$)", "5月1日"),
        ("“十一”|国庆节?(?=前|$)", "10月1日"),
        ("元旦(?=前|$)", "1月1日"),
    )
)
_SHORT_YEAR = re.compile(r"^(2\d)(?=年\d{1,2}月)")
_TIME = re.compile(r"\s+0{1,2}:00(?::00)?$")
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十]+(?=年|个?月|日|号|天|周|个星期|季度)")
_YEAR = r"(?P<y>\d{4})"
_QUARTER = re.compile(rf"(?:{_YEAR}年)?第?(?P<q>[1-4])季度(?:底|末)?")
_HALF = re.compile(rf"(?:{_YEAR}年)?(?P<half>上|下)半年(?:底|末)?")
_WHOLE_YEAR = re.compile(rf"(?:{_YEAR}年?)?(?:年?底|年末|年|年?度|内|全年)?")
_MONTH = re.compile(rf"(?:{_YEAR}[年./-])?(?P<m>\d{{1,2}})(?:月份?)?(?P<part>上旬|中旬|下旬|底|末|初|中)?")
_DAY = re.compile(rf"(?:{_YEAR}[年./-])?(?P<m>\d{{1,2}})[月./-](?P<d>\d{{1,2}})[日号]?|(?P<whole>\d{{8}})")
_SPAN = re.compile(r"(?:(?P<n>\d{1,3})(?P<unit>天|日|周|个星期|个月|年)|(?P<halves>半年))")
_PART_DAYS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}


def read_deadline(text: str, received_on: date) -> Deadline:
    """The deadline a text means for feedback received that day; months without a year are the next ones to come.

    "2026年6月底前" is the last day of that month, "90天" and "半年内" count from the feedback, a bare number is a date
    as spreadsheets keep it. Raises DomainError for what can't be read.
    """
    printed = " ".join(text.split())
    if not printed or len(printed) > TEXT_LIMIT:
        raise _unreadable(printed)
    words = _plain(printed)
    stages = [stage for stage in _STAGE.split(words) if stage]
    if len(stages) > 1:
        last = [read_deadline(stage, received_on) for stage in stages][-1]
        return Deadline(DeadlineKind.STAGED, last.due_on, printed, last.then_sustained)
    is_at_once, words = _taken(_AT_ONCE, words)
    is_staged, words = _taken(_STAGED, words)
    is_sustained, words = _taken(_SUSTAINED, words)
    rest = _stripped(words)
    due_on = _read_day(rest, received_on, printed) if rest else None
    if is_at_once:
        return Deadline(DeadlineKind.AT_ONCE, due_on, printed, is_sustained)
    if due_on is None:
        if is_sustained and not is_staged:
            return Deadline(DeadlineKind.LONG_TERM, None, printed)
        raise _unreadable(printed)
    return Deadline(DeadlineKind.STAGED if is_staged else DeadlineKind.BY_DATE, due_on, printed, is_sustained)


def moved_text(printed: str, until: date, *, then_sustained: bool) -> str:
    """The words of a deadline that was moved to a day: that it is kept up for ever stays, what named a day goes."""
    return f"{chinese_date(until)}前，并长期坚持" if printed and then_sustained else ""


def _unreadable(printed: str) -> DomainError:
    message = _l(
        "认不出时限“%(text)s”。可以写成 2026年6月30日、2026年6月底前、90天、立行立改、长期坚持，"
        "或“2026年底前，并长期坚持”。",
        text=printed[:40],
    )
    return DomainError(message, field="deadline")


def _plain(printed: str) -> str:
    words = re.sub(r"\s", "", _TIME.sub("", unicodedata.normalize("NFKC", printed)))
    for named, day in _NAMED_DAYS:
        words = named.sub(day, words)
    words = _CHINESE.sub(lambda found: str(read_number(found.group())), words)
    return _SHORT_YEAR.sub(r"20\1", words)


def _taken(pattern: re.Pattern[str], words: str) -> tuple[bool, str]:
    """Whether the words are there, and what is left without them."""
    rest = pattern.sub("", words)
    return rest != words, rest


def _stripped(words: str) -> str:
    before = None
    while words != before:
        before = words
        words = _BEFORE.sub("", _DECORATION.sub("", words.strip(",。;、.()[]的")))
    return words


def _read_day(words: str, received_on: date, printed: str) -> date:
    words = words.replace("今年", f"{received_on.year}年").replace("本年", f"{received_on.year}年")
    words = words.replace("明年", f"{received_on.year + 1}年").replace("年年", "年")
    words = re.sub("^[本当]月", f"{received_on.year}年{received_on.month}月", words)
    parts = _RANGE.split(words)
    try:
        # Of a stretch of time the end counts; its year may stand at the beginning only.
        year = re.match(r"\d{4}", parts[0])
        if len(parts) > 1 and year and not re.match(r"\d{4}", parts[-1]):
            parts[-1] = f"{year.group()}年{parts[-1]}"
        found = next((day for read in _READERS if (day := read(_BEFORE.sub("", parts[-1]), received_on))), None)
    except (ValueError, OverflowError) as error:
        raise _unreadable(printed) from error
    if found is None or found.year not in YEARS:
        raise _unreadable(printed)
    return found


def _to_come(year: str | None, month: int, day: int | None, received_on: date) -> date:
    """That day, the last one of the month when none is told; without a year the next one from the feedback on."""

    def in_year(number: int) -> date:
        return date(number, month, day or monthrange(number, month)[1])

    if year:
        return in_year(int(year))
    this_year = in_year(received_on.year)
    return this_year if this_year >= received_on else in_year(received_on.year + 1)


def _by_number(words: str, _received_on: date) -> date | None:
    if not words.isdigit() or len(words) != 5 or int(words) not in EXCEL_DAYS:
        return None
    return EXCEL_EPOCH + timedelta(days=int(words))


def _by_day(words: str, received_on: date) -> date | None:
    if not (match := _DAY.fullmatch(words)):
        return None
    if whole := match["whole"]:
        return date(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    return _to_come(match["y"], int(match["m"]), int(match["d"]), received_on)


def _by_month(words: str, received_on: date) -> date | None:
    match = _MONTH.fullmatch(words)
    if not match or not (match["y"] or "月" in words):
        return None
    return _to_come(match["y"], int(match["m"]), _PART_DAYS.get(match["part"] or ""), received_on)


def _by_quarter(words: str, received_on: date) -> date | None:
    match = _QUARTER.fullmatch(words)
    return _to_come(match["y"], 3 * int(match["q"]), None, received_on) if match else None


def _by_half(words: str, received_on: date) -> date | None:
    match = _HALF.fullmatch(words)
    return _to_come(match["y"], 6 if match["half"] == "上" else 12, None, received_on) if match else None


def _by_year(words: str, received_on: date) -> date | None:
    match = _WHOLE_YEAR.fullmatch(words)
    return _to_come(match["y"], 12, None, received_on) if match and "年" in words else None


def _by_span(words: str, received_on: date) -> date | None:
    match = _SPAN.fullmatch(words)
    if not match:
        return None
    if match["halves"]:
        return months_later(received_on, 6)
    count, unit = int(match["n"]), match["unit"]
    if unit in ("天", "日"):
        return received_on + timedelta(days=count)
    if unit in ("周", "个星期"):
        return received_on + timedelta(weeks=count)
    return months_later(received_on, count * (12 if unit == "年" else 1))


_READERS: tuple[Callable[[str, date], date | None], ...] = (
    _by_number,
    _by_day,
    _by_month,
    _by_quarter,
    _by_half,
    _by_span,
    _by_year,
)
