"""Noting what a meeting decides, taking it back, and naming a deadline that was left open."""

from flask import redirect, render_template, url_for
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, can
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.operations.naming import Names, Typed, split_names
from tracker.meetings import operations, queries
from tracker.meetings.forms import DeadlineForm, DecisionForm, DropForm
from tracker.meetings.models import MeetingDecision
from tracker.meetings.rules import check_open
from tracker.meetings.views.blueprint import Answer, blueprint
from tracker.org.queries import list_unit_choices


@blueprint.get("/<int:meeting_id>/decisions/new")
@blueprint.post("/<int:meeting_id>/decisions/new")
@allow(Action.MANAGE_MEETINGS)
def decide(meeting_id: int) -> Answer:
    """Note a decision in one line; the page stays ready for the next."""
    session, actor, form = db.session(), present_actor(), DecisionForm()
    meeting = queries.get_meeting(session, meeting_id, actor)
    operations.ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)

    def act() -> None:
        held = queries.lock_meeting(session, meeting_id, actor)
        operations.note_decision(held, _decided(session, form), actor=actor)

    status = submit(form, act, done=_("已记下。"))
    if status == DONE:
        return redirect(url_for("meetings.decide", meeting_id=meeting_id), DONE)
    values = {"units_choices": list_unit_choices(session), "decisions": queries.list_decisions(session, meeting_id)}
    return render_template("meetings/decide.html", form=form, meeting=meeting, **values), status


def _decided(session: Session, form: DecisionForm) -> operations.Decided:
    typed = Typed(lead_unit=form.lead_unit.data or "", supporting_units=form.supporting_units.data or "")
    names = Names(session, [typed])
    helping = [names.unit(name, field="supporting_units").id for name in split_names(typed.supporting_units)]
    return operations.Decided(
        text=form.text.data or "",
        lead_unit_id=names.unit(typed.lead_unit, field="lead_unit").id,
        supporting_unit_ids=helping,
        deadline_text=form.deadline.data or "",
        acceptance=form.acceptance.data or "",
    )


@blueprint.get("/decisions/<int:decision_id>/drop")
@blueprint.post("/decisions/<int:decision_id>/drop")
@allow(Action.MANAGE_MEETINGS)
def drop(decision_id: int) -> Answer:
    """Take back a decision that was noted by mistake."""
    session, actor, form = db.session(), present_actor(), DropForm()
    decision = _seen(session, decision_id)
    operations.ensure_manages(actor, decision.meeting.unit_id)
    check_open(decision.meeting.minutes_issued_on)

    def act() -> None:
        queries.lock_meeting(session, decision.meeting_id, actor)
        held = queries.get_decision(session, decision_id, lock=True)
        operations.drop(held, form.reason.data or "", actor=actor, version=form.seen_version)

    back = url_for("meetings.meeting", meeting_id=decision.meeting_id)
    status = submit(form, act, done=_("已撤销这条议定事项。"))
    if status == DONE:
        return redirect(back, DONE)
    form.version.data = form.version.data or str(decision.version)
    return render_template("meetings/drop.html", form=form, decision=decision, back=back), status


@blueprint.get("/decisions/<int:decision_id>")
@blueprint.post("/decisions/<int:decision_id>")
@allow(Action.READ_MEETING)
def deadline(decision_id: int) -> Answer:
    """What was decided, and by when: named by the lead unit where the meeting left it open."""
    session, actor, form = db.session(), present_actor(), DeadlineForm()
    decision = _seen(session, decision_id)

    def act() -> None:
        held = queries.get_decision(session, decision_id, lock=True)
        operations.give_deadline(held, form.deadline.data or "", actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("完成时限已填写，整改办下发时以此为准。"))
    if status == DONE:
        return redirect(url_for("meetings.deadline", decision_id=decision_id), DONE)
    form.version.data = form.version.data or str(decision.version)
    values = {"may_give": operations.may_give_deadline(decision, actor), "is_open": operations.is_open(decision)}
    values |= {"sees_item": decision.item is not None and can(actor, Action.READ_ITEM, decision.item)}
    return render_template("meetings/deadline.html", form=form, decision=decision, **values), status


def _seen(session: Session, decision_id: int) -> MeetingDecision:
    """A decision that the person may know of: of their units, or of a meeting that they hold."""
    decision, actor = queries.get_decision(session, decision_id), present_actor()
    meeting = queries.get_meeting(session, decision.meeting_id, actor)
    if not (queries.knows_decision(decision, actor) or queries.manages(actor, meeting.unit_id)):
        raise NotFound(_l("没有这条议定事项，或者您没有权限查看。"))
    return decision
