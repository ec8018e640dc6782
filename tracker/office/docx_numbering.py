"""Automatic numbers of a Word document, computed the way Word prints them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tracker.office import numerals

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACEHOLDER = re.compile("%([1-9])")
BULLET = "•"

FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in str(n)),
    "decimalFullWidth2": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in str(n)),
    "decimalEnclosedCircle": numerals.circled,
    "decimalEnclosedCircleChinese": numerals.circled,
    "decimalEnclosedFullstop": lambda n: chr(0x2488 + n - 1) if n <= 20 else f"{n}.",
    "decimalEnclosedParen": lambda n: chr(0x2474 + n - 1) if n <= 20 else f"({n})",
    "chineseCounting": numerals.chinese,
    "chineseCountingThousand": numerals.chinese,
    "japaneseCounting": numerals.chinese,
    "japaneseDigitalTenThousand": numerals.digital,
    "taiwaneseCounting": numerals.chinese,
    "taiwaneseCountingThousand": numerals.chinese,
    "taiwaneseDigital": numerals.digital,
    "ideographDigital": numerals.digital,
    "chineseLegalSimplified": lambda n: numerals.chinese(
        n, digits=numerals.LEGAL_DIGITS, units="拾佰仟", short_ten=False
    ),
    "ideographTraditional": lambda n: numerals.STEMS[n - 1] if n <= 10 else str(n),
    "ideographZodiac": lambda n: numerals.BRANCHES[n - 1] if n <= 12 else str(n),
    "ideographEnclosedCircle": lambda n: chr(0x3280 + n - 1) if n <= 10 else str(n),
    "upperRoman": numerals.roman,
    "lowerRoman": lambda n: numerals.roman(n).lower(),
    "upperLetter": lambda n: numerals.letters(n).upper(),
    "lowerLetter": numerals.letters,
    "none": lambda n: "",
}


@dataclass(frozen=True)
class Level:
    """How one level of a list is printed."""

    start: int
    format: str
    text: str
    restart: int | None
    style: str | None
    legal: bool


@dataclass
class Numbering:
    """All lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    replaced: dict[str, dict[int, Level]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, number_id: str, style: str | None) -> int:
        """The level that a paragraph style is bound to in a list; 0 when it is bound to none."""
        levels = self.levels.get(self.lists.get(number_id, ""), {})
        return next((place for place, level in levels.items() if style and level.style == style), 0)

    def next_number(self, number_id: str, place: int) -> str:
        """Count one paragraph at a level and return its printed number; empty for lists that do not exist."""
        abstract = self.lists.get(number_id, "")
        level = self._level(number_id, place)
        if level is None:
            return ""
        counts = self.counts.setdefault(abstract, {})
        self._restart_deeper(number_id, counts, place)
        override = self.overrides.get(number_id, {}).get(place)
        if override is not None and (number_id, place) not in self.begun:
            counts[place] = override - 1
        self.begun.add((number_id, place))
        counts[place] = counts.get(place, level.start - 1) + 1
        return self._printed(number_id, level, counts)

    def _level(self, number_id: str, place: int) -> Level | None:
        replaced = self.replaced.get(number_id, {})
        return replaced.get(place) or self.levels.get(self.lists.get(number_id, ""), {}).get(place)

    def _restart_deeper(self, number_id: str, counts: dict[int, int], place: int) -> None:
        for deeper in [counted for counted in counts if counted > place]:
            level = self._level(number_id, deeper)
            restart = level.restart if level else None
            if restart is None or 0 < place + 1 <= restart:
                del counts[deeper]

    def _printed(self, number_id: str, level: Level, counts: dict[int, int]) -> str:
        if level.format == "bullet":
            return BULLET

        def figure(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = self._level(number_id, place)
            if shown is None:
                return ""
            style = "decimal" if level.legal else shown.format
            return FORMATS.get(style, str)(counts.get(place, shown.start))

        return PLACEHOLDER.sub(figure, level.text).strip()


def read_numbering(root: Element | None, styles: dict[str, Element]) -> Numbering:
    """Read the numbering part; an empty ``Numbering`` when the document has none. ``styles`` is by style id."""
    numbering = Numbering()
    if root is None:
        return numbering
    links: dict[str, str] = {}
    for abstract in root.iter(f"{W}abstractNum"):
        key = abstract.get(f"{W}abstractNumId", "")
        numbering.levels[key] = _levels(abstract)
        link = abstract.find(f"{W}numStyleLink")
        if link is not None:
            links[key] = link.get(f"{W}val", "")
    for number in root.iter(f"{W}num"):
        _read_list(numbering, number)
    for key, style in links.items():
        linked = styles[style].find(f".//{W}numId") if style in styles else None
        target = numbering.lists.get(linked.get(f"{W}val", ""), "") if linked is not None else ""
        numbering.levels[key] = numbering.levels.get(target, {})
    return numbering


def _read_list(numbering: Numbering, number: Element) -> None:
    key = number.get(f"{W}numId", "")
    numbering.lists[key] = value(number, "abstractNumId") or ""
    for override in number.iter(f"{W}lvlOverride"):
        place = int(override.get(f"{W}ilvl", "0"))
        start = value(override, "startOverride")
        if start is not None:
            numbering.overrides.setdefault(key, {})[place] = int(start)
        numbering.replaced.setdefault(key, {}).update(_levels(override))


def _levels(parent: Element) -> dict[int, Level]:
    return {int(level.get(f"{W}ilvl", "0")): _read_level(level) for level in parent.findall(f"{W}lvl")}


def _read_level(level: Element) -> Level:
    restart = value(level, "lvlRestart")
    legal = level.find(f"{W}isLgl")
    number_format = level.find(f".//{W}numFmt")
    return Level(
        start=int(value(level, "start") or 1),
        format=number_format.get(f"{W}val", "decimal") if number_format is not None else "decimal",
        text=value(level, "lvlText") or "",
        restart=int(restart) if restart is not None else None,
        style=value(level, "pStyle"),
        legal=legal is not None and legal.get(f"{W}val", "1") not in {"0", "false"},
    )


def value(parent: Element, tag: str) -> str | None:
    """The ``w:val`` of a direct child; None when the child is not there."""
    child = parent.find(f"{W}{tag}")
    return child.get(f"{W}val") if child is not None else None
