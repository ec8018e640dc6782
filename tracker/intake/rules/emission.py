"""Turning an outline and the meaning of its levels into lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker.core.i18n import gettext as _
from tracker.intake.rules.declared import declared_by_heading
from tracker.intake.rules.entries import (
    drop_open_end,
    kept_words,
    problem_text,
    purpose_of_entry,
    split_statement,
)
from tracker.intake.rules.levels import PASSAGE, WORDS, Layout, Levels
from tracker.intake.rules.lines import Line, LineKind
from tracker.intake.rules.markers import Family
from tracker.intake.rules.outline import Node, Outline
from tracker.intake.rules.pieces import Piece
from tracker.intake.rules.purposes import (
    REASONS,
    Purpose,
    names_a_fault,
    purpose_of_label,
    title_end,
)
from tracker.intake.rules.scope import pieces_below

BEHIND = 0.5
BEFORE = 0.25


@dataclass
class Emission:
    """Lines with their place in the text, what headings declare, and what people should look at."""

    placed: list[tuple[float, Line]] = field(default_factory=list)
    set_aside: dict[float, tuple[Piece, Purpose]] = field(default_factory=dict)
    declared: list[tuple[Line, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """All lines in document order; neighbours in one paragraph that are set aside for one reason make one line."""
        ignored: list[tuple[float, Line]] = []
        for place, (piece, purpose) in sorted(self.set_aside.items(), key=lambda entry: entry[0]):
            line = Line(LineKind.ignored, "", piece.raw.strip(), piece.paragraph, str(REASONS[purpose]))
            last_place, last = ignored[-1] if ignored else (place, None)
            between = any(last_place < other < place for other, _line in self.placed)
            if last and not between and (last.paragraph, last.why) == (line.paragraph, line.why):
                ignored[-1] = (place, replace(last, text=last.text + line.text))
            else:
                ignored.append((place, line))
        return [line for _place, line in sorted([*self.placed, *ignored], key=lambda entry: entry[0])]


def emit(outline: Outline, levels: Levels, layout: Layout) -> Emission:
    """Give every piece of the outline its line."""
    emitter = _Emitter(outline, levels, layout)
    emitter.emit_root(outline.root)
    return emitter.result


class _Emitter:
    def __init__(self, outline: Outline, levels: Levels, layout: Layout) -> None:
        self.purposes = dict(outline.purposes)
        self.of_tasks = outline.of_tasks
        self.levels = levels
        self.layout = layout
        self.result = Emission()

    def emit_root(self, root: Node) -> None:
        made = self._emit_children(root)
        for piece in root.body:
            is_free = piece.order not in self.purposes and not made
            if not (is_free and self.layout.problem == WORDS and self._emit_words(piece, piece.order)):
                self._set_aside(piece, Purpose.remark if names_a_fault(piece.text) else Purpose.aside)

    def _emit_children(self, parent: Node) -> int:
        """Emit all nodes below a node and return how many problems they made."""
        read = [child for child in parent.children if child.purpose is None]
        beside = self._texts_beside(read)
        made = 0
        for child in parent.children:
            if child.purpose is not None:
                self._set_branch_aside(child, child.purpose)
            elif not self._is_problem(child):
                made += self._emit_section(child)
            elif (purpose := self._purpose_of_entry(*beside[child], parent.title)) is not None:
                self._set_branch_aside(child, purpose)
                self.purposes[_own(child).order] = purpose
            else:
                self._emit_problem(child, ends_list=child is read[-1])
                made += 1
        return made

    def _texts_beside(self, nodes: Sequence[Node]) -> dict[Node, tuple[str, list[str]]]:
        """For every problem its text and those of the list it stands in; a list ends where numbers begin again."""
        found: dict[Node, tuple[str, list[str]]] = {}
        texts: list[str] = []
        for last, node in zip([None, *nodes], nodes, strict=False):
            if not self._is_problem(node):
                continue
            if last is None or last.family is not node.family or node.ordinal == 1:
                texts = []
            texts.append(problem_text(node, self.purposes))
            found[node] = (texts[-1], texts)
        return found

    def _purpose_of_entry(self, text: str, beside: Sequence[str], title: str) -> Purpose | None:
        return purpose_of_label(text) if self.of_tasks else purpose_of_entry(text, beside, title)

    def _is_problem(self, node: Node) -> bool:
        level = self.levels.of[node]
        return self.layout.problem is not None and (level >= self.layout.problem or level >= PASSAGE)

    def _emit_problem(self, node: Node, *, ends_list: bool) -> None:
        piece, text = _own(node), problem_text(node, self.purposes)
        if ends_list and node.family is Family.passage:
            text, is_open = drop_open_end(text)
            if is_open:
                self.result.warnings.append(_open_list(text))
        number = piece.marker.printed if piece.marker else ""
        self._place(LineKind.problem, number, text or number, piece, piece.order)
        self._set_aside_unkept(node)

    def _set_aside_unkept(self, node: Node) -> None:
        """Set aside what stands below an entry without belonging to its finding."""
        kept = kept_words(node, self.purposes)
        for entry in node.contents:
            if isinstance(entry, Node) and entry in kept:
                self._set_aside_unkept(entry)
            elif isinstance(entry, Node):
                self._set_branch_aside(entry, entry.purpose or Purpose.done)
            elif entry not in kept:
                self._set_aside(entry, Purpose.done)

    def _emit_section(self, node: Node) -> int:
        """Emit a section with what is below; one without problems below may be a problem itself."""
        made = self._emit_children(node)
        if made == 0 and self.layout.problem is not None:
            return self._emit_leaf(node)
        self._place_section(node)
        for place, piece in self._words_of(node):
            self._set_aside(piece, Purpose.remark, place)
        return made

    def _emit_leaf(self, node: Node) -> int:
        """A section without numbered problems: its unnumbered words are the problems, or it is one itself."""
        left = [self.purposes.get(_own(child).order) for child in node.children if child.purpose is None]
        if left and left[0] and not names_a_fault(node.title):
            self._set_branch_aside(node, left[0])
            return 0
        whole = problem_text(node, self.purposes)
        purpose = self._purpose_of_entry(whole, [whole], "")
        if purpose is not None:
            self._set_branch_aside(node, purpose)
            return 0
        words = [
            (place, piece) for place, piece in self._words_of(node) if piece.order not in self.purposes or place % 1
        ]
        if not self.of_tasks and any(names_a_fault(piece.text) for _place, piece in words):
            self._place_section(node)
            made = 0
            for place, piece in self._words_of(node):
                is_read = piece.order not in self.purposes or bool(place % 1)
                if is_read and names_a_fault(piece.text):
                    made += self._emit_words(piece, place)
                else:
                    self._set_aside(piece, Purpose.remark, place)
            return made
        self._emit_problem(node, ends_list=False)
        return 1

    def _emit_words(self, piece: Piece, place: float) -> int:
        """Read words without a number as problems when they name a fault; return how many they made."""
        if not names_a_fault(piece.text):
            return 0
        statement = split_statement(piece.text)
        if statement.before:
            self.result.set_aside[place - BEFORE] = (replace(piece, raw=statement.before), Purpose.introduction)
        for problem in statement.problems:
            self._place(LineKind.problem, "", problem, piece, place)
        if statement.is_open:
            self.result.warnings.append(_open_list(statement.problems[-1]))
        return len(statement.problems)

    def _words_of(self, node: Node) -> list[tuple[float, Piece]]:
        """The words behind the title of a section and the unnumbered pieces below it, each with its place."""
        piece = _own(node)
        behind = piece.text[title_end(piece.text) :].strip()
        own = replace(piece, marker=None, text=behind, raw=behind, opens=False)
        words: list[tuple[float, Piece]] = [(piece.order + BEHIND, own)] if behind else []
        return [*words, *((entry.order, entry) for entry in node.body)]

    def _place_section(self, node: Node) -> None:
        piece = _own(node)
        kinds = {self.layout.aspect: LineKind.aspect, self.layout.category: LineKind.category}
        kind = kinds.get(self.levels.of[node])
        if kind is None:
            self._set_aside(piece, Purpose.surplus_heading)
            return
        number = piece.marker.printed if piece.marker else ""
        line = self._place(kind, number, node.title or number, piece, piece.order)
        stated = declared_by_heading(piece.text)
        if stated is not None:
            self.result.declared.append((line, stated))

    def _place(self, kind: LineKind, number: str, text: str, piece: Piece, place: float) -> Line:
        line = Line(kind, number, text, piece.paragraph)
        self.result.placed.append((place, line))
        return line

    def _set_aside(self, piece: Piece, purpose: Purpose, place: float | None = None) -> None:
        place = piece.order if place is None else place
        settled = None if place % 1 else self.purposes.get(piece.order)
        self.result.set_aside[place] = (piece, settled or purpose)

    def _set_branch_aside(self, node: Node, purpose: Purpose) -> None:
        for piece in pieces_below(node):
            self._set_aside(piece, purpose)


def _own(node: Node) -> Piece:
    if node.piece is None:
        raise ValueError("a zone was left in the outline")
    return node.piece


def _open_list(text: str) -> str:
    message = _("原文在“%(text)s”之后以“等”结尾，可能还有没有列出的问题，请与反馈单位核对。", text=text)
    return str(message)
