"""The outline of a text as a tree: every numbered piece below the one that it is nested in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.intake.rules.markers import DEPTH, SOFT, UNCOUNTED, Family
from tracker.intake.rules.passages import Passages
from tracker.intake.rules.pieces import Piece
from tracker.intake.rules.purposes import (
    Purpose,
    names_a_fault,
    names_a_field,
    purpose_of_heading,
    purpose_of_label,
    title_of,
)

HEADINGS = [family for family in Family if family.name.startswith("heading_")]
TABLE = {Family.table_aspect, Family.table_category, Family.table_problem}


@dataclass(eq=False)
class Node:
    """A numbered piece with what stands below it, in document order.

    ``family`` is None for the root and for zones: stretches that words without a number opened ("整改措施：").
    A ``purpose`` is what the whole branch is for; None when it belongs to the outline of problems.
    """

    piece: Piece | None = None
    family: Family | None = None
    parent: "Node | None" = None
    purpose: Purpose | None = None
    contents: list["Node | Piece"] = field(default_factory=list)

    @property
    def children(self) -> list["Node"]:
        """The numbered pieces right below."""
        return [entry for entry in self.contents if isinstance(entry, Node)]

    @property
    def body(self) -> list[Piece]:
        """The pieces without a number right below."""
        return [entry for entry in self.contents if isinstance(entry, Piece)]

    @property
    def ordinal(self) -> int | None:
        """The value of the number; None where the family does not count."""
        return self.piece.marker.ordinal if self.piece and self.piece.marker else None

    @property
    def title(self) -> str:
        """The first sentence of the piece, without punctuation and without the count behind it."""
        return title_of(self.piece.text) if self.piece else ""

    def below(self) -> Iterator["Node"]:
        """All numbered pieces below, in document order."""
        for child in self.children:
            yield child
            yield from child.below()

    def above(self) -> Iterator["Node"]:
        """All nodes above, nearest first, the root last."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass
class Outline:
    """The tree, and the purpose of every piece without a number that is no part of any problem (by its order).

    ``of_tasks`` tells that the paper sets tasks, so that no entry needs to find fault.
    """

    root: Node
    purposes: dict[int, Purpose]
    of_tasks: bool = False


def build_outline(pieces: Sequence[Piece]) -> Outline:
    """Nest all pieces."""
    return _Builder(pieces).build()


class _Builder:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.passages = Passages(pieces)
        self.root = Node()
        self.open: list[Node] = [self.root]
        self.purposes: dict[int, Purpose] = {}
        self.has_outline = False

    def build(self) -> Outline:
        for piece in self.pieces:
            if piece.purpose is not None:
                self._ignore(piece, piece.purpose)
            elif self.passages.is_contents(piece):
                self._ignore(piece, Purpose.contents)
            elif piece.marker is not None:
                self._place_numbered(piece, piece.marker.family)
            else:
                self._place_words(piece)
        return Outline(self.root, self.purposes)

    def _ignore(self, piece: Piece, purpose: Purpose) -> None:
        self.purposes[piece.order] = purpose
        self.open[-1].contents.append(piece)

    # Words without a number

    def _place_words(self, piece: Piece) -> None:
        frame = self.passages.frame_of(piece, has_outline=self.has_outline)
        if frame is not None:
            self._ignore(piece, frame)
            return
        if self.passages.is_plain_heading(piece):
            self._place_numbered(piece, Family.plain_heading)
            return
        purpose = self.passages.purpose_of_part(piece)
        if purpose is not None:
            self._open_part(piece, purpose)
            return
        statement = self.passages.purpose_of_words(piece)
        if statement is None and (zone := self._closed_zone()) is not None:
            statement = zone.purpose
        if statement is None and self._heads_new_list(piece):
            statement = Purpose.introduction
        if statement is not None:
            self._ignore(piece, statement)
        else:
            self.open[-1].contents.append(piece)

    def _heads_new_list(self, piece: Piece) -> bool:
        """Whether a line that explains nothing stands over a list: it ends in a colon, or an open list begins anew.

        So does a line that goes on to such a list itself: 李四同志能力较强。主要问题：（1）…
        """
        within = self.passages.list_within(piece)
        if within is not None and any(node.family is within for node in self.open):
            return True
        following = self.passages.next(piece)
        if following is None or following.marker is None or not self.passages.begins_list(piece):
            return False
        begins_anew = any(node.family is following.marker.family for node in self.open)
        return piece.introduces or (begins_anew and not piece.text.rstrip().endswith(("。", "；", ";")))

    def _open_part(self, piece: Piece, purpose: Purpose) -> None:
        """Begin a zone; a list of problems within the outline of problems needs none."""
        if purpose is Purpose.problems and len(self.open) > 1 and self._is_reading() and not self._ends_statements():
            if piece.opens:
                self.purposes[piece.order] = Purpose.introduction
            self.open[-1].contents.append(piece)
            return
        self._leave_zone()
        if purpose is Purpose.duty and not piece.introduces:
            # 责任单位：办公室 says all it has to say in its own line.
            self._ignore(piece, purpose)
            return
        if purpose is Purpose.problems and self._ends_statements():
            del self.open[1:]
        zone = Node(parent=self.open[-1], purpose=purpose)
        self.open[-1].contents.append(zone)
        self.open.append(zone)
        self._ignore(piece, Purpose.introduction if purpose is Purpose.problems else purpose)

    def _ends_statements(self) -> bool:
        """Whether the list before was about something else: several entries, none of which finds fault."""
        entries = list(self.root.below())
        is_heading = names_a_field(self.open[-1].title)
        return len(entries) > 1 and not is_heading and not any(names_a_fault(e.piece.text) for e in entries if e.piece)

    def _is_reading(self) -> bool:
        """Whether pieces placed now count as problems."""
        inner = self._zone_place()
        return all(node.purpose in {None, Purpose.problems} for node in self.open[max(inner, 1) :])

    def _closed_zone(self) -> Node | None:
        place = self._zone_place()
        zone = self.open[place] if place else None
        return zone if zone and zone.purpose is not Purpose.problems else None

    def _zone_place(self) -> int:
        """The place of the innermost zone on the stack; 0 (the root) when there is none."""
        return max(place for place, node in enumerate(self.open) if node.piece is None)

    def _leave_zone(self) -> None:
        place = self._zone_place()
        if place:
            del self.open[place:]

    # Numbered pieces

    def _place_numbered(self, piece: Piece, family: Family) -> None:
        self.has_outline = True
        place = self._place_on_stack(piece, family)
        del self.open[place + 1 :]
        parent = self.open[-1]
        node = Node(piece, family, parent, self._purpose_of(piece, family))
        parent.contents.append(node)
        self.open.append(node)

    def _purpose_of(self, piece: Piece, family: Family) -> Purpose | None:
        if family is Family.demand:
            return Purpose.demand
        if family in SOFT or family in TABLE:
            return None
        return purpose_of_label(piece.text) or purpose_of_heading(title_of(piece.text))

    def _place_on_stack(self, piece: Piece, family: Family) -> int:
        """The place of the node that becomes the parent of the piece."""
        zone = self._zone_place()
        if family in HEADINGS or family in TABLE or family is Family.label:
            place = self._place_by_rank(family, zone)
            if place is not None:
                return place
        inner = [place for place in range(len(self.open) - 1, zone, -1) if self.open[place].family is family]
        outer = [place for place in range(zone, 0, -1) if self.open[place].family is family]
        following = next((place for place in inner if self._follows(piece, place)), None)
        resumed = next((place for place in outer if self._follows(piece, place)), None)
        if resumed is not None and (following is None or self._resumes(piece)):
            return resumed - 1
        if following is not None:
            return following - 1
        if inner and not self._is_nested_list(piece, family):
            return inner[0] - 1
        return self._place_of_new_family(family, zone)

    def _follows(self, piece: Piece, place: int) -> bool:
        last = self.open[place].ordinal
        if piece.marker is None or piece.marker.family in UNCOUNTED or last is None:
            return place > self._zone_place()
        return piece.marker.ordinal == last + 1

    def _resumes(self, piece: Piece) -> bool:
        """In a zone and after it the same number may be due: a fault that is named speaks for the outline."""
        zone = self._closed_zone()
        return zone is not None and names_a_fault(piece.text)

    def _is_nested_list(self, piece: Piece, family: Family) -> bool:
        return family in SOFT and not piece.opens and piece.marker is not None and piece.marker.ordinal == 1

    def _place_by_rank(self, family: Family, zone: int) -> int | None:
        """Headings, labels and table columns keep their own order and end zones opened below them."""
        if family in HEADINGS:
            rivals = set(HEADINGS[HEADINGS.index(family) :])
            above = set(HEADINGS) - rivals
        elif family in TABLE:
            rivals = {column for column in TABLE if DEPTH[column] >= DEPTH[family]}
            above = TABLE - rivals
        else:
            rivals, above = {family}, set()
        for place in range(1, len(self.open)):
            if self.open[place].family in rivals:
                return place - 1
        upper = [place for place in range(1, len(self.open)) if self.open[place].family in above]
        if upper:
            return upper[-1]
        return 0 if family is Family.table_aspect and self._closed_zone() is None and not zone else None

    def _place_of_new_family(self, family: Family, zone: int) -> int:
        """A family that officially stands above the open ones begins above them, unless the text nests it below."""
        place = len(self.open) - 1
        while place > zone and self._stands_above(family, self.open[place]):
            place -= 1
        return place

    def _stands_above(self, family: Family, node: Node) -> bool:
        if node.family is None or node.family in TABLE or DEPTH[node.family] <= DEPTH[family]:
            return False
        return not self.passages.is_above(node.family, family)
