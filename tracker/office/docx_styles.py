"""What paragraphs inherit from the styles of a Word document."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tracker.office.docx_numbering import Numbering, W, value

HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
BODY_TEXT = 9


@dataclass(frozen=True)
class Styles:
    """The paragraph styles of a document, by style id."""

    by_id: dict[str, Element]
    default: str | None

    def chain(self, paragraph: Element) -> list[tuple[str | None, Element]]:
        """What decides about a paragraph, nearest first: its own properties, its style, the styles below that one.

        Each entry is the id of the style (None for the paragraph itself) with the element that holds ``w:pPr``.
        """
        own = paragraph.find(f"{W}pPr")
        found: list[tuple[str | None, Element]] = [(None, paragraph)]
        style = (value(own, "pStyle") if own is not None else None) or self.default
        while style in self.by_id and all(style != seen for seen, _element in found):
            found.append((style, self.by_id[style]))
            style = value(self.by_id[style], "basedOn")
        return found

    def heading_level(self, paragraph: Element) -> int | None:
        """The level of a heading from 1; None for body text."""
        for _style, element in self.chain(paragraph):
            properties = element.find(f"{W}pPr")
            outline = value(properties, "outlineLvl") if properties is not None else None
            if outline is not None:
                return int(outline) + 1 if int(outline) < BODY_TEXT else None
            named = HEADING_NAME.fullmatch(value(element, "name") or "")
            if named:
                return int(named[1])
        return None

    def number(self, paragraph: Element, numbering: Numbering) -> str:
        """Count the paragraph in its list and return the printed number; empty when it is in none."""
        number_id: str | None = None
        place: int | None = None
        for style, element in self.chain(paragraph):
            properties = element.find(f"{W}pPr/{W}numPr")
            if properties is None:
                continue
            number_id = number_id or value(properties, "numId")
            if place is None and (level := value(properties, "ilvl")) is not None:
                place = int(level)
            if number_id is not None:
                place = numbering.level_of_style(number_id, style) if place is None else place
                break
        if number_id is None or number_id == "0":
            return ""
        return numbering.next_number(number_id, place or 0)


def read_styles(root: Element | None) -> Styles:
    """Read the styles part; no styles at all when the document has none."""
    by_id: dict[str, Element] = {}
    default = None
    for style in root.iter(f"{W}style") if root is not None else ():
        key = style.get(f"{W}styleId", "")
        by_id[key] = style
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
            default = key
    return Styles(by_id, default)
