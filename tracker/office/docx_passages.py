"""Replacing words of a Word document while everything else stays as it is, byte for byte."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from tracker.core.i18n import lazy_gettext as _l
from tracker.office.docx_bytes import Places, Splice, escaped, spliced
from tracker.office.docx_numbering import W, read_numbering
from tracker.office.docx_pieces import Obstacle, Piece, Pieces, paragraphs_below, pieces_of
from tracker.office.docx_reading import REFUSED, is_counted, kind_of_ole, main_part
from tracker.office.docx_styles import read_styles
from tracker.office.package import Package, opened
from tracker.office.passages import Edit, Passage, Span, Unreplaceable
from tracker.office.recognition import FileKind, recognise
from tracker.office.unreadable import Unreadable, UnreadableFile

# A report of a hundred pages has a text of two or three million bytes.
TEXT_LIMIT_BYTES = 20 * 1024 * 1024
OBSTACLES = {
    Obstacle.field: _l("自动更新的域（如日期、目录、交叉引用）"),
    Obstacle.link: _l("超链接"),
    Obstacle.tracked: _l("还没有接受或拒绝的修订"),
    Obstacle.note: _l("脚注或尾注"),
    Obstacle.hidden: _l("隐藏的文字"),
    Obstacle.drawing: _l("图片、图形或文本框"),
    Obstacle.bound: _l("与文档属性相连的内容控件"),
    Obstacle.other: _l("公式、符号或分页符"),
}
# Of a paragraph's properties, what its copies do not take over.
OWN_PROPERTIES = {
    f"{W}{tag}" for tag in ("sectPr", "pPrChange", "rPrChange", "numPr", "ins", "del", "moveFrom", "moveTo")
}
ANCHORS = {
    f"{W}{tag}"
    for tag in ("sectPr", "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference")
} | {f"{W}permStart", f"{W}permEnd"}


class DocxPassages:
    """An opened .docx. Raises UnreadableFile for what is none, or would do harm."""

    suffix = ".docx"

    def __init__(self, stream: BinaryIO) -> None:
        kind = recognise(stream)
        if kind is FileKind.ole:
            raise UnreadableFile(kind_of_ole(stream.read()))
        if kind not in {FileKind.docx, FileKind.zip}:
            raise UnreadableFile(REFUSED.get(kind, Unreadable.not_docx))
        self._file = stream.read()
        with opened(BytesIO(self._file)) as package:
            if kind is FileKind.zip:
                raise UnreadableFile(Unreadable.not_docx)
            self._read(package)

    def _read(self, package: Package) -> None:
        self._part = main_part(package)
        if self._part not in package.names:
            raise UnreadableFile(Unreadable.broken)
        if package.archive.getinfo(self._part).file_size > TEXT_LIMIT_BYTES:
            raise UnreadableFile(Unreadable.bomb)
        root = package.part(self._part)
        body = root.find(f"{W}body") if root is not None else None
        if root is None or body is None:
            raise UnreadableFile(Unreadable.broken)
        data = package.archive.read(self._part)
        try:
            self._places = Places.of(data, root)
        except ExpatError as error:
            raise UnreadableFile(Unreadable.broken) from error
        self._parents = {child: parent for parent in root.iter() for child in parent}
        self._pieces = list(_read_pieces(paragraphs_below(body)))
        self._passages = self._print(package)

    def _print(self, package: Package) -> list[Passage]:
        folder = self._part.rpartition("/")[0]
        styles = read_styles(package.part(f"{folder}/styles.xml".lstrip("/")))
        numbering = read_numbering(package.part(f"{folder}/numbering.xml".lstrip("/")), styles.by_id)
        return [
            Passage(
                text=pieces.text,
                number=styles.number(pieces.element, numbering) if is_counted(pieces.element, pieces.text) else "",
                level=styles.heading_level(pieces.element),
                in_table=self._is_in_table(pieces.element),
                gaps=pieces.gaps,
            )
            for pieces in self._pieces
        ]

    @property
    def passages(self) -> Sequence[Passage]:
        """The paragraphs in the order of the file, those of tables and text boxes too."""
        return self._passages

    def replaced(self, edits: Sequence[Edit]) -> bytes:
        """The file with these edits, which lie apart; what is new looks like the first sign it stands for.

        Raises Unreplaceable where a field, a link, a revision, a note or a picture would break.
        """
        by_paragraph: dict[int, list[Edit]] = defaultdict(list)
        for edit in edits:
            self._check(edit)
            by_paragraph[edit.paragraph].append(edit)
        splices = [each for number, some in by_paragraph.items() for each in self._splices(self._pieces[number], some)]
        return self._packed(spliced(self._places.data, splices))

    def _check(self, edit: Edit) -> None:
        what = self._pieces[edit.paragraph].hurdle(Span(edit.start, edit.end))
        if what is not None:
            words = self._passages[edit.paragraph].text[edit.start : edit.end]
            shown = words if len(words) <= 30 else f"{words[:30]}…"
            message = _l(
                "要改的文字“%(words)s”里有%(what)s，改了会损坏文件。请在 Word 或 WPS 中处理后重新上传。",
                words=shown,
                what=OBSTACLES[what],
            )
            raise Unreplaceable(message)

    def _packed(self, data: bytes) -> bytes:
        found = BytesIO()
        with ZipFile(BytesIO(self._file)) as old, ZipFile(found, "w") as new:
            for entry in old.infolist():
                new.writestr(entry, data if entry.filename == self._part else old.read(entry))
        return found.getvalue()

    def _splices(self, pieces: Pieces, edits: Sequence[Edit]) -> list[Splice]:
        if self._goes(pieces, edits):
            place = self._places.by_element[pieces.element]
            return [Splice(place.start, place.end, b"")]
        written: dict[int, list[_Share]] = defaultdict(list)
        below: list[Splice] = []
        for edit in edits:
            lines = edit.lines or ("",)
            if pieces.element.find(f"{W}pPr/{W}sectPr") is not None:
                # What follows would stand on the pages behind the section's end.
                lines = ("".join(lines),)
            shares = _shares(pieces, edit, lines[0])
            for number, share in shares:
                written[number].append(share)
            below += self._below(pieces, pieces.pieces[shares[0][0]].run, lines[1:]) if shares else []
        return [self._rewritten(pieces.pieces[number], shares) for number, shares in written.items()] + below

    def _rewritten(self, piece: Piece, shares: Sequence["_Share"]) -> Splice:
        if piece.element.tag == f"{W}t":
            text = piece.text
            for start, end, new in sorted(shares, reverse=True):
                text = text[:start] + new + text[end:]
            return self._places.with_text(piece.element, text)
        place, prefix = self._places.by_element[piece.element], self._places.prefix(piece.element)
        is_gone = any(start < end for start, end, _new in shares)
        words = "".join(new for _start, _end, new in shares)
        return Splice(place.start if is_gone else place.end, place.end, _text_element(prefix, words))

    def _below(self, pieces: Pieces, run: Element, lines: Sequence[str]) -> list[Splice]:
        """The further lines, each a paragraph like this one, without its number."""
        if not lines:
            return []
        paragraph, prefix = pieces.element, self._places.prefix(pieces.element)
        frame, look = self._copied(paragraph.find(f"{W}pPr")), self._copied(run.find(f"{W}rPr"))
        new = b"".join(
            b"<%sp>%s<%sr>%s%s</%sr></%sp>" % (prefix, frame, prefix, look, _text_element(prefix, line), prefix, prefix)
            for line in lines
        )
        end = self._places.by_element[paragraph].end
        return [Splice(end, end, new)]

    def _copied(self, properties: Element | None) -> bytes:
        if properties is None:
            return b""
        return self._places.bare(properties, [each for each in properties.iter() if each.tag in OWN_PROPERTIES])

    def _goes(self, pieces: Pieces, edits: Sequence[Edit]) -> bool:
        """Whether all of a paragraph goes, nothing hangs on it, and what holds it does not end with it."""
        if not any(not edit.lines and (edit.start, edit.end) == (0, len(pieces.text)) for edit in edits):
            return False
        siblings = list(self._parents[pieces.element])
        follows = siblings[siblings.index(pieces.element) + 1 :]
        has_anchor = any(each.tag in ANCHORS for each in pieces.element.iter())
        return not pieces.hurdles and not has_anchor and bool(follows) and follows[0].tag == f"{W}p"

    def _is_in_table(self, element: Element) -> bool:
        while (parent := self._parents.get(element)) is not None:
            if parent.tag == f"{W}tc":
                return True
            element = parent
        return False


_Share = tuple[int, int, str]


def _read_pieces(paragraphs: Iterable[Element]) -> Iterator[Pieces]:
    """A field may begin in one paragraph and end in another."""
    fields = 0
    for paragraph in paragraphs:
        pieces = pieces_of(paragraph, fields)
        fields = pieces.fields
        yield pieces


def _shares(pieces: Pieces, edit: Edit, words: str) -> list[tuple[int, _Share]]:
    """What becomes of each piece that an edit touches, by the place of the piece; the first takes the new words."""
    if edit.start == edit.end:
        number = _beside(pieces, edit.start)
        if number is None:
            return []
        at = edit.start - pieces.pieces[number].start
        return [(number, (at, at, words))]
    shares: list[tuple[int, _Share]] = []
    for number, piece in enumerate(pieces.pieces):
        start, end = max(edit.start - piece.start, 0), min(edit.end - piece.start, len(piece.text))
        if start < end:
            shares.append((number, (start, end, "" if shares else words)))
    return shares


def _beside(pieces: Pieces, at: int) -> int | None:
    """The piece that words put in at a place belong to: that of the sign before, unless it is part of a link."""
    around = [number for number, each in enumerate(pieces.pieces) if each.start <= at <= each.start + len(each.text)]
    spoken = [number for number in around if pieces.pieces[number].text]
    free = [number for number in spoken if not _is_linked(pieces, pieces.pieces[number])]
    return next(iter(free or spoken), None)


def _is_linked(pieces: Pieces, piece: Piece) -> bool:
    return any(start <= piece.start < end for _what, (start, end) in pieces.hurdles)


def _text_element(prefix: bytes, words: str) -> bytes:
    return b'<%st xml:space="preserve">%s</%st>' % (prefix, escaped(words), prefix) if words else b""
