"""The words of one entry in a list of problems, and whether it is a problem at all."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.intake.rules.outline import Node
from tracker.intake.rules.pieces import Piece
from tracker.intake.rules.purposes import (
    PUNCTUATION,
    WORK,
    Purpose,
    is_about,
    is_demand,
    is_strong_demand,
    names_a_fault,
    purpose_of_start,
    purpose_of_statement,
    sentences,
)

ENDINGS = "。；;！？!?：:，,"
STRUNG = re.compile(
    r"(?:存在|表现为|表现在|主要是|有)(?:着|的问题是)?(?P<items>[^。；：:]{4,400}?)等(?:方面)?(?:的)?(?:突出|主要|具体|一些|共性)?(?:问题|不足|现象|情况)"
)
AFTER_COLON = re.compile(r"[：:](?P<items>[^：:]+)$")
OPEN_END = re.compile(r"(?P<words>[^、，]+?)等(?:等)?(?:方面)?的?(?:问题|不足)?")
UNFIT = {Purpose.demand, Purpose.plan, Purpose.pledge, Purpose.cause, Purpose.duty}


def clean(text: str) -> str:
    """A text as it is kept: without the punctuation that only begins or ends its line."""
    return text.strip().rstrip(PUNCTUATION).lstrip(PUNCTUATION)


def problem_text(node: Node, purposes: Mapping[int, Purpose]) -> str:
    """The finding word for word: the entry with its explanation and the points below it."""
    text = node.piece.text if node.piece else ""
    for entry in kept_words(node, purposes):
        text = _joined(text, entry, purposes)
    return clean(text)


def kept_words(node: Node, purposes: Mapping[int, Purpose]) -> list[Node | Piece]:
    """What stands below an entry and belongs to its finding.

    Below a quoted finding (关于“…”的问题) reports tell what was done about it; only words that find fault stay.
    """
    entries = [entry for entry in node.contents if _is_kept(entry, purposes)]
    if not is_about(node.title):
        return entries
    return [entry for entry in entries if _finds_fault(entry.piece if isinstance(entry, Node) else entry)]


def _is_kept(entry: Node | Piece, purposes: Mapping[int, Purpose]) -> bool:
    piece = entry.piece if isinstance(entry, Node) else entry
    is_aside = isinstance(entry, Node) and entry.purpose is not None
    return not is_aside and piece is not None and piece.order not in purposes


def purpose_of_entry(text: str, beside: Sequence[str], title: str) -> Purpose | None:
    """Tell why an entry is no problem, seen with the entries beside it and the heading above; None when it is one."""
    if is_strong_demand(text):
        return Purpose.demand
    if names_a_fault(text):
        return None
    start = purpose_of_start(text)
    if start in UNFIT:
        return start
    if is_about(title) and not any(names_a_fault(other) for other in beside):
        return Purpose.done
    if names_a_fault(title):
        return None
    if _most(is_demand(other) for other in beside):
        return Purpose.demand
    statement = purpose_of_statement(text)
    done = {Purpose.done, Purpose.praise}
    return statement if statement in done and _most(purpose_of_statement(other) in done for other in beside) else None


@dataclass(frozen=True)
class Statement:
    """The problems that running words name, the words before them, and whether the words end in 等."""

    problems: tuple[str, ...]
    before: str = ""
    is_open: bool = False


def split_statement(text: str) -> Statement:
    """Cut running words into the problems they name; words that name one stay whole."""
    bare = clean(text)
    strung = STRUNG.search(bare)
    if strung:
        parts = _join_faultless(strung["items"].split("、"))
        if len(parts) > 1:
            return Statement(tuple(parts), bare[: strung.start("items")], is_open=True)
    listed = AFTER_COLON.search(bare)
    parts = [clean(part) for part in re.split("[；;]", listed["items"] if listed else bare) if clean(part)]
    if len(parts) > 1 and all(names_a_fault(part) for part in parts):
        last, is_open = drop_open_end(parts[-1])
        return Statement((*parts[:-1], last), bare[: listed.start("items")] if listed else "", is_open)
    return Statement((bare,))


def drop_open_end(text: str) -> tuple[str, bool]:
    """Take 等 off the last entry of a list, with whether it was there; behind an enumeration it stays."""
    match = OPEN_END.fullmatch(clean(text))
    return (match["words"], True) if match else (clean(text), False)


def _joined(text: str, entry: Node | Piece, purposes: Mapping[int, Purpose]) -> str:
    piece = entry.piece if isinstance(entry, Node) else entry
    words = piece.raw if piece else ""
    if piece and piece.opens and text.strip() and text.strip()[-1] not in ENDINGS:
        text = f"{text.strip()}。"
    text += words
    for below in kept_words(entry, purposes) if isinstance(entry, Node) else ():
        text = _joined(text, below, purposes)
    return text


def _finds_fault(piece: Piece | None) -> bool:
    first = sentences(piece.text)[:1] if piece else []
    return bool(first) and names_a_fault(first[0]) and not WORK.search(first[0])


def _most(answers: Iterable[bool]) -> bool:
    given = list(answers)
    return sum(given) * 2 > len(given)


def _join_faultless(parts: Sequence[str]) -> list[str]:
    """“三会一课”、主题党日执行不严 is one problem: words that name no fault belong to the next ones."""
    joined: list[str] = []
    waiting = ""
    for part in parts:
        waiting = f"{waiting}、{part}" if waiting else part
        if names_a_fault(part):
            joined.append(clean(waiting))
            waiting = ""
    if waiting and joined:
        joined[-1] = f"{joined[-1]}、{waiting}"
    return joined
