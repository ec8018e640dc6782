"""What the page of the section shows beside its text: links, checks, and the items behind a figure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import url_for

from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.reports.operations import Section
from tracker.reports.rules import Figure, ItemFacts, Sentence, SourceFacts, is_listed, undeclared


class Piece(NamedTuple):
    """A piece of a sentence; a figure that counts items has the address of their list."""

    text: str
    url: str | None = None


def paragraphs(section: Section, args: Mapping[str, Any]) -> list[list[Piece]]:
    """The text of the section in pieces, paragraph by paragraph."""
    return [[piece for sentence in each for piece in _pieces(sentence, args)] for each in section.passage.paragraphs]


def _pieces(sentence: Sentence, args: Mapping[str, Any]) -> list[Piece]:
    return [_piece(part, args) if isinstance(part, Figure) else Piece(part) for part in sentence.fragments]


def _piece(figure: Figure, args: Mapping[str, Any]) -> Piece:
    if not figure.item_numbers:
        return Piece(figure.value)
    return Piece(figure.value, url_for("reports.items", figure=figure.name, **dict(args)))


class Check(NamedTuple):
    """Whether a source may be reported: what was counted, and what does not agree."""

    title: str
    fed_back: int
    closed: int
    open: int
    problems: list[str]


_DECLARED = {"aspects": _l("方面"), "categories": _l("大类"), "problems": _l("问题")}


def checks(section: Section) -> list[Check]:
    """One check for each source in the order of the text."""
    return [
        Check(source.title, source.fed_back, source.tally.closed, source.tally.open, _problems(source))
        for source in section.facts.sources
    ]


def _problems(source: SourceFacts) -> list[str]:
    found = [
        _("原文称%(said)d个%(what)s，台账登记%(counted)d个", said=said, what=_DECLARED[name], counted=counted)
        for name, said, counted in undeclared(source)
    ]
    return found if is_listed(source) else [*found, _("所列事项与统计数不符")]


def items_behind(section: Section, name: str) -> tuple[Figure, list[ItemFacts]]:
    """A figure of the section with its items as they were on the day; raises NotFound."""
    figure = next((figure for figure in section.passage.figures if figure.name == name), None)
    if figure is None:
        raise NotFound(_l("报告里没有这个数字，可能统计截止日或来源已经改变。"))
    wanted = set(figure.item_numbers)
    return figure, [item for source in section.facts.sources for item in source.items if item.number in wanted]
