"""What the rectification section is made of: facts as of a day, figures that name their items, sentences."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from tracker.figures.rules import FigureName, Rate, Tally
from tracker.figures.years import YearFigure
from tracker.items.rules import ItemKind
from tracker.sources.rules import SourceKind

# What items of a kind are called.
WORDS: Mapping[ItemKind, str] = {ItemKind.PROBLEM: "问题", ItemKind.TASK: "任务"}


@dataclass(frozen=True)
class ItemFacts:
    """One item of a source on the day of the report.

    ``counted_in`` names the counts of the tally it is part of: its state, and whatever else is true of it
    (``confirmed``, ``at_once`` …). The deadline and the state are as printed.
    ``is_withheld``: not for the public (不公开).
    """

    number: str
    text: str
    counted_in: frozenset[FigureName]
    aspect: str = ""
    category: str = ""
    leader: str = ""
    lead_unit: str = ""
    deadline: str = ""
    state: str = ""
    closed_on: date | None = None
    is_withheld: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether it is part of the total."""
        return FigureName.WITHDRAWN not in self.counted_in


@dataclass(frozen=True)
class SourceFacts:
    """A source with its items of one kind; a source that holds problems and tasks is told as two, with one ``id``.

    ``accountable_body`` is named only when it is not the reporting organ itself.
    """

    id: int
    title: str
    kind: SourceKind
    received_on: date
    tally: Tally
    items: tuple[ItemFacts, ...]
    aspects: int = 0
    categories: int = 0
    item_kind: ItemKind = ItemKind.PROBLEM
    accountable_body: str = ""
    declared_aspects: int | None = None
    declared_categories: int | None = None
    declared_problems: int | None = None

    @property
    def fed_back(self) -> int:
        """All that the source fed back, including what was withdrawn since."""
        return self.tally.total + self.tally.withdrawn

    @property
    def scope(self) -> "Scope":
        """It by itself; its figures keep their names whatever else is told, and when it is called otherwise."""
        tasks = "/tasks" if self.item_kind is ItemKind.TASK else ""
        return Scope(f"sources/{self.id}{tasks}/", (self,))


@dataclass(frozen=True)
class TypicalItem:
    """A closed item worth telling, with what was done about it."""

    number: str
    text: str
    done: str


@dataclass(frozen=True)
class UnfinishedItem:
    """An open item with what comes next."""

    number: str
    text: str
    deadline: str
    lead_unit: str
    next_step: str


@dataclass(frozen=True)
class Answer:
    """What became of a point of an appraisal: what was done about it once it is closed, else what comes next."""

    number: str
    text: str
    is_closed: bool
    done: str = ""
    lead_unit: str = ""
    deadline: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class YearCount:
    """What a year has to put right, of one kind of items: a figure of ``figures.years`` with what it counts."""

    kind: ItemKind
    name: YearFigure
    item_numbers: tuple[str, ...]


@dataclass(frozen=True)
class Outcomes:
    """Counted results. ``recovered`` is in 万元 and printed as given; of ``people`` the zeros are printed too."""

    regulations_new: int = 0
    regulations_revised: int = 0
    recovered: Decimal = Decimal(0)
    meetings: int = 0
    people: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that a report may say, as of ``as_of`` and as known at ``known_at`` (in the office's zone).

    ``sources`` are those open at any time in the period, ``unfinished`` all their open items,
    ``answers`` the points of appraisals one by one, ``yearly`` what the year has to put right (of a period
    that is no year from its first day on: nothing). Where the text
    ``is_public``, what is withheld is counted but neither told nor listed.
    """

    year: int
    as_of: date
    known_at: datetime
    sources: tuple[SourceFacts, ...] = ()
    measures_done: int = 0
    measures_total: int = 0
    outcomes: Outcomes = Outcomes()
    typical: tuple[TypicalItem, ...] = ()
    unfinished: tuple[UnfinishedItem, ...] = ()
    answers: tuple[Answer, ...] = ()
    yearly: tuple[YearCount, ...] = ()
    is_public: bool = False

    @cached_property
    def withheld(self) -> frozenset[str]:
        """The numbers of the items that this text must not tell of."""
        if not self.is_public:
            return frozenset()
        return frozenset(item.number for source in self.sources for item in source.items if item.is_withheld)

    @property
    def problems(self) -> "Scope":
        """The problems of all sources."""
        return Scope("", tuple(source for source in self.sources if source.item_kind is ItemKind.PROBLEM))

    @property
    def tasks(self) -> "Scope":
        """The tasks of all sources, never counted together with the problems."""
        return Scope("tasks/", tuple(source for source in self.sources if source.item_kind is ItemKind.TASK))

    @property
    def everything(self) -> "Scope":
        """Problems and tasks, for looking items up."""
        return Scope("items/", self.sources)


def marked(facts: Facts, withheld: Collection[str]) -> Facts:
    """The facts with these items as the only ones that are not for the public."""
    sources = (
        replace(source, items=tuple(replace(item, is_withheld=item.number in withheld) for item in source.items))
        for source in facts.sources
    )
    return replace(facts, sources=tuple(sources))


@dataclass(frozen=True)
class Figure:
    """A printed figure with the items it counts; none for what is no count of items, such as meetings."""

    name: str
    value: str
    item_numbers: tuple[str, ...] = ()


Fragment = str | Figure


@dataclass(frozen=True)
class Scope:
    """Some of the sources, whose counts are added; ``prefix`` tells their figures from those of others."""

    prefix: str
    sources: tuple[SourceFacts, ...]

    @cached_property
    def tally(self) -> Tally:
        """The sum of the sources."""
        return sum((source.tally for source in self.sources), Tally())

    def numbers(self, name: FigureName) -> tuple[str, ...]:
        """The numbers of the items that a count counts, in the order of the sources."""
        return tuple(item.number for source in self.sources for item in source.items if is_in(item, name))

    def figure(self, name: FigureName) -> Figure:
        """A count with its items."""
        return Figure(self.prefix + name, str(getattr(self.tally, name)), self.numbers(name))

    def rate(self, name: FigureName, decimals: int) -> Figure:
        """A rate with all items it is about; ``—`` when nothing is counted."""
        rate: Rate = getattr(self.tally, name)
        return Figure(self.prefix + name, rate.printed(decimals) or "—", self.numbers(FigureName.TOTAL))


def is_in(item: ItemFacts, name: FigureName) -> bool:
    """Whether a count of items counts this one."""
    if name is FigureName.TOTAL:
        return item.is_counted
    if name is FigureName.OPEN:
        return item.is_counted and FigureName.CLOSED not in item.counted_in
    if name is FigureName.RUNNING:
        return not item.counted_in.isdisjoint((FigureName.ISSUED, FigureName.WORKING, FigureName.APPLIED))
    return name in item.counted_in


@dataclass(frozen=True)
class Sentence:
    """A sentence in pieces, so that a page can make links of its figures."""

    fragments: tuple[Fragment, ...]

    @classmethod
    def of(cls, *fragments: Fragment) -> "Sentence":
        """The sentence of these pieces."""
        return cls(fragments)

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return "".join(part.value if isinstance(part, Figure) else part for part in self.fragments)

    @property
    def figures(self) -> list[Figure]:
        """The figures in it."""
        return [part for part in self.fragments if isinstance(part, Figure)]


@dataclass(frozen=True)
class Refusal:
    """A sentence that cannot be stated truthfully, and why."""

    sentence: str
    why: str


@dataclass(frozen=True)
class Passage:
    """The section: its heading, its paragraphs, and what was left out of them."""

    heading: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    refused: tuple[Refusal, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The paragraphs as printed."""
        return tuple("".join(sentence.text for sentence in paragraph) for paragraph in self.paragraphs)

    @property
    def text(self) -> str:
        """The section as printed, heading first, a line for each paragraph."""
        return "\n".join((self.heading, *self.lines))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order in which they are printed."""
        sentences = (sentence for paragraph in self.paragraphs for sentence in paragraph)
        return tuple(part for sentence in sentences for part in sentence.fragments if isinstance(part, Figure))


COUNTS = tuple(name for name in FigureName if isinstance(getattr(Tally(), name), int))


def is_listed(source: SourceFacts) -> bool:
    """Whether the items handed over are exactly those that the tally counts."""
    scope = Scope("", (source,))
    return all(len(scope.numbers(name)) == getattr(source.tally, name) for name in COUNTS)


def undeclared(source: SourceFacts) -> Iterable[tuple[str, int, int]]:
    """Where the text declares another number than was counted: which (``aspects`` …), declared, counted."""
    pairs = (
        ("aspects", source.declared_aspects, source.aspects),
        ("categories", source.declared_categories, source.categories),
        ("problems", source.declared_problems, source.fed_back),
    )
    return [(name, said, counted) for name, said, counted in pairs if said is not None and said != counted]


DECLARED: Mapping[str, str] = {"aspects": "方面", "categories": "大类", "problems": "问题"}


def contradictions(source: SourceFacts) -> list[str]:
    """Each of ``undeclared`` as a sentence."""
    return [
        f"原文称有{said}个{DECLARED[name]}，台账登记{counted}个，请先核对。"
        for name, said, counted in undeclared(source)
    ]
