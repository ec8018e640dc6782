"""Draws: the list, drawing with a live count, one draw with its population, and giving second looks out."""

import secrets
from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, may, reach
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.addresses import read_id
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import Forbidden, NotFound
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.items.rules import KIND_LABELS
from tracker.org import queries as org
from tracker.reinspections import operations, queries
from tracker.reinspections.forms import AssignForm, DrawForm
from tracker.reinspections.models import Draw
from tracker.reinspections.queries import LookFilter
from tracker.reinspections.rules import LOOK_LABELS, LookState, sample_size, told_population
from tracker.reinspections.views.blueprint import Answer, blueprint
from tracker.reinspections.writing import file_name, write_docx
from tracker.sources import queries as sources
from tracker.sources.rules import months_later

CHOSEN_MAX = 50


@blueprint.get("/draws")
@allow(Action.READ_ITEM)
def draw_list() -> str:
    """All draws, the newest first, with how far each is."""
    session, actor = db.session(), present_actor()
    page = paginate(
        session,
        queries.select_draws(actor),
        number=page_number(),
        rows=lambda query: queries.list_draws(session, query),
    )
    return render_template("reinspections/draw_list.html", page=page, may_draw=may(actor, Action.REINSPECT))


def _form() -> DrawForm:
    form, session = DrawForm(), db.session()
    form.offer(
        sources.list_sources(session, present_actor()), [unit for unit in org.list_units(session) if unit.is_active]
    )
    if not form.is_submitted():
        form.seed.data, form.share.data = secrets.token_hex(4), 10
    return form


@blueprint.route("/draws/new", methods=["GET", "POST"])
@allow(Action.REINSPECT)
def draw() -> Answer:
    """Draw a sample; the form counts what it is drawn from."""
    actor, form, made = present_actor(), _form(), []
    status = submit(
        form, lambda: made.append(operations.draw(form.wish, actor=actor).id), done=_("已抽取，接着指派检查人。")
    )
    if status == DONE:
        url = url_for("reinspections.drawn", draw_id=made[0]) if made else url_for("reinspections.draw_list")
        return redirect(url, 303)
    counted = queries.count_population(db.session(), form.population, actor)
    return render_template(
        "reinspections/draw.html", form=form, counted=counted, drawn=sample_size(counted, form.size)
    ), status


@blueprint.post("/draws/count")
@allow(Action.REINSPECT)
def count() -> Answer:
    """How many would be drawn of how many, while the form is filled in. Writes nothing."""
    form = _form()
    form.validate()
    counted = queries.count_population(db.session(), form.population, present_actor())
    size = sample_size(counted, form.size)
    return render_template("reinspections/counted.html", counted=counted, drawn=size), 200


@blueprint.get("/draws/<int:draw_id>")
@allow(Action.READ_ITEM)
def drawn(draw_id: int) -> str:
    """One draw: how it was drawn, what was drawn, who is fit to look and what they found."""
    session, actor = db.session(), present_actor()
    made = queries.get_draw(session, draw_id, actor)
    page = paginate(
        session,
        queries.select_looks(actor, LookFilter(draw_id=draw_id)),
        number=page_number(),
        rows=lambda query: queries.list_looks(session, query),
    )
    may_assign = may(actor, Action.REINSPECT)
    waiting = [look.item for look in page.rows if look.state is LookState.WAITING] if may_assign else []
    return render_template(
        "reinspections/drawn.html",
        draw=made,
        page=page,
        counts=queries.count_by_state(session, actor, draw_id),
        labels=LOOK_LABELS,
        kinds=KIND_LABELS,
        fit=queries.map_fit(session, waiting) if waiting else {},
        may_assign=may_assign,
        may_repeat=_may_repeat(made),
    )


def _may_repeat(made: Draw) -> bool:
    """Whoever sees all closed items, and whoever drew, may see the numbers of the whole population."""
    actor = present_actor()
    return reach(actor).units.everywhere or made.by_id in actor.identities


@blueprint.get("/draws/<int:draw_id>/population.txt")
@allow(Action.READ_ITEM)
def population(draw_id: int) -> Response:
    """The numbers that were drawn from, with the line that draws again."""
    actor = present_actor()
    made = queries.get_draw(db.session(), draw_id, actor, whole=True)
    if not _may_repeat(made):
        raise Forbidden(_("总体名单涉及其他单位的事项，您无权查看。"))
    content = told_population(made.members.split("\n"), seed=made.seed, size=made.size)
    with writing():
        operations.note_population(queries.get_draw(db.session(), draw_id, actor), actor=actor)
    name = _("回头看第%(n)s次抽查总体.txt", n=made.serial)
    return send_file(BytesIO(content.encode()), mimetype="text/plain", as_attachment=True, download_name=str(name))


@blueprint.get("/draws/<int:draw_id>/record.docx")
@allow(Action.READ_ITEM)
def record_paper(draw_id: int) -> Response:
    """The record of a draw as a Word file, ready to sign."""
    session, actor = db.session(), present_actor()
    made = queries.get_draw(session, draw_id, actor)
    looks = queries.list_of_draw(session, draw_id, actor)
    content, name = write_docx(made, looks, taken_at=clock.local(clock.now())), file_name(made)
    with writing():
        operations.note_record(queries.get_draw(db.session(), draw_id, actor), name, actor=actor)
    return hand_out(content, name)


@blueprint.route("/assign", methods=["GET", "POST"])
@allow(Action.REINSPECT)
def assign() -> Answer:
    """Give chosen second looks to one person who is fit for all of them."""
    session, actor = db.session(), present_actor()
    ids = [each for sent in request.args.getlist("chosen")[:CHOSEN_MAX] if (each := read_id(sent))]
    if not ids:
        raise NotFound(_("请先选择要指派的事项。"))
    seen_by = reach(actor, Action.REINSPECT)
    looks = queries.list_held(session, ids, seen_by)
    form = AssignForm(data={"version": operations.version_of(looks), "due_on": months_later(clock.today(), 1)})
    fit = queries.map_fit(session, [look.item for look in looks])
    chosen = [person for person in fit[looks[0].item_id] if all(person in people for people in fit.values())]
    form.offer(chosen)

    def act() -> None:
        held = queries.list_held(db.session(), ids, seen_by, lock=True)
        operations.assign(held, form.inspector.data, form.due_on.data, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已指派检查人。"))
    if status == DONE:
        return redirect(url_for("reinspections.drawn", draw_id=looks[0].draw_id), 303)
    return render_template("reinspections/assign.html", form=form, looks=looks, people=chosen), status
