"""The page on which a source's closing chain is laid down."""

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.org import queries as org
from tracker.org.operations import name_person
from tracker.sources import operations, queries
from tracker.sources.forms import ChainForm
from tracker.sources.rules import StepKind
from tracker.sources.views.blueprint import Answer, blueprint


@blueprint.route("/<int:source_id>/chain", methods=["GET", "POST"])
@allow(Action.INTAKE)
def edit_chain(source_id: int) -> Answer:
    """Say which steps close an item, in which order, and who alone decides one."""
    found, actor = queries.get_source(db.session(), source_id), present_actor()
    lines = [{"kind": step.kind.value, "named": step.named.name if step.named else ""} for step in found.steps]
    form = ChainForm(data={"steps": lines, "version": found.version})

    def act() -> None:
        held, chain = queries.get_source(db.session(), source_id, lock=True), form.chain()
        named = {step: name_person(name, actor=actor).id for step, name in chain.items() if name}
        operations.set_chain(held, list(chain), named=named, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("销号程序已保存；已经提交的申请按原来的程序走完。"))
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source_id), DONE)
    people = org.list_people_choices(db.session())
    page = render_template("sources/chain.html", form=form, source=found, people_choices=people, steps=StepKind)
    return page, status
