"""Dates inside an item: laid down, changed, handed in."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.audit.operations import record
from tracker.core import clock, files
from tracker.core.acts import submit
from tracker.core.db import db, writing
from tracker.core.errors import NotFound
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.items import operations, queries
from tracker.items.forms.milestones import HandInForm, MilestoneForm
from tracker.items.models import Item
from tracker.items.views.blueprint import Answer, blueprint, is_done, item_of, item_url, locked, name_choices
from tracker.org.operations import name_person
from tracker.settings.queries import load
from tracker.sources.operations import Handed


@blueprint.route("/<number>/milestones/new", methods=["GET", "POST"])
@allow(Action.EDIT_ITEM)
def add_milestone(number: str) -> Answer:
    """Lay down a date inside the item."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.EDIT_ITEM, item)
    form = MilestoneForm()

    def act() -> None:
        held = locked(number)
        owner_id = _owner_id(form.owner.data, held)
        operations.add_milestone(held, form.title.data, form.due_on.data, actor=actor, owner_id=owner_id)

    status = submit(form, act, done=_("节点已设定，到期前按提醒规则提醒。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/milestone.html", form=form, item=item, milestone=None, **name_choices()), status


@blueprint.route("/<number>/milestones/<int:milestone_id>", methods=["GET", "POST"])
@allow(Action.EDIT_ITEM)
def edit_milestone(number: str, milestone_id: int) -> Answer:
    """Change a date, its name or who answers."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.EDIT_ITEM, item)
    found = queries.get_milestone(db.session(), item.id, milestone_id)
    told = {name: getattr(found, name) for name in ("title", "due_on", "version")}
    form = MilestoneForm(data={**told, "owner": found.owner.name if found.owner else ""})
    shown = {"id": found.id, "is_handed_in": found.handed_in_on is not None}

    def act() -> None:
        held = locked(number)
        operations.edit_milestone(
            queries.get_milestone(db.session(), held.id, milestone_id),
            form.title.data,
            form.due_on.data,
            owner_id=_owner_id(form.owner.data, held),
            actor=actor,
            version=form.seen_version,
        )

    status = submit(form, act, done=_("节点已修改。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/milestone.html", form=form, item=item, milestone=shown, **name_choices()), status


def _owner_id(name: str | None, item: Item) -> int | None:
    return name_person(name, actor=present_actor(), unit=item.lead_unit).id if name else None


@blueprint.route("/<number>/milestones/<int:milestone_id>/hand-in", methods=["GET", "POST"])
@allow(Action.REPORT)
def hand_in_milestone(number: str, milestone_id: int) -> Answer:
    """Note what was handed in, with number and file."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.REPORT, item)
    found = queries.get_milestone(db.session(), item.id, milestone_id)
    title = found.title
    told = {"handed_in_on": found.handed_in_on or clock.today(), "document_number": found.document_number}
    form = HandInForm(data={**told, "version": found.version})
    limit_bytes = load(db.session())["rules.evidence_mb"] << 20

    def keep() -> tuple[StoredFile, str] | None:
        return files.receive(form.file.data, limit_bytes=limit_bytes)

    def act(file: tuple[StoredFile, str] | None) -> None:
        held = queries.get_milestone(db.session(), locked(number).id, milestone_id)
        told = Handed(form.handed_in_on.data, form.document_number.data or "", file)
        operations.hand_in_milestone(held, told, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已登记报送情况。"), prepare=keep)
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/hand_in.html", form=form, item=item, title=title), status


@blueprint.post("/<number>/milestones/<int:milestone_id>/remove")
@allow(Action.EDIT_ITEM)
def remove_milestone(number: str, milestone_id: int) -> Response:
    """Take away a date that was laid down by mistake."""
    with writing():
        held = queries.get_milestone(db.session(), locked(number).id, milestone_id)
        operations.remove_milestone(held, actor=present_actor())
    return redirect(item_url(number), 303)


@blueprint.get("/<number>/milestones/<int:milestone_id>/file")
@allow(Action.READ_ITEM)
def milestone_file(number: str, milestone_id: int) -> Response:
    """What was handed in, as it came; the download is noted in the trail."""
    with writing():
        found = queries.get_milestone(db.session(), item_of(number).id, milestone_id)
        if not found.file_sha256:
            raise NotFound(_("这个节点没有文件。"))
        path, name = files.path_of(found.file_sha256), found.file_name
        record(present_actor(), "evidence.download", number, name=name, sha256=found.file_sha256)
    return files.handed_out(path, name)
