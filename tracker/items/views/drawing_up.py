"""Items by hand, and one problem given to many units."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, ensure, reach
from tracker.core.acts import submit
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import gettext as _
from tracker.core.versions import check_version
from tracker.items import operations, queries
from tracker.items.forms.drawing_up import DrawUpForm, RecurrenceForm
from tracker.items.forms.life import SplitForm
from tracker.items.likeness import Like
from tracker.items.operations import Names, Typed
from tracker.items.operations.naming import split_names
from tracker.items.rules import ItemKind
from tracker.items.views.blueprint import Answer, blueprint, is_done, item_of, item_url, locked, name_choices, told
from tracker.sources import operations as source_operations
from tracker.sources import queries as sources
from tracker.sources.models import Source
from tracker.sources.rules import TASK_KINDS


@blueprint.get("/new")
@blueprint.post("/new")
@allow(Action.DRAW_UP)
def draw_up() -> Answer:
    """Draw up one problem or task by hand."""
    actor, form, drawn = present_actor(), DrawUpForm(), []
    _offer(form)

    def act() -> None:
        source = _source_of(form, actor)
        section = sources.get_section(db.session(), form.section.data) if form.section.data else None
        item = operations.draw_up_by_hand(
            source,
            form.finding.data or "",
            actor=actor,
            kind=form.item_kind,
            section=section,
            goal=form.goal.data or "",
            measures=form.measures.data or "",
            paper_number=form.paper_number.data or "",
        )
        drawn.append(item.number)

    status = submit(form, act, done=_("已新增，接着指定牵头单位和时限。"))
    if is_done(status):
        number = drawn[0] if drawn else None
        listed = url_for("desk.item_list", list="tasks" if form.item_kind is ItemKind.TASK else "problems")
        return redirect(url_for("items.assign", number=number) if number else listed, 303)
    return render_template("items/draw_up.html", form=form, likely=_like(form.finding.data or "")), status


@blueprint.post("/likely")
@allow(Action.DRAW_UP)
def likely() -> Answer:
    """Closed items that what is being typed may be a relapse of. Writes nothing."""
    typed = request.form.get("finding", "")[:4000]
    return render_template("items/likely_panel.html", likely=_like(typed)), 200


def _like(finding: str, unit_id: int | None = None) -> Sequence[Like[queries.Closed]]:
    return queries.load_closed(db.session(), present_actor()).like(finding, unit_id=unit_id)


@blueprint.get("/<number>/recurrence")
@blueprint.post("/<number>/recurrence")
@allow(Action.DRAW_UP)
def link_recurrence(number: str) -> Answer:
    """Note which closed item a draft is a relapse of; likely ones are offered, of the same unit first of all."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.DRAW_UP, item)
    found = _like(item.finding, item.lead_unit_id)
    form = RecurrenceForm(data={"number": found[0].thing.number if found else ""})

    def act() -> None:
        held = locked(number)
        old = queries.get_item(db.session(), form.number.data or "", reach(actor, Action.DRAW_UP))
        operations.link_recurrence(held, old, actor=actor)

    status = submit(form, act, done=_("已登记反弹关联。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/recurrence.html", form=form, item=item, likely=found), status


def _offer(form: DrawUpForm) -> None:
    session = db.session()
    chosen = form.source.data or read_id(request.args.get("source"))
    there = sources.list_sources(session, present_actor())
    source = next((each for each in there if each.id == chosen), None)
    form.offer(there, sources.list_sections(session, source.id) if source else ())
    if request.method == "GET":
        is_task = request.args.get("list") == "tasks" or (source is not None and source.kind in TASK_KINDS)
        kind = ItemKind.TASK if is_task else ItemKind.PROBLEM
        form.start(source=source.id if source else 0, section=0, kind=kind.value)


def _source_of(form: DrawUpForm, actor: Actor) -> Source:
    """The chosen source, or the new one that was described, held until the end of the transaction."""
    session = db.session()
    if form.source.data:
        return sources.get_source(session, form.source.data, lock=True)
    kind, title, received_on = form.new_source
    if not title:
        raise DomainError(_("请选择来源，或填写新来源的标题。"), field="new_title")
    if received_on is None:
        raise DomainError(_("请填写新来源的日期。"), field="new_received_on")
    there = sources.find_source(session, kind=kind, title=title, received_on=received_on)
    source = there or source_operations.draw_up(kind, title, received_on, actor=actor)
    return sources.get_source(session, source.id, lock=True)


@blueprint.get("/<number>/split")
@blueprint.post("/<number>/split")
@allow(Action.DRAW_UP)
def split(number: str) -> Answer:
    """Give one common problem to many units, a child item for each."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.DRAW_UP, item)
    form = SplitForm(data={"version": item.version})

    def act() -> None:
        held = locked(number)
        named = split_names(form.units.data)
        found = Names(db.session(), [Typed(supporting_units=form.units.data)])
        units = [found.unit(name, field="units") for name in named]
        taken = {child.lead_unit_id for child in queries.list_children(db.session(), held.id)}
        if not {unit.id for unit in units} <= taken:
            try:
                check_version(held, form.seen_version)
            except Stale as error:
                raise Stale(error.message, typed=told(form), stored={_("承担分项的单位"): None}) from error
        operations.split(held, units, actor=actor)

    status = submit(form, act, done=_("分项已生成，可以分别指定时限后下发。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    children = queries.list_children(db.session(), item.id)
    return render_template(
        "items/split.html", form=form, item=item, children=[child.number for child in children], **name_choices()
    ), status
