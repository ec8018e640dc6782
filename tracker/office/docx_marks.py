"""The marks of a Word template: found paragraph by paragraph, held against what may be named, told with their place."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.docx_numbering import W
from tracker.office.docx_reading import RELATIONSHIP, main_part
from tracker.office.package import Package
from tracker.office.text_templates import Shape, TemplateFault, check_marks, names_in

TEXT_LIMIT = 200_000
QUOTE_LIMIT = 80
# No braces within marks, so that a text of nothing but braces is gone through once.
MARK = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_KIND = re.compile(r"(?<=\{[%#])(p|tr|r) ")
_OTHER_KIND = re.compile(r"\{%(tc) |\{\{(p|tr|tc|r) |\{%\s*(hm|vm|colspan|cellbg)\b")
# docxtpl turns typed quotation marks in marks into straight ones, so that Word may curl them.
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_STATEMENT = re.compile(r"\{%[-+]?\s*(if|for|endif|endfor)\b")
_WORD = re.compile(r"\w+")
_FOR = re.compile(r"\{%(?:p |tr |r )?-?\s*for\s+(\w+)\s+in\b")


class Fault(NamedTuple):
    """What is wrong with a template, in the person's language; where, and the words that stand there."""

    message: object
    place: object = ""
    quote: str = ""

    def __str__(self) -> str:
        where = f"{self.place}“{self.quote}”：" if self.quote else f"{self.place}：" if self.place else ""
        return f"{where}{self.message}"


class Line(NamedTuple):
    """A paragraph with its text over all runs; ``row`` counts the rows of tables, None outside of them."""

    place: object
    text: str
    row: int | None


def faults_in(package: Package, shape: Shape, required: Collection[str]) -> Iterator[Fault]:
    """Everything wrong with the marks, part by part, then the ``required`` names that no part asks for."""
    asked: set[str] = set()
    told: set[Fault] = set()
    for name, label in parts_of(package):
        root = package.part(name)
        lines = list(_Reader(label).lines(root)) if root is not None else []
        for fault in _of_part(lines, shape, asked):
            # Text boxes stand twice in a file, for new programs and for old ones.
            if fault not in told:
                told.add(fault)
                yield fault
    for name in required:
        if name not in asked:
            yield Fault(_l("缺少必需的名称“%(name)s”。", name=name))


def parts_of(package: Package) -> list[tuple[str, object]]:
    """The parts whose marks are filled, each with the word for it; the text first."""
    main = main_part(package)
    folder, _slash, file = main.rpartition("/")
    relationships = package.part(f"{folder}/_rels/{file}.rels".lstrip("/"))
    labels = {"header": _("页眉"), "footer": _("页脚"), "footnotes": _("脚注")}
    found: list[tuple[str, object]] = [(main, "")]
    for each in relationships.iter(RELATIONSHIP) if relationships is not None else ():
        kind, target = each.get("Type", "").rpartition("/")[2], each.get("Target", "")
        if kind in labels:
            found.append((target.lstrip("/") if target.startswith("/") else f"{folder}/{target}", labels[kind]))
    return found


class _Reader:
    """Goes through a part once, counting paragraphs with words, tables and rows as people do."""

    def __init__(self, label: object) -> None:
        self.label = str(label)
        self.paragraphs = self.tables = self.rows = 0

    def lines(self, parent: Element, place: str = "", row: int | None = None) -> Iterator[Line]:
        """The paragraphs below an element, those within others (text boxes) after them."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, place, row)
            elif child.tag == f"{W}tbl":
                self.tables += 1
                yield from self._table(child, self.tables)
            else:
                yield from self.lines(child, place, row)

    def _table(self, table: Element, number: int) -> Iterator[Line]:
        for nth, child in enumerate((each for each in table if each.tag == f"{W}tr"), start=1):
            self.rows += 1
            yield from self.lines(child, self.label + _("表格%(table)d第%(row)d行", table=number, row=nth), self.rows)

    def _paragraph(self, paragraph: Element, place: str, row: int | None) -> Iterator[Line]:
        text = "".join(_words(paragraph))
        if text.strip() and not place:
            self.paragraphs += 1
        where = place or self.label or _("正文")
        yield Line(where if place else where + _("第%(n)d段", n=self.paragraphs), text, row)
        yield from self.lines(paragraph, where + _("文本框"), None)


def _words(element: Element) -> Iterator[str]:
    """The text of a paragraph over all its runs, without that of paragraphs within it."""
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag != f"{W}p":
            yield from _words(child)


def _of_part(lines: list[Line], shape: Shape, asked: set[str]) -> Iterator[Fault]:
    if sum(len(line.text) for line in lines) > TEXT_LIMIT:
        yield Fault(_l("模板超过 %(max)d 字，请删减。", max=TEXT_LIMIT))
        return
    source = [_marks(line.text) for line in lines]
    found = [*_unfinished(lines), *_misplaced(lines), *_unpaired(source)]
    faults = check_marks("\n".join(source), shape)
    if found or any(fault.is_torn for fault in faults):
        # What is torn hides all that follows, so the names are looked at one by one.
        found += [] if found else faults
        found += _singly(source, shape)
        asked.update(_WORD.findall("\n".join(source)))
    else:
        found = faults
        asked |= names_in("\n".join(source))
    for fault in sorted(found, key=lambda fault: fault.line):
        line = lines[min(fault.line, len(lines)) - 1]
        yield Fault(fault.message, line.place, _short(line.text))


def _unfinished(lines: list[Line]) -> Iterator[TemplateFault]:
    for number, line in enumerate(lines, start=1):
        if _STRAY.search(MARK.sub("", line.text)):
            yield TemplateFault(_l("标记没有写完，一个标记要写在一段里，如 {{ title }}。"), number)
        if other := _OTHER_KIND.search(line.text):
            mark = next(filter(None, other.groups()))
            yield TemplateFault(_l("不支持标记“%(mark)s”，只能用 p、tr、r。", mark=mark), number)


def _misplaced(lines: list[Line]) -> Iterator[TemplateFault]:
    """Marks of a paragraph or row that does not stand alone: the library throws away what stands beside them."""
    by_row: dict[int, str] = {}
    for line in lines:
        if line.row is not None:
            by_row[line.row] = by_row.get(line.row, "") + line.text
    for number, line in enumerate(lines, start=1):
        if "{%p " in line.text and not _is_alone(line.text):
            yield TemplateFault(_l("{%%p %%} 要独占一段，同段的文字会丢失。") % {}, number)
        if "{%tr " in line.text and line.row is None:
            yield TemplateFault(_l("{%%tr %%} 只能写在表格的行里。") % {}, number)
        elif "{%tr " in line.text and not _is_alone(by_row[line.row or 0]):
            yield TemplateFault(_l("{%%tr %%} 要独占表格的一行，同行的文字会丢失。") % {}, number)


def _unpaired(source: list[str]) -> Iterator[TemplateFault]:
    """Conditions and lists without an end, told where they begin: the parser tells of them at the very last mark."""
    opened: list[tuple[str, int]] = []
    for number, marks in enumerate(source, start=1):
        for word in _STATEMENT.findall(marks):
            if not word.startswith("end"):
                opened.append((word, number))
            elif opened and opened[-1][0] == word.removeprefix("end"):
                opened.pop()
            else:
                yield TemplateFault(_l("“%(word)s”没有对应的开头。", word=word), number)
    for word, number in opened:
        yield TemplateFault(_l("“%(word)s”没有写结尾（end%(word)s）。", word=word), number)


def _is_alone(text: str) -> bool:
    return MARK.fullmatch(text.strip()) is not None and len(MARK.findall(text)) == 1


def _marks(text: str) -> str:
    return "".join(_KIND.sub(" ", mark).translate(_QUOTES) for mark in MARK.findall(text))


def _singly(source: list[str], shape: Shape) -> Iterator[TemplateFault]:
    """The faults of names printed, mark by mark; within which list each stands is not known any more."""
    rows = {name for marks in source for name in _FOR.findall(marks)}
    for number, marks in enumerate(source, start=1):
        for mark in MARK.findall(marks):
            root = mark.strip("{} ").partition(".")[0].strip()
            if not mark.startswith("{{") or root in rows or root == "loop":
                continue
            for fault in check_marks(mark, shape):
                yield TemplateFault(fault.message, number)


def _short(text: str) -> str:
    told = " ".join(text[: 4 * QUOTE_LIMIT].split())
    return told if len(told) <= QUOTE_LIMIT else f"{told[:QUOTE_LIMIT]}…"
