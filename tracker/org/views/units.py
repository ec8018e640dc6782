"""The tree of units."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.addresses import read_id
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import gettext as _
from tracker.org import forms, operations, queries
from tracker.org.models import Unit
from tracker.org.rules import managed_units
from tracker.org.views.blueprint import Answer, blueprint

Branch = tuple[Unit, list[Any]]


@blueprint.get("/units")
@allow(Action.MANAGE_PEOPLE)
def units() -> Answer:
    """The whole tree with how many people sit in each unit."""
    session = db.session()
    ordered = queries.list_units(session)
    branches: dict[int, Branch] = {unit.id: (unit, []) for unit in ordered}
    for unit in ordered:
        if unit.parent_id is not None:
            branches[unit.parent_id][1].append(branches[unit.id])
    roots = [branches[unit.id] for unit in ordered if unit.parent_id is None]
    managed = managed_units(present_actor())
    people = queries.count_people(session)
    return render_template("org/units.html", tree=roots, total=len(ordered), people=people, managed=managed)


@blueprint.route("/units/new", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def add_unit() -> Answer:
    """A new unit below another."""
    session, form = db.session(), forms.NewUnitForm()
    if form.validate_on_submit():
        try:
            with writing():
                parent = queries.get_unit(session, form.parent_id)
                operations.ensure_manages_unit(present_actor(), parent)
                unit = operations.add_unit(form.name.data, parent=parent, actor=present_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("已增加“%(name)s”。", name=unit.name), "success")
            return redirect(url_for("org.units"), 303)
    elif request.method == "GET" and (below := read_id(request.args.get("below"))):
        form.parent.data = queries.get_unit(session, below).path
    choices = queries.list_unit_choices(session)
    return render_template("org/add_unit.html", form=form, choices=choices), 422 if form.errors else 200


@blueprint.route("/units/<int:unit_id>/edit", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def edit_unit(unit_id: int) -> Answer:
    """A unit's name, what it stands below, and its place among its sisters."""
    session, form = db.session(), forms.UnitForm()
    if form.validate_on_submit():
        try:
            with writing():
                unit = queries.get_unit(session, unit_id)
                operations.change_unit(
                    unit,
                    name=form.name.data,
                    parent=queries.get_unit(session, form.parent_id) if form.parent_id else None,
                    position=form.position.data,
                    actor=present_actor(),
                    seen_version=form.seen_version,
                )
        except Stale:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("已保存“%(name)s”。", name=unit.name), "success")
            return redirect(url_for("org.units"), 303)
    unit = queries.get_unit(session, unit_id)
    if request.method == "GET":
        form.fill(unit)
    choices = queries.list_unit_choices(session)
    page = render_template("org/edit_unit.html", form=form, unit=unit, choices=choices)
    return page, 422 if form.errors else 200


@blueprint.post("/units/<int:unit_id>/shut")
@allow(Action.MANAGE_PEOPLE)
def shut_unit(unit_id: int) -> Answer:
    """Shut a unit."""
    with writing():
        unit = queries.get_unit(db.session(), unit_id)
        operations.shut_unit(unit, actor=present_actor())
    flash(_("“%(name)s”已停用，不再分派新事项；原有事项和人员不变。", name=unit.name), "success")
    return redirect(url_for("org.units"), 303)


@blueprint.post("/units/<int:unit_id>/reopen")
@allow(Action.MANAGE_PEOPLE)
def reopen_unit(unit_id: int) -> Answer:
    """Open a shut unit again."""
    with writing():
        unit = queries.get_unit(db.session(), unit_id)
        operations.reopen_unit(unit, actor=present_actor())
    flash(_("“%(name)s”已启用。", name=unit.name), "success")
    return redirect(url_for("org.units"), 303)
