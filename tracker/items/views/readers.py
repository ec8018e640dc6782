"""Pages on which it is named who alone may know of a source or an item (知悉范围)."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.core.acts import submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.items import operations
from tracker.items.forms.life import ReadersForm
from tracker.items.models import ItemReader
from tracker.items.views.blueprint import Answer, blueprint, is_done, item_of, item_url, locked, name_choices
from tracker.sources import queries as sources
from tracker.sources.models import SourceReader


@blueprint.get("/of-source/<int:source_id>/readers")
@blueprint.post("/of-source/<int:source_id>/readers")
@allow(Action.INTAKE)
def source_readers(source_id: int) -> Answer:
    """Who alone may know of a source and its items."""
    source = sources.get_source(db.session(), source_id)
    form = ReadersForm(data={"names": _names(source.readers), "version": source.version})

    def act() -> None:
        held = sources.get_source(db.session(), source_id, lock=True)
        people = operations.find_named(form.names.data or "")
        operations.name_source_readers(held, people, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("知悉范围已保存。"))
    back_url = url_for("sources.source", source_id=source_id)
    if is_done(status):
        return redirect(back_url, 303)
    intro = _("只有名单上的人，以及整改办和事项的责任领导、分管领导、责任人、经办人，能看到这个来源和它的事项。")
    return _page(form, source.number, back_url, intro), status


@blueprint.get("/<number>/readers")
@blueprint.post("/<number>/readers")
@allow(Action.EDIT_ITEM)
def item_readers(number: str) -> Answer:
    """Who alone may know of an item; the list of its source where it has none of its own."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.EDIT_ITEM, item)
    form = ReadersForm(data={"names": _names(item.readers), "version": item.version})

    def act() -> None:
        held, people = locked(number), operations.find_named(form.names.data or "")
        operations.name_item_readers(held, people, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("知悉范围已保存。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    inherited = _names(item.source.readers)
    intro = _("只有名单上的人，以及整改办和责任领导、分管领导、责任人、经办人，能看到这个事项；留空时按来源的名单。")
    return _page(form, number, item_url(number), intro, inherited), status


@blueprint.post("/<number>/withhold")
@allow(Action.EDIT_ITEM)
def withhold(number: str) -> Response:
    """Mark that no text for the public tells of an item (不公开)."""
    return _withheld(number, is_withheld=True)


@blueprint.post("/<number>/disclose")
@allow(Action.EDIT_ITEM)
def disclose(number: str) -> Response:
    """Take that mark away."""
    return _withheld(number, is_withheld=False)


def _withheld(number: str, *, is_withheld: bool) -> Response:
    with writing():
        operations.withhold(locked(number), is_withheld=is_withheld, actor=present_actor())
    return redirect(item_url(number), 303)


def _names(readers: list[SourceReader] | list[ItemReader]) -> str:
    return "、".join(each.person.name for each in readers)


def _page(form: ReadersForm, subject: str, back_url: str, intro: str, inherited: str = "") -> str:
    told = {"subject": subject, "back_url": back_url, "intro": intro, "inherited": inherited}
    return render_template("items/readers.html", form=form, **told, **name_choices())
