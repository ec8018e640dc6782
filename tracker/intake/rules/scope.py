"""Which part of a text is read: only the problems where a paper has a part for them, else all of it."""

from collections.abc import Iterator, Sequence, Set

from tracker.intake.rules.outline import Node, Outline
from tracker.intake.rules.pieces import Piece
from tracker.intake.rules.purposes import Purpose, names_a_fault, names_a_field_only

DOUBTFUL = {Purpose.done, Purpose.overview}


def narrow(outline: Outline, *, to_problem_parts: bool) -> Node:
    """Take out of the outline what is not read, noting the purpose of every piece taken out, and return its root.

    Parts headed 存在问题 are read alone, and where nothing else can be meant a part that tells problems among measures,
    as plans of rectification do. Headings above several such parts (one per unit, say) stay as sections.
    """
    parts = _problem_parts(outline.root) if to_problem_parts else []
    if parts:
        _keep_only(outline, outline.root, parts)
    else:
        _give_back(outline.root, DOUBTFUL)
        plans = [] if to_problem_parts else _give_back(outline.root, {Purpose.plan})
        if plans:
            _keep_only(outline, outline.root, plans)
    _dissolve_zones(outline, outline.root)
    return outline.root


def pieces_below(node: Node) -> list[Piece]:
    """The pieces of a branch, its own first, in document order."""
    found = [node.piece] if node.piece else []
    for entry in node.contents:
        found.extend(pieces_below(entry) if isinstance(entry, Node) else [entry])
    return found


def _problem_parts(root: Node) -> list[Node]:
    """The innermost parts headed as problems; a heading that is one section beside others frames nothing."""
    headed = [node for node in root.below() if node.purpose is Purpose.problems and not _is_set_aside(node)]
    innermost = [node for node in headed if not any(other in headed for other in node.below())]
    sections = [node for node in innermost if node.piece is not None and _is_section(node, innermost)]
    for node in sections:
        node.purpose = None
    frames = [node for node in innermost if node.purpose is Purpose.problems]
    outer = {node.parent for node in sections if node.parent and node.parent.purpose is Purpose.problems}
    return [*frames, *(node for node in headed if node in outer)]


def _is_section(node: Node, headed: Sequence[Node]) -> bool:
    """Whether a heading like 个人存在的问题 stands beside another one, or beside headings that name fields of work."""
    beside = [other for other in node.parent.children if other is not node] if node.parent else []
    return any(
        other.family is node.family and (other in headed or (other.purpose is None and names_a_field_only(other.title)))
        for other in beside
    )


def _is_set_aside(node: Node) -> bool:
    """Problems named inside demands, plans and pledges were named before."""
    return any(above.purpose in {Purpose.demand, Purpose.plan, Purpose.pledge} for above in node.above())


def _keep_only(outline: Outline, node: Node, parts: Sequence[Node]) -> None:
    leading = [child for child in node.children if child in parts or any(below in parts for below in child.below())]
    kept: list[Node | Piece] = []
    for entry in node.contents:
        if isinstance(entry, Piece):
            outline.purposes.setdefault(entry.order, _reason(node))
            kept.append(entry)
        elif entry not in leading:
            _set_aside(entry)
            kept.append(entry)
        elif entry in parts:
            kept.extend(_opened(outline, entry))
        else:
            _keep_only(outline, entry, parts)
            kept.extend([entry] if len(leading) > 1 and entry.purpose is None else _opened(outline, entry))
    _put(node, kept)


def _opened(outline: Outline, node: Node) -> list[Node | Piece]:
    """The contents of a frame in place of the frame; its heading stays as words that introduce them."""
    if node.piece is None:
        return node.contents
    is_frame = node.purpose is Purpose.problems
    outline.purposes[node.piece.order] = Purpose.introduction if is_frame else _reason(node)
    return [node.piece, *node.contents]


def _set_aside(node: Node) -> None:
    if node.purpose in {None, Purpose.problems}:
        node.purpose = _reason(node)


def _reason(node: Node) -> Purpose:
    """Why a branch beside the part with the problems is not read: what the nearest heading says, else just that."""
    named = (above.purpose for above in (node, *node.above()) if above.purpose not in {None, Purpose.problems})
    return next((purpose for purpose in named if purpose), Purpose.other_part)


def _give_back(root: Node, doubtful: Set[Purpose]) -> list[Node]:
    """A heading like 责任落实情况 may stand over problems as well as over work done: what is below it decides."""
    given: list[Node] = []
    for node in list(root.below()):
        if node.purpose in doubtful and node.piece is not None:
            lowest = [below for below in _read_below(node) if not any(True for _each in _read_below(below))]
            faults = [below for below in lowest if below.piece and names_a_fault(below.piece.text)]
            if lowest and len(faults) * 2 >= len(lowest):
                node.purpose = None
                given.append(node)
    return given


def _read_below(node: Node) -> Iterator[Node]:
    """All numbered pieces below that belong to the outline of problems."""
    for child in node.children:
        if child.purpose is None:
            yield child
            yield from _read_below(child)


def _dissolve_zones(outline: Outline, node: Node) -> None:
    """Put what stands in zones of problems directly below the node above them."""
    kept: list[Node | Piece] = []
    for entry in node.contents:
        if isinstance(entry, Node):
            _dissolve_zones(outline, entry)
        if isinstance(entry, Node) and entry.purpose is Purpose.problems:
            kept.extend(_opened(outline, entry) if entry.piece is None else [entry])
            if entry.piece is not None:
                entry.purpose = None
        else:
            kept.append(entry)
    _put(node, kept)


def _put(node: Node, contents: list[Node | Piece]) -> None:
    node.contents = contents
    for entry in contents:
        if isinstance(entry, Node):
            entry.parent = node
