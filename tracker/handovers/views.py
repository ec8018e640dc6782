"""Handing over: who, to whom, what; the list that is signed."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.i18n import gettext as _
from tracker.handovers import operations, queries
from tracker.handovers.forms import HandOverForm
from tracker.handovers.rules import DUTY_LABELS
from tracker.handovers.writing import file_name, write_docx
from tracker.items.operations import find_named
from tracker.org import queries as people
from tracker.settings.queries import load

blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@allow(Action.HAND_OVER)
def overview() -> Answer:
    """The last handovers, and whose work is to be handed over."""
    session, name = db.session(), request.args.get("name", "").strip()
    found = session.scalars(people.select_people(text=name)).unique().all() if name else []
    if len(found) == 1:
        return redirect(url_for("handovers.hand_over", person_id=found[0].id))
    choices = people.list_people_choices(session)
    made = queries.list_handovers(session)
    return render_template("handovers/overview.html", made=made, found=found, name=name, people_choices=choices)


@blueprint.get("/from/<int:person_id>")
@blueprint.post("/from/<int:person_id>")
@allow(Action.HAND_OVER)
def hand_over(person_id: int) -> Answer:
    """All that a person has, to be ticked."""
    session, form, made = db.session(), HandOverForm(), []
    giver = people.get_person(session, person_id)

    def act() -> None:
        held_by, taker = people.get_person(session, person_id), find_named(form.to.data or "", field="to")[0]
        done = operations.hand_over(held_by, taker, form.chosen, form.reason.data or "", actor=present_actor())
        made.append(done.id)

    status = submit(form, act, done=_("已移交，双方会收到消息；请打印交接清单签字。"))
    if status == DONE:
        return redirect(url_for("handovers.handover", handover_id=made[0]) if made else request.path, DONE)
    held = queries.list_held(session, giver.id, clock.today())
    page = render_template(
        "handovers/hand_over.html",
        form=form,
        giver=giver,
        total=len(held),
        groups=[(DUTY_LABELS[duty], list(rows)) for duty, rows in groupby(held, key=lambda each: each.duty)],
        chosen=set(form.chosen) if form.is_submitted() else {each.key for each in held},
        applied=queries.count_applied(session, giver.id),
        people_choices=people.list_people_choices(session),
    )
    return page, status


@blueprint.get("/<int:handover_id>")
@allow(Action.HAND_OVER)
def handover(handover_id: int) -> Answer:
    """A handover as it was made."""
    made = queries.get_handover(db.session(), handover_id)
    return render_template("handovers/handover.html", made=made, duties=DUTY_LABELS)


@blueprint.get("/<int:handover_id>/list.docx")
@allow(Action.HAND_OVER)
def handover_list(handover_id: int) -> Answer:
    """The list to sign; the download is noted in the trail."""
    made, settings = queries.get_handover(db.session(), handover_id), load(db.session())
    organ, name = settings["organ.name"] or settings["organ.short_name"], file_name(made)
    content = write_docx(made, organ, taken_at=clock.local(clock.now()))
    # The reading ends here, so that noting who took it waits for nothing.
    with writing():
        made = queries.get_handover(db.session(), handover_id)
        operations.note_download(made, name, actor=present_actor())
    return hand_out(content, name)
