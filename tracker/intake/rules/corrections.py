"""Correcting an outline by hand: every act on a row gives a new list, nothing is changed in place."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules.lines import Line, LineKind

Lines = Sequence[Line]
CLOSING = "，。；：、！？,.;:!?"


def dump(lines: Lines) -> str:
    """The lines as a draft keeps them: a JSON list of objects."""
    rows = [
        {"kind": line.kind, "number": line.number, "text": line.text, "paragraph": line.paragraph, "why": line.why}
        for line in lines
    ]
    return json.dumps(rows, ensure_ascii=False)


def parse(text: str) -> list[Line]:
    """The lines out of what ``dump`` wrote."""
    rows: list[dict[str, Any]] = json.loads(text)
    return [Line(**{**row, "kind": LineKind(row["kind"])}) for row in rows]


def apply(lines: Lines, act: str, at: int) -> tuple[list[Line], int]:
    """Carry out one act on the row ``at``: the new lines, and the row to look at next.

    Raises DomainError when the row is gone or the act makes no sense there; an unknown act changes nothing.
    """
    if act not in ACTS:
        return list(lines), at
    if not 0 <= at < len(lines):
        raise DomainError(_l("这一行已经不在了，请看现在的内容。"))
    return ACTS[act](list(lines), at)


def take_paragraph(lines: Lines, paragraph: int, text: str) -> tuple[list[Line], int]:
    """Put a paragraph of the text in as a problem, at its place in the order of the text."""
    later = (at for at, line in enumerate(lines) if line.paragraph is not None and line.paragraph > paragraph)
    at = next(later, len(lines))
    return [*lines[:at], Line(LineKind.problem, "", text, paragraph), *lines[at:]], at


def take_all_ignored(lines: Lines) -> list[Line]:
    """Make every ignored line a problem (or task), for a plan whose every line is one."""
    return [replace(line, kind=LineKind.problem) if line.kind is LineKind.ignored else line for line in lines]


def _up(lines: list[Line], at: int) -> tuple[list[Line], int]:
    above = _neighbour(lines, at, -1)
    if above is None:
        return lines, at
    lines.insert(above, lines.pop(at))
    return lines, above


def _down(lines: list[Line], at: int) -> tuple[list[Line], int]:
    below = _neighbour(lines, at, 1)
    if below is None:
        return lines, at
    lines.insert(below, lines.pop(at))
    return lines, below


def _neighbour(lines: list[Line], at: int, step: int) -> int | None:
    """The nearest line in a direction that counts; ignored ones are passed over."""
    place = at + step
    while 0 <= place < len(lines):
        if lines[place].kind is not LineKind.ignored:
            return place
        place += step
    return None


def _split(lines: list[Line], at: int) -> tuple[list[Line], int]:
    parts = [part.strip() for part in lines[at].text.splitlines() if part.strip()]
    if len(parts) < 2:
        raise DomainError(_l("请先在文字中要拆开的地方按回车换行，再点“拆分”。"))
    rest = [replace(lines[at], number="", text=part) for part in parts[1:]]
    return [*lines[:at], replace(lines[at], text=parts[0]), *rest, *lines[at + 1 :]], at


def _merge(lines: list[Line], at: int) -> tuple[list[Line], int]:
    above = _neighbour(lines, at, -1)
    if above is None:
        raise DomainError(_l("上面没有可以合并的行。"))
    first, second = lines[above].text.rstrip(), lines[at].text.lstrip()
    comma = "" if not first or first.endswith(tuple(CLOSING)) else "，"
    lines[above] = replace(lines[above], text=f"{first}{comma}{second}")
    del lines[at]
    return lines, above


def _drop(lines: list[Line], at: int) -> tuple[list[Line], int]:
    del lines[at]
    return lines, max(0, min(at, len(lines) - 1))


def _add(lines: list[Line], at: int) -> tuple[list[Line], int]:
    kind = lines[at].kind if lines[at].kind is not LineKind.ignored else LineKind.problem
    return [*lines[: at + 1], Line(kind, "", "", None), *lines[at + 1 :]], at + 1


def _restore(lines: list[Line], at: int) -> tuple[list[Line], int]:
    lines[at] = replace(lines[at], kind=LineKind.problem)
    return lines, at


ACTS = {
    "up": _up,
    "down": _down,
    "split": _split,
    "merge": _merge,
    "drop": _drop,
    "add": _add,
    "restore": _restore,
}
