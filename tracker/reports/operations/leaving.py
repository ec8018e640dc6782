"""Taking what a report leaves to the next year in as a new source, to be looked over before it stands."""

from collections.abc import Sequence
from datetime import date

from tracker.access.rules import Action, Actor, ensure_may
from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake import operations as intake
from tracker.intake.models import IntakeDraft
from tracker.intake.operations import Received
from tracker.intake.rules.lines import Counts, Line, LineKind, Reading, count_lines
from tracker.reports.following import FOLLOWING_LABELS, KINDS, Following, part_of, points_of

# What a source made of a report is called; it is printed on papers, so it is always Chinese.
_TITLES = {Following.PROBLEMS: "年度述职报告查摆的存在问题", Following.PLANS: "年度述职报告提出的下步打算"}


def take_in_part(
    paragraphs: Sequence[str], which: Following, *, year: int, received_on: date | None = None, actor: Actor
) -> IntakeDraft:
    """Begin an intake of the points of a part; nothing stands before it is confirmed on its own page.

    Raises DomainError where the report has no such part or the part no points.
    """
    ensure_may(actor, Action.INTAKE)
    part = part_of(paragraphs, which)
    points = points_of(paragraphs, part)
    if not points:
        message = _l("报告里没有读到“%(part)s”部分，或者其中没有逐条写出的内容。", part=FOLLOWING_LABELS[which])
        raise DomainError(message)
    lines = tuple(Line(LineKind.problem, each.number, each.text, each.paragraph - part.start) for each in points)
    reading = Reading(lines, Counts(), count_lines(lines), ())
    received = Received(tuple(paragraphs[part.start : part.stop]), reading)
    day = received_on or clock.today()
    return intake.begin(KINDS[which], f"{year}{_TITLES[which]}", day, received, actor=actor)
