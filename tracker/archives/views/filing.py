"""Filing a source away, making its ZIP again, and lifting the archive."""

from flask import flash, redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.archives import operations, queries
from tracker.archives.forms import ArchiveForm, LiftForm
from tracker.archives.models import Archive
from tracker.archives.views.blueprint import Answer, archive_of, blueprint
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.sources import queries as sources


@blueprint.route("/new/<int:source_id>", methods=["GET", "POST"])
@allow(Action.ARCHIVE)
def archive_source(source_id: int) -> Answer:
    """File a source away: says what stands in the way, and takes the number."""
    session, actor = db.session(), present_actor()
    source = sources.get_known(session, source_id, actor)
    if (there := queries.find_present(session, source_id)) is not None:
        return redirect(url_for("archives.archive", archive_id=there.id), DONE)
    form = ArchiveForm(data={"number": source.number})
    filed: list[Archive] = []

    def act() -> None:
        locked = sources.get_source(db.session(), source_id, lock=True)
        filed.append(operations.archive(locked, number=form.number.data or "", actor=actor))

    status = submit(form, act, done=_("来源已归档，今后只能查阅。正在后台生成归档文件。"))
    if status == DONE:
        return redirect(url_for("archives.archive", archive_id=filed[0].id), DONE)
    still_open = queries.list_open(db.session(), source_id)
    total = queries.count_filed(db.session(), source_id)
    values = {"form": form, "source": source, "still_open": still_open, "total": total}
    return render_template("archives/archive_source.html", **values), status


@blueprint.post("/<int:archive_id>/again")
@allow(Action.ARCHIVE)
def make_again(archive_id: int) -> Answer:
    """Make the ZIP once more, where that failed."""
    with writing():
        operations.make_again(archive_of(archive_id, lock=True), actor=present_actor())
    flash(_("已重新排队生成。"), "success")
    return redirect(url_for("archives.archive", archive_id=archive_id), DONE)


@blueprint.route("/<int:archive_id>/lift", methods=["GET", "POST"])
@allow(Action.ARCHIVE)
def lift(archive_id: int) -> Answer:
    """Lift an archive, with the reason."""
    found = archive_of(archive_id)
    form = LiftForm()

    def act() -> None:
        held = archive_of(archive_id, lock=True)
        operations.lift(held, reason=form.reason.data or "", version=form.seen_version, actor=present_actor())

    status = submit(form, act, done=_("已撤销归档，来源和事项可以继续办理。"))
    if status == DONE:
        return redirect(url_for("sources.source", source_id=found.source_id), DONE)
    if not form.is_submitted():
        form.version.data = str(found.version)
    return render_template("archives/lift.html", form=form, archive=found), status
