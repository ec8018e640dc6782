"""Two frozen meetings compared item by item."""

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.pages import Tab
from tracker.figures.sentences import Told
from tracker.meetings import pages, queries
from tracker.meetings.comparing import STEP_LABELS, Compared, Step, compare
from tracker.meetings.operations import Seen, ensure_intact, frozen_one
from tracker.meetings.standings import tally_of
from tracker.meetings.telling import tell_between
from tracker.meetings.views.blueprint import Answer, blueprint, view_of


@blueprint.get("/<int:meeting_id>/compare")
@allow(Action.READ_MEETING)
def comparison(meeting_id: int) -> Answer:
    """What changed from an earlier meeting to this one: the sentence, and every item."""
    session, actor = db.session(), present_actor()
    meeting = queries.get_meeting(session, meeting_id, actor)
    later = ensure_intact(frozen_one(session, meeting, queries.get_freeze(session, meeting_id), actor))
    others = queries.list_comparable(session, meeting, actor)
    chosen = read_id(request.args.get("with")) or next((each.id for each in others), None)
    values = {
        "meeting": meeting,
        "view": view_of(later),
        "is_whole": later.is_whole,
        "others": others,
        "chosen": chosen,
    }
    if chosen is None:
        return render_template("meetings/compare.html", found=None, **values)
    other = next((each for each in others if each.id == chosen), None)
    if other is None:
        raise DomainError(_l("只能比较范围相同、都已锁定数据的两次会议。"))
    one = ensure_intact(frozen_one(session, other, queries.get_freeze(session, other.id), actor))
    first, last = sorted((one, later), key=lambda seen: (seen.frozen.as_of, seen.frozen.known_at))
    told = tell_between(session, first, last, actor)
    found, step = compare(first.frozen, last.frozen), _step()
    values |= {"earlier": view_of(first), "later": view_of(last), "told": told}
    values |= {"agrees": _agrees(told, first, last)}
    values |= {"tabs": _tabs(later, chosen, found, step), "rows": pages.differences(found, step)}
    return render_template("meetings/compare.html", found=found, **values)


def _tabs(seen: Seen, chosen: int, found: list[Compared], step: Step | None) -> list[Tab]:
    args: dict[str, Any] = {"meeting_id": seen.meeting.id, "with": chosen}
    every = Tab(_l("全部变化"), url_for("meetings.comparison", **args), step is None)
    there = [each for each in Step if any(one.step is each for one in found)]
    return [
        every,
        *(Tab(STEP_LABELS[each], url_for("meetings.comparison", **args, step=each), each is step) for each in there),
    ]


SETTLED = {"left_out": 0, "left_out_completed": 0}


def _agrees(told: Told, earlier: Seen, later: Seen) -> bool:
    """Whether the ledger still gives, for both instants, what was frozen; nothing recorded later may change it."""
    both = zip(
        (told.difference.before, told.difference.after), (tally_of(earlier.frozen), tally_of(later.frozen)), strict=True
    )
    # What a source leaves out of the denominators is settled for all days at once, so it may differ by now.
    return all(replace(now, **SETTLED) == replace(frozen, **SETTLED) for now, frozen in both)


def _step() -> Step | None:
    named = request.args.get("step")
    try:
        return Step(named) if named else None
    except ValueError:
        raise NotFound(_l("没有这种变动。")) from None
