"""My desk: what waits on me and for how long, and what I wait for from others."""

from datetime import datetime

from flask import render_template

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Role, may
from tracker.closure import queries as applications
from tracker.closure.rules import is_of_a_body
from tracker.core import clock
from tracker.core.db import db
from tracker.corrections.rules import KIND_LABELS
from tracker.desk.blueprint import blueprint
from tracker.desk.desk_page import Desk
from tracker.desk.queries import my_desk as queries
from tracker.desk.queries.waits import list_waits
from tracker.desk.tables import line_of
from tracker.extensions.rules import LEVEL_LABELS
from tracker.items.wording import days_ahead
from tracker.nudges.rules.notices import NOTICE_LABELS
from tracker.nudges.rules.nudging import presses_by_role
from tracker.reinspections.rules import LOOK_LABELS
from tracker.rounds import queries as rounds
from tracker.sources.rules import STEP_LABELS
from tracker.workdays.queries import count_left


@blueprint.get("/")
@allow(Action.ENTER)
def my_desk() -> str:
    """The opening page. Each part asks the database only for those whom it concerns."""
    session, actor, today = db.session(), present_actor(), clock.today()
    waits = list_waits(session, actor)
    rows = queries.list_work(session, actor)
    ahead = days_ahead((row.item for row in rows), today)
    left = count_left(session, today, ahead) if ahead else {}
    work = [line_of(row, today, left) for row in rows]
    # Whoever is named for a step reads the whole item, as a viewer at least.
    decides = any(actor.has(role) for role in (Role.UNIT_HEAD, Role.OFFICE, Role.LEADER, Role.VIEWER))
    applies = not actor.has(Role.OFFICE) or any(actor.has(role) for role in (Role.UNIT_HEAD, Role.LIAISON))

    on_desk = applications.select_on_desk(actor).limit(queries.LIMIT + 1)
    reviews = applications.list_waiting(session, on_desk) if decides else []
    # How many there are in all stands on the page that lists them; here only that there are more.
    is_cut, reviews = len(reviews) > queries.LIMIT, reviews[: queries.LIMIT]

    def waited(since: datetime | None) -> int:
        return (today - clock.civil_date(since)).days if since else 0

    return render_template(
        "desk/my_desk.html",
        desk=Desk(work, waits, actor, today),
        counted=lambda rows: f"{len(rows)}{'+' if is_cut else ''}",
        waiting=[each for each in reviews if not is_of_a_body(each.kind, each.route)],
        entering=[each for each in reviews if is_of_a_body(each.kind, each.route)],
        owed=rounds.count_own(session, actor, today) if applies else [],
        drafts=queries.list_drafts(session, actor) if may(actor, Action.ISSUE) else [],
        steps=STEP_LABELS,
        notice_states=NOTICE_LABELS,
        levels=LEVEL_LABELS,
        correction_kinds=KIND_LABELS,
        looks=LOOK_LABELS,
        waited=waited,
        today=today,
        may_reassign=may(actor, Action.REASSIGN),
        may_take_in=may(actor, Action.INTAKE),
        may_press=presses_by_role(actor),
    )
