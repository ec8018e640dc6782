"""Pages on which a unit says how far it is, and the office answers."""

from flask import render_template

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.closure import operations, queries
from tracker.closure.forms.papers import AnswerForm, DeclarationForm
from tracker.closure.views.blueprint import Answer, blueprint, item_of, to_item
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.items.rules import OwnWord


@blueprint.get("/items/<number>/declaration")
@blueprint.post("/items/<number>/declaration")
@allow(Action.APPLY)
def declare(number: str) -> Answer:
    """Say that an item is basically completed, which the office accepts, or completed, which is the unit's own word."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_declarable(item, actor=actor)
    form = DeclarationForm(data={"on": clock.today()})

    def act() -> None:
        held = item_of(number, lock=True)
        if form.word.data == OwnWord.COMPLETED:
            operations.declare_completed(held, on=form.on.data, actor=actor)
        else:
            operations.declare_basically(held, form.statement.data, on=form.on.data, actor=actor)

    status = submit(form, act, done=_("已申报。"))
    if status == DONE:
        return to_item(number)
    return render_template("closure/declare.html", form=form, item=item), status


@blueprint.get("/declarations/<int:declaration_id>")
@blueprint.post("/declarations/<int:declaration_id>")
@allow(Action.DECIDE_AS_OFFICE)
def answer_declaration(declaration_id: int) -> Answer:
    """Accept a declaration or return it."""
    actor, session = present_actor(), db.session()
    found = queries.get_declaration(session, declaration_id, reach(actor))
    operations.ensure_answerable(found, actor=actor)
    form, number = AnswerForm(), found.item.number

    def act() -> None:
        held = queries.get_declaration(session, declaration_id, reach(actor), lock=True)
        answer = operations.accept if form.decision.data == "accept" else operations.return_declaration
        answer(held, form.answer.data or "", actor=actor)

    status = submit(form, act, done=_("已答复。"))
    if status == DONE:
        return to_item(number)
    found = queries.get_declaration(session, declaration_id, reach(actor))
    return render_template("closure/declaration.html", form=form, declaration=found, item=found.item), status
