"""The dates that a source has to keep: laid down, changed, handed in."""

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reads_whole
from tracker.audit.operations import record
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden, NotFound
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries as org
from tracker.org.operations import name_person
from tracker.settings.queries import load
from tracker.sources import operations, queries
from tracker.sources.forms import HandInForm, MilestoneForm
from tracker.sources.operations import Date, Handed
from tracker.sources.rules import USUAL_MONTHS, MilestoneKind, months_later
from tracker.sources.views.blueprint import Answer, blueprint
from tracker.sources.wording import title_of


@blueprint.route("/<int:source_id>/milestones/new", methods=["GET", "POST"])
@allow(Action.INTAKE)
def set_milestone(source_id: int) -> Answer:
    """Lay down a date; the usual ones come with their usual day."""
    source = queries.get_source(db.session(), source_id)
    kind = MilestoneKind(asked) if (asked := request.args.get("kind")) in set(MilestoneKind) else MilestoneKind.PLAN
    usual = USUAL_MONTHS.get(kind)
    day = months_later(source.received_on, usual) if usual else None
    form = MilestoneForm(data={"kind": kind.value, "due_on": day})

    def act() -> None:
        held = queries.get_source(db.session(), source_id, lock=True)
        operations.set_milestone(held, _laid_down(form), actor=present_actor())

    status = submit(form, act, done=_("节点已设定，到期前按提醒规则提醒。"))
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source_id), DONE)
    return render_template("sources/milestone.html", form=form, source=source, milestone=None, **_choices()), status


@blueprint.route("/<int:source_id>/milestones/<int:milestone_id>", methods=["GET", "POST"])
@allow(Action.INTAKE)
def change_milestone(source_id: int, milestone_id: int) -> Answer:
    """Change a date, its name or who answers."""
    found = queries.get_milestone(db.session(), source_id, milestone_id)
    names = {"unit": found.unit.name if found.unit else "", "owner": found.owner.name if found.owner else ""}
    told = {name: getattr(found, name) for name in ("title", "due_on", "version")}
    form = MilestoneForm(data={"kind": found.kind.value, **told, **names})

    def act() -> None:
        held = queries.get_milestone(db.session(), source_id, milestone_id, lock=True)
        operations.change_milestone(held, _laid_down(form), actor=present_actor(), version=form.seen_version)

    source, shown = found.source, {"id": found.id, "is_handed_in": found.handed_in_on is not None}
    status = submit(form, act, done=_("节点已修改。"))
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source_id), DONE)
    return render_template("sources/milestone.html", form=form, source=source, milestone=shown, **_choices()), status


def _laid_down(form: MilestoneForm) -> Date:
    unit = None
    if form.unit.data:
        units = org.list_called(db.session(), form.unit.data)
        if len(units) != 1:
            raise DomainError(_l("没有找到唯一叫“%(name)s”的单位，请从列表中选择。", name=form.unit.data), field="unit")
        unit = units[0]
    owner = name_person(form.owner.data, actor=present_actor(), unit=unit) if form.owner.data else None
    kind = MilestoneKind(form.kind.data)
    return Date(kind, form.title.data or "", form.due_on.data, unit.id if unit else None, owner.id if owner else None)


def _choices() -> dict[str, object]:
    session = db.session()
    return {"unit_choices": org.list_unit_choices(session), "people_choices": org.list_people_choices(session)}


@blueprint.route("/<int:source_id>/milestones/<int:milestone_id>/hand-in", methods=["GET", "POST"])
@allow(Action.INTAKE)
def hand_in(source_id: int, milestone_id: int) -> Answer:
    """Note what was handed in, with number and file."""
    found = queries.get_milestone(db.session(), source_id, milestone_id)
    source, title = found.source, title_of(found)
    told = {"handed_in_on": found.handed_in_on or clock.today(), "document_number": found.document_number}
    form = HandInForm(data={**told, "version": found.version})
    limit_bytes = load(db.session())["rules.evidence_mb"] << 20

    def keep() -> tuple[StoredFile, str] | None:
        return files.receive(form.file.data, limit_bytes=limit_bytes)

    def act(file: tuple[StoredFile, str] | None) -> None:
        held = queries.get_milestone(db.session(), source_id, milestone_id, lock=True)
        told = Handed(form.handed_in_on.data, form.document_number.data or "", file)
        operations.hand_in(held, told, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("已登记报送情况。"), prepare=keep)
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source_id), DONE)
    return render_template("sources/hand_in.html", form=form, source=source, title=title), status


@blueprint.post("/<int:source_id>/milestones/<int:milestone_id>/remove")
@allow(Action.INTAKE)
def remove_milestone(source_id: int, milestone_id: int) -> Answer:
    """Take away a date that was laid down by mistake."""
    with writing():
        held = queries.get_milestone(db.session(), source_id, milestone_id, lock=True)
        operations.remove_milestone(held, actor=present_actor())
    return redirect(url_for("sources.source", source_id=source_id), DONE)


@blueprint.get("/<int:source_id>/milestones/<int:milestone_id>/file")
@allow(Action.READ_SOURCE)
def milestone_file(source_id: int, milestone_id: int) -> Answer:
    """What was handed in, as it came; the download is noted in the trail."""
    actor = present_actor()
    if not reads_whole(actor):
        raise Forbidden(_("您只能查看本单位事项对应的原文，不能下载整份文件。"))
    with writing():
        queries.get_known(db.session(), source_id, actor)
        found = queries.get_milestone(db.session(), source_id, milestone_id)
        if not found.file_sha256:
            raise NotFound(_("这个节点没有文件。"))
        path, name = files.path_of(found.file_sha256), found.file_name
        record(actor, "source.download", found.source.number, file=name, sha256=found.file_sha256)
    return files.handed_out(path, name)
