"""Reading a feedback text: from paragraphs to aspects, categories and problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.core.i18n import gettext as _
from tracker.intake.rules.declared import (
    compare,
    compare_section,
    declared_by_heading,
    declared_in,
    declared_tasks_in,
    is_full,
)
from tracker.intake.rules.emission import Emission, emit
from tracker.intake.rules.levels import Levels
from tracker.intake.rules.lines import Counts, Reading, count_lines
from tracker.intake.rules.markers import SOFT, UNCOUNTED
from tracker.intake.rules.outline import Node, Outline, build_outline
from tracker.intake.rules.pieces import Piece, pieces_of
from tracker.intake.rules.plans import sets_tasks, take_tasks
from tracker.intake.rules.scope import narrow
from tracker.intake.rules.textlines import text_lines
from tracker.office.paragraphs import Paragraph

SHOWN_LENGTH = 30


@dataclass(frozen=True)
class Declaration:
    """The counts a text declares; ``words`` is the passage when it stands outside the part that is read."""

    counts: Counts
    words: str = ""


def read_outline(paragraphs: Sequence[Paragraph]) -> Reading:
    """Read a feedback text, with everything that is no problem kept as an ignored line and the reason why."""
    pieces = pieces_of(text_lines(paragraphs))
    reading = _read(pieces, to_problem_parts=True)
    return reading if reading.counted.problems else _read(pieces, to_problem_parts=False)


def _read(pieces: Sequence[Piece], *, to_problem_parts: bool) -> Reading:
    outline = build_outline(pieces)
    if sets_tasks(pieces):
        take_tasks(outline)
    narrow(outline, to_problem_parts=to_problem_parts)
    declaration = _declared_tasks(pieces) if outline.of_tasks else _declaration(outline.root, pieces)
    emission = _emission(outline, Counts() if declaration.words else declaration.counts)
    lines = emission.lines()
    counted = count_lines(lines)
    if declaration.words:
        warnings = [
            _(
                "原文“%(text)s”不在所读的部分，写明的数量可能说的是另一次反馈，请核对。",
                text=declaration.words,
            )
        ]
    else:
        warnings = list(compare(declaration.counts, counted))
    sections = (compare_section(line, stated, lines) for line, stated in emission.declared)
    warnings.extend(warning for warning in sections if warning)
    warnings.extend([*_gaps(outline.root), *emission.warnings])
    if not counted.problems:
        warnings.append(_("没有读到问题。请核对所选文本是不是反馈意见，或者手工标出问题。"))
    return Reading(tuple(lines), declaration.counts, counted, tuple(warnings))


def _emission(outline: Outline, declared: Counts) -> Emission:
    """Of all meanings of the levels take the usual one, unless another agrees better with the declared counts."""
    levels = Levels(outline.root)
    usual, *others = levels.possible(declared)
    best = emit(outline, levels, usual)
    agreement = _agreement(best, declared)
    if agreement == sum(stated is not None for stated in (declared.aspects, declared.categories, declared.problems)):
        return best
    for layout in others:
        emission = emit(outline, levels, layout)
        if _agreement(emission, declared) > agreement:
            best, agreement = emission, _agreement(emission, declared)
    return best


def _agreement(emission: Emission, declared: Counts) -> int:
    counted = count_lines(emission.lines())
    pairs = (
        (declared.aspects, counted.aspects),
        (declared.categories, counted.categories),
        (declared.problems, counted.problems),
    )
    return sum(stated is not None and stated == read for stated, read in pairs)


def _declaration(root: Node, pieces: Sequence[Piece]) -> Declaration:
    """Look where a count of the whole stands: beside the outline, in its words, then elsewhere in the text."""
    own = {piece.order: piece for piece in root.body}
    beside = [declared_in(piece.raw) or _headed(piece) for piece in own.values()]
    within = [declared_in(piece.raw) for piece in _words_within(root)]
    found = [counts for counts in beside if counts] + [counts for counts in within if counts and is_full(counts)]
    for wanted in ([counts for counts in found if is_full(counts)], found):
        if wanted:
            return Declaration(wanted[0])
    inside = {piece.order for piece in _own_pieces(root)} | set(own)
    for piece in pieces:
        counts = declared_in(piece.raw) if piece.order not in inside else None
        if counts and counts.aspects is not None and counts.categories is not None:
            return Declaration(counts, _shown(piece.raw))
    return Declaration(Counts())


def _declared_tasks(pieces: Sequence[Piece]) -> Declaration:
    """The count that names most levels, wherever it stands: a plan speaks of its own tasks alone."""
    found = [counts for piece in pieces if (counts := declared_tasks_in(piece.raw)) is not None]
    return Declaration(next((counts for counts in found if is_full(counts)), Counts()))


def _headed(piece: Piece) -> Counts | None:
    stated = declared_by_heading(piece.raw) if piece.marker else None
    return Counts(problems=stated) if stated is not None else None


def _words_within(node: Node) -> Iterator[Piece]:
    for child in node.children:
        if child.purpose is None:
            yield from child.body
            yield from _words_within(child)


def _own_pieces(node: Node) -> Iterator[Piece]:
    for child in node.children:
        if child.purpose is None:
            if child.piece:
                yield child.piece
            yield from child.body
            yield from _own_pieces(child)


def _shown(text: str) -> str:
    sentence = next((part for part in text.split("。") if declared_in(part)), text).strip()
    return sentence if len(sentence) <= SHOWN_LENGTH else f"…{sentence[-SHOWN_LENGTH:]}"


def _gaps(node: Node) -> Iterator[str]:
    """Say where numbers of one list are left out or given twice; a list that begins again at 1 is a new one."""
    last: Node | None = None
    for child in node.children:
        if child.purpose is not None or child.family is None:
            continue
        if last and last.family is child.family and _is_gap(last, child):
            numbers = {"last": _printed(last), "following": _printed(child)}
            yield _("编号“%(last)s”之后是“%(following)s”，请核对原文是否缺漏或重号。", **numbers)
        last = child
        yield from _gaps(child)


def _is_gap(last: Node, following: Node) -> bool:
    if following.family in UNCOUNTED or following.family in SOFT or last.ordinal is None:
        return False
    return following.ordinal not in {None, 1, last.ordinal + 1}


def _printed(node: Node) -> str:
    return node.piece.marker.printed if node.piece and node.piece.marker else ""
