"""Who stands in for whom: naming, ending, and acting for somebody absent."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Forbidden
from tracker.core.i18n import gettext as _
from tracker.org import forms, operations, queries
from tracker.org.signing_in import act_for
from tracker.org.views.blueprint import Answer, blueprint


@blueprint.get("/substitutes")
@blueprint.post("/substitutes")
@allow(Action.ENTER)
def substitutes() -> Answer:
    """Who stands in for the person who looks, and the form to name somebody."""
    return _page(current_user.person.id, url_for("org.substitutes"))


@blueprint.get("/people/<int:person_id>/substitutes")
@blueprint.post("/people/<int:person_id>/substitutes")
@allow(Action.MANAGE_PEOPLE)
def substitutes_of(person_id: int) -> Answer:
    """The same for somebody whom an administrator manages."""
    operations.ensure_manages_person(present_actor(), queries.get_person(db.session(), person_id))
    return _page(person_id, url_for("org.substitutes_of", person_id=person_id))


def _page(absent_id: int, here: str) -> Answer:
    session, actor, form = db.session(), present_actor(), forms.SubstituteForm()

    def act() -> None:
        operations.name_substitute(
            queries.get_person(session, absent_id),
            queries.get_person(session, form.person_id),
            since=form.since.data,
            until=form.until.data,
            reason=form.reason.data,
            actor=actor,
        )

    status = submit(form, act, done=_("代理人已指定，到期自动结束。"))
    if status == DONE:
        return redirect(here, 303)
    if request.method == "GET":
        form.since.data = clock.today()
    today = clock.today()
    values: dict[str, Any] = {
        "absent": queries.get_person(session, absent_id),
        "named": queries.list_of_absent(session, absent_id),
        "standing_in": queries.list_absent(session, absent_id, today),
        "choices": queries.list_people_choices(session),
    }
    return render_template("org/substitutes.html", form=form, here=here, today=today, **values), status


@blueprint.post("/substitutes/<int:substitute_id>/end")
@allow(Action.ENTER)
def end_substitute(substitute_id: int) -> Answer:
    """End it before its last day."""
    with writing():
        named = queries.get_substitute(db.session(), substitute_id)
        operations.end_substitute(named, actor=present_actor())
    flash(_("代理已结束。"), "success")
    is_own = named.absent_id == current_user.person.id or named.person_id == current_user.person.id
    there = url_for("org.substitutes") if is_own else url_for("org.substitutes_of", person_id=named.absent_id)
    return redirect(there, 303)


@blueprint.post("/substitutes/act/<int:absent_id>")
@allow(Action.ENTER)
def act_for_absent(absent_id: int) -> Answer:
    """Act for somebody absent from now on; 0 is oneself again."""
    if absent_id and absent_id not in {each.absent_id for each in current_user.absent}:
        raise Forbidden(_("您现在不是这个人的代理人。"))
    act_for(absent_id or None)
    return redirect(url_for("desk.my_desk"), 303)
