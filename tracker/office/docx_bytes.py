"""Where each element of a part stands in its bytes, so that it can be changed without touching any other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element
from xml.parsers import expat
from xml.sax.saxutils import escape

from tracker.office.docx_writing import clean

_TAG = re.compile(rb"""<([^\s/>]+)(?:"[^"]*"|'[^']*'|[^"'>])*>""")


class Place(NamedTuple):
    """An element from its first byte up to the one behind its last, and the same for what stands between its tags.

    An element of a single tag holds nothing: both ends of its inside are its own end.
    """

    start: int
    inside: int
    inside_end: int
    end: int


class Splice(NamedTuple):
    """The bytes from ``start`` up to ``end``, and what stands there instead."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True)
class Places:
    """A part with the place of each of its elements."""

    data: bytes
    by_element: dict[Element, Place]

    @classmethod
    def of(cls, data: bytes, root: Element) -> "Places":
        """The places of all elements of a part in UTF-8 that ``root`` was read from; raises ValueError for another."""
        found = _found(data)
        elements = list(root.iter())
        if len(found) != len(elements):
            raise ValueError("a part that is read in two ways")
        return cls(data, dict(zip(elements, found, strict=True)))

    def prefix(self, element: Element) -> bytes:
        """What stands before the colon in the names of such elements, with the colon."""
        match = _TAG.match(self.data, self.by_element[element].start)
        name = match[1] if match else b""
        return name.rpartition(b":")[0] + b":" if b":" in name else b""

    def bare(self, element: Element, without: Sequence[Element]) -> bytes:
        """The bytes of an element without those of some that lie in it."""
        place = self.by_element[element]
        cuts = [Splice(each.start, each.end, b"") for each in (self.by_element[inner] for inner in without)]
        return spliced(self.data, cuts, place.start, place.end)

    def with_text(self, element: Element, text: str) -> Splice:
        """The element of a text with another text; its blanks count."""
        place = self.by_element[element]
        tag = self.data[place.start : place.inside]
        if b"xml:space" not in tag:
            tag = tag[:-1] + b' xml:space="preserve">'
        return Splice(place.start, place.inside_end, tag + escaped(text))


def spliced(data: bytes, splices: Sequence[Splice], start: int = 0, end: int | None = None) -> bytes:
    """The bytes, or a stretch of them, with splices that lie apart; of two at one place the first stands first."""
    pieces: list[bytes] = []
    at = start
    for splice in sorted(splices, key=lambda each: (each.start, each.end)):
        pieces += [data[at : splice.start], splice.new]
        at = splice.end
    return b"".join([*pieces, data[at : len(data) if end is None else end]])


def escaped(text: str) -> bytes:
    """A text as it stands between tags."""
    return escape(clean(text)).encode()


def _found(data: bytes) -> list[Place]:
    """Places in the order in which the elements begin."""
    found: list[Place] = []
    opened: list[tuple[int, int, int]] = []
    parser = expat.ParserCreate()

    def begin(name: str, _attributes: object) -> None:
        start = parser.CurrentByteIndex
        match = _TAG.match(data, start)
        if match is None or match[1] != name.encode():
            raise ValueError("a part that is not in UTF-8")
        opened.append((len(found), start, match.end()))
        found.append(Place(start, 0, 0, 0))

    def end(_name: str) -> None:
        number, start, inside = opened.pop()
        at = parser.CurrentByteIndex
        if data[inside - 2 : inside] == b"/>":
            found[number] = Place(start, inside, inside, inside)
        else:
            found[number] = Place(start, inside, at, data.index(b">", at) + 1)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(data, True)
    return found
