"""How often a source wants to hear."""

from flask import flash, redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.rounds import operations, queries
from tracker.rounds.forms import RhythmForm
from tracker.rounds.rules import RhythmKind, Shift
from tracker.rounds.views.blueprint import Answer, blueprint
from tracker.sources import queries as sources


@blueprint.get("/rhythm/<int:source>")
@blueprint.post("/rhythm/<int:source>")
@allow(Action.INTAKE)
def rhythm(source: int) -> Answer:
    """Set or change the rhythm of a source."""
    session = db.session()
    found, there = sources.get_source(session, source), queries.find_rhythm(session, source)
    form = RhythmForm(obj=there, data=None if there else {"day": 25, "starts_on": clock.today(), "version": "0"})

    def act() -> None:
        operations.set_rhythm(
            sources.get_source(session, source, lock=True),
            RhythmKind(form.kind.data),
            day=form.day.data,
            shift=Shift(form.shift.data),
            starts_on=form.starts_on.data,
            actor=present_actor(),
            version=form.seen_version,
        )

    status = submit(form, act, done=_("填报周期已设置。"))
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source), 303)
    return render_template("rounds/rhythm.html", form=form, source=found, rhythm=there), status


@blueprint.post("/rhythm/<int:source>/drop")
@allow(Action.INTAKE)
def drop_rhythm(source: int) -> Answer:
    """Want no more rounds of a source."""
    with writing():
        there = queries.find_rhythm(db.session(), source, lock=True)
        if there is None:
            raise NotFound(_("这个来源没有填报周期。"))
        operations.drop_rhythm(there, actor=present_actor())
    flash(_("填报周期已取消，待审的内容都已生效。"), "success")
    return redirect(url_for("sources.source", source_id=source), 303)
