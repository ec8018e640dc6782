"""Which level of an outline is aspect, category or problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from tracker.intake.rules.lines import Counts
from tracker.intake.rules.markers import SOFT, Family
from tracker.intake.rules.outline import Node
from tracker.intake.rules.purposes import names_a_fault, names_a_field, subject_of

PASSAGE = 20
SOME = 21
WORDS = 22
PROBLEM_LEVEL = 3
ARABIC = {
    Family.arabic,
    Family.dotted_2,
    Family.dotted_3,
    Family.arabic_bracket,
    Family.arabic_half,
    Family.circled,
    Family.letter,
    Family.bullet,
    Family.label,
    Family.table_problem,
}


@dataclass(frozen=True)
class Layout:
    """The level of aspects, categories and problems; None for one that does not occur.

    Levels count from 1 for numbered lines; 一是, 有的 and unnumbered words have levels of their own far below.
    """

    aspect: int | None
    category: int | None
    problem: int | None


class Levels:
    """The level of every node of an outline: the same way of numbering is the same level within a branch."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.of: dict[Node, int] = {}
        branches = [self._depths(node) for node in _read(root.children)]
        self.depth = max((max(depths.values(), default=0) for depths in branches), default=0)
        common: dict[Family, int] = {}
        for depths in branches:
            if max(depths.values(), default=0) == self.depth:
                common = {**depths, **common}
        for node, depths in zip(_read(root.children), branches, strict=True):
            is_full = max(depths.values(), default=0) == self.depth
            self._assign(node, depths if is_full else {**depths, **common})

    def _depths(self, branch: Node, depth: int = 1) -> dict[Family, int]:
        found: dict[Family, int] = {}
        if branch.family is None or branch.family in SOFT:
            return found
        found[branch.family] = depth
        for child in _read(branch.children):
            for family, below in self._depths(child, depth + 1).items():
                found[family] = max(below, found.get(family, 0))
        return found

    def _assign(self, node: Node, depths: dict[Family, int]) -> None:
        if node.family is not None:
            soft = {Family.passage: PASSAGE, Family.some: SOME, Family.demand: SOME}
            self.of[node] = soft.get(node.family) or depths.get(node.family, 1)
        for child in _read(node.children):
            self._assign(child, depths)

    def at(self, level: int) -> list[Node]:
        """All nodes of a level, in document order."""
        return [node for node, own in self.of.items() if own == level]

    def usual(self, declared: Counts) -> Layout:
        """The layout that the form of the outline suggests."""
        problem = self._usual_problem()
        sections = [level for level in range(1, self.depth + 1) if level < problem]
        if len(sections) == 1:
            return self._single(sections[0], problem, declared)
        return Layout(sections[0] if sections else None, sections[1] if len(sections) > 1 else None, problem)

    def possible(self, declared: Counts) -> Iterator[Layout]:
        """All layouts that could be meant, the usual one first; declared counts choose among them."""
        yield self.usual(declared)
        available = set(self.of.values())
        for problem in sorted(available):
            sections = sorted(level for level in available if level < problem and level <= self.depth)
            yield from (Layout(*pair, problem) for pair in combinations(sections, 2))
            yield from (self._single(level, problem, declared) for level in sections)
            yield from (Layout(level, None, problem) for level in sections)
            yield from (Layout(None, level, problem) for level in sections)
            yield Layout(None, None, problem)
        if self.depth == 2 and declared.problems is not None:
            yield Layout(1, 2, None)

    def _single(self, level: int, problem: int, declared: Counts) -> Layout:
        """One level of sections: what was declared names it, else titles that name a fault are categories."""
        if (declared.aspects is None) != (declared.categories is None):
            is_category = declared.aspects is None
        else:
            titles = [node.title for node in self.at(level)]
            faults = [title for title in titles if names_a_fault(subject_of(title)) and not names_a_field(title)]
            is_category = len(faults) * 2 > len(titles)
        return Layout(None, level, problem) if is_category else Layout(level, None, problem)

    def _usual_problem(self) -> int:
        if self.depth == 0:
            return min(self.of.values(), default=WORDS)
        level = min(self.depth, PROBLEM_LEVEL)
        if level > 1 and self._are_points(level):
            return level - 1
        if self.depth >= PROBLEM_LEVEL:
            return level
        lowest = self.at(self.depth)
        fields = [node for node in lowest if names_a_field(node.title)]
        are_fields = len(fields) * 2 > len(lowest)
        are_headings = are_fields or all(node.family not in ARABIC for node in lowest)
        if are_headings and _share_with(lowest, Family.passage) >= 0.5:
            return PASSAGE
        if are_fields and _share_with(lowest, Family.some) >= 0.5:
            return SOME
        return WORDS if are_fields and any(_has_faulty_words(node) for node in fields) else self.depth

    def _are_points(self, level: int) -> bool:
        """Whether the entries of a level are mere points below a few of the entries above, most of which have none."""
        above = self.at(level - 1)
        bare = [node for node in above if not self._has_entries(node, level) and not names_a_field(node.title)]
        return len(bare) * 2 > len(above)

    def _has_entries(self, node: Node, level: int) -> bool:
        """一是 below a figure is part of the entry; below a heading it is an entry of its own."""
        entries = _read(node.children)
        return any(self.of[entry] <= level or node.family not in ARABIC for entry in entries)


def _read(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.purpose is None]


def _share_with(nodes: list[Node], family: Family) -> float:
    having = [node for node in nodes if any(child.family is family for child in _read(node.children))]
    return len(having) / len(nodes)


def _has_faulty_words(node: Node) -> bool:
    """Whether unnumbered words below a heading, or behind it in the same line, name a fault."""
    behind = node.piece.text[len(node.title) :] if node.piece else ""
    return names_a_fault(behind) or any(names_a_fault(piece.text) for piece in node.body)
