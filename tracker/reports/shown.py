"""What the page of a report shows: its text in pieces, its figures with definitions, what would change and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import EVENT_LABELS
from tracker.reports import facts_text, texts
from tracker.reports.drift import Moved
from tracker.reports.models import Report
from tracker.reports.naming import Named, catalogue, joined
from tracker.reports.queries import Happened
from tracker.reports.rules import Facts, Figure, ItemFacts
from tracker.reports.wording import level_of


class Piece(NamedTuple):
    """A piece of a text: words, or a figure with its definition and, where it counts items, their address."""

    text: str
    name: str = ""
    definition: str = ""
    url: str | None = None


class Entry(NamedTuple):
    """A figure beside the text: its value as the text shows it, and what it would be where that was held back."""

    name: str
    label: str
    value: str
    definition: str
    url: str | None
    now: str | None = None


class Group(NamedTuple):
    """Figures of one scope."""

    title: str
    entries: list[Entry]


class View:
    """A report with its facts read once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.facts: Facts = facts_text.read(report.facts)
        self.figures: Mapping[str, Named] = catalogue(self.facts, report.decimals)
        self.held: Mapping[str, Figure] = facts_text.read_figures(report.held)

    @property
    def shown(self) -> dict[str, Figure]:
        """The figures as the text shows them."""
        return {name: named.figure for name, named in self.figures.items()} | dict(self.held)

    @property
    def lines(self) -> list[tuple[int, list[Piece]]]:
        """The text line by line: the level of a heading or 0, and its pieces."""
        shown = self.shown
        return [
            (level_of(texts.printed(line, shown)), [self._piece(each) for each in texts.fragments(line, shown)])
            for line in self.report.text.split("\n")
            if line.strip()
        ]

    def _piece(self, part: str | Figure) -> Piece:
        if isinstance(part, str):
            return Piece(part)
        named = self.figures.get(part.name)
        return Piece(part.value, part.name, named.definition if named else "", self.url_of(part))

    def url_of(self, figure: Figure) -> str | None:
        """The list of the items behind a figure; None for one that counts none."""
        if not figure.item_numbers:
            return None
        return url_for("reports.figure_items", report_id=self.report.id, figure=figure.name)

    @property
    def groups(self) -> list[Group]:
        """The figures by scope: first those that the text shows, then all."""
        used = set(texts.names(self.report.text))
        groups = [Group(str(_l("正文用到的")), [self._named(each) for each in self.figures if each in used])]
        for name, named in self.figures.items():
            if groups[-1].title != named.group:
                groups.append(Group(named.group, []))
            groups[-1].entries.append(self._entry(name))
        return groups

    def _named(self, name: str) -> Entry:
        """A figure among those of other scopes, so with the name of its own."""
        entry, group = self._entry(name), self.figures[name].group
        return entry._replace(label=joined(group, entry.label))

    def _entry(self, name: str) -> Entry:
        named, held = self.figures[name], self.held.get(name)
        figure = held or named.figure
        now = named.figure.value if held else None
        return Entry(name, named.label, figure.value, named.definition, self.url_of(figure), now)

    def behind(self, name: str) -> tuple[str, Figure, list[ItemFacts]]:
        """A figure's words, the figure, and its items as they were on the day; raises NotFound."""
        named, figure = self.figures.get(name), self.shown.get(name)
        if named is None or figure is None:
            raise NotFound(_l("报告里没有这个数字，可能统计截止日或来源已经改变。"))
        wanted = set(figure.item_numbers)
        items = [item for source in self.facts.sources for item in source.items if item.number in wanted]
        return joined(named.group, named.label), figure, items


class Change(NamedTuple):
    """A figure that would change, as the page says it: from what to what, because of which items."""

    moved: Moved
    reasons: list["Reason"]


class Reason(NamedTuple):
    """An item that is counted now or no longer, with the last thing that happened to it."""

    number: str
    is_counted_now: bool
    happened: Happened | None
    words: object


def changes(moved: Sequence[Moved], happened: Sequence[Happened]) -> list[Change]:
    """Every figure that moved with its reasons, the last thing that happened to each item."""
    last = {each.number: each for each in happened}
    return [Change(each, list(_reasons(each, last))) for each in moved]


def _reasons(moved: Moved, last: Mapping[str, Happened]) -> Iterator[Reason]:
    for numbers, is_counted_now in ((moved.come, True), (moved.gone, False)):
        for number in numbers:
            happened = last.get(number)
            words: Any = EVENT_LABELS[happened.event] if happened else ""
            yield Reason(number, is_counted_now, happened, words)
