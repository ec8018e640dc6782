"""The list of people, adding and editing one."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.org import forms, operations, queries
from tracker.org.models import Person
from tracker.org.rules import managed_units
from tracker.org.views.blueprint import Answer, blueprint
from tracker.org.wording import ROLES


@blueprint.get("/people")
@allow(Action.MANAGE_PEOPLE)
def people() -> Answer:
    """Everybody within the administrator's reach, found by name or pinyin and by unit."""
    session = db.session()
    form = forms.PeopleQuery(request.args)
    is_good = form.validate()
    typed = form.unit.data if is_good else ""
    unit = queries.find_units(session, [typed]).get(typed) if typed else None
    if typed and unit is None:
        form.unit.errors = [_("没有这个单位，请从列表中选择。")]
    query = queries.select_people(
        units=managed_units(present_actor()),
        text=form.q.data if is_good and form.q.data else "",
        unit_id=unit.id if unit else None,
    )
    page = paginate(session, query, number=page_number(), rows=lambda rows: session.scalars(rows).unique().all())
    choices = queries.list_unit_choices(session)
    return render_template("org/people.html", page=page, form=form, choices=choices, roles=ROLES)


@blueprint.route("/people/new", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def add_person() -> Answer:
    """A new person; when the name is there already, whose account to open is asked first."""
    session, form, status = db.session(), forms.PersonForm(), 200
    namesakes: Sequence[Person] = ()
    if form.validate_on_submit():
        is_another = request.form.get("another") == "1"
        add = operations.add_namesake if is_another else operations.add_person
        try:
            with writing():
                person = add(form.details(), actor=present_actor())
        except operations.Namesakes as error:
            namesakes, status = queries.list_namesakes(session, form.name.data), error.status
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("已增加%(name)s。要让本人登录，请开通账号并授予角色。", name=person.name), "success")
            return redirect(url_for("org.person", person_id=person.id), 303)
    choices = queries.list_unit_choices(session)
    page = render_template("org/add_person.html", form=form, choices=choices, namesakes=namesakes)
    return page, 422 if form.errors else status


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def edit_person(person_id: int) -> Answer:
    """Name, unit, title, mail and telephone of a person."""
    session, form = db.session(), forms.PersonForm()
    if form.validate_on_submit():
        try:
            with writing():
                person = queries.get_person(session, person_id)
                operations.change_person(person, form.details(), actor=present_actor(), seen_version=form.seen_version)
        except Stale:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("已保存%(name)s的资料。", name=person.name), "success")
            return redirect(url_for("org.person", person_id=person_id), 303)
    person = queries.get_person(session, person_id)
    operations.ensure_manages_person(present_actor(), person)
    if request.method == "GET":
        form.fill(person)
    choices = queries.list_unit_choices(session)
    page = render_template("org/edit_person.html", form=form, person=person, choices=choices)
    return page, 422 if form.errors else 200
