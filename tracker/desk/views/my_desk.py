"""My desk: what waits on me, and what I wait for from others."""

from flask import render_template

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Role, may
from tracker.closure import queries as applications
from tracker.core import clock
from tracker.core.db import db
from tracker.desk.blueprint import blueprint
from tracker.desk.queries import my_desk as queries
from tracker.desk.tables import line_of
from tracker.items.rules import State
from tracker.items.wording import days_ahead
from tracker.rounds import queries as rounds
from tracker.sources.rules import STEP_LABELS
from tracker.workdays.queries import count_left


@blueprint.get("/")
@allow(Action.ENTER)
def my_desk() -> str:
    """The opening page. Each part asks the database only for those whom it concerns."""
    session, actor, today = db.session(), present_actor(), clock.today()
    asked = queries.list_asked(session, actor)
    disputed = {each.number for each in asked}
    rows = [row for row in queries.list_work(session, actor) if row.item.number not in disputed]
    ahead = days_ahead((row.item for row in rows), today)
    left = count_left(session, today, ahead) if ahead else {}
    work = [line_of(row, today, left) for row in rows]
    decides = any(actor.has(role) for role in (Role.UNIT_HEAD, Role.OFFICE, Role.LEADER))
    applies = not actor.has(Role.OFFICE) or any(actor.has(role) for role in (Role.UNIT_HEAD, Role.LIAISON))
    return render_template(
        "desk/my_desk.html",
        to_accept=[line for line in work if line.item.state is State.ISSUED],
        to_do=[line for line in work if line.item.state is not State.ISSUED],
        waiting=applications.list_waiting(session, applications.select_waiting(actor)) if decides else [],
        owed=rounds.count_own(session, actor, today) if applies else [],
        asked=asked,
        drafts=queries.list_drafts(session, actor) if may(actor, Action.ISSUE) else [],
        filed=queries.list_filed(session, actor) if applies else [],
        steps=STEP_LABELS,
        today=today,
        may_reassign=may(actor, Action.REASSIGN),
        may_take_in=may(actor, Action.INTAKE),
    )
