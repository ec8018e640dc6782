"""Questions kept under a name: open one, keep one, rename, share and remove."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.figures import operations, queries
from tracker.figures.forms import QuestionForm, RenameForm, SaveForm
from tracker.figures.views.blueprint import blueprint

Answer = str | tuple[str, int] | Response


@blueprint.get("/saved")
@blueprint.post("/saved")
@allow(Action.READ_FIGURES)
def saved_list() -> Answer:
    """One's own questions and the shared ones; keeping the question that was sent."""
    session, actor = db.session(), present_actor()
    form = SaveForm(conditions=request.args.get("conditions", ""))

    def act() -> None:
        operations.save(form.name.data or "", _checked(form.conditions.data or "", actor), actor=actor)

    status = submit(form, act, done=_("已保存，以后从“保存的查询”打开。"))
    if status == DONE:
        return redirect(url_for("figures.saved_list"), DONE)
    rows = [
        (each, operations.is_own(each, actor), each.is_shared and operations.may_share(actor))
        for each in queries.list_saved(session, actor.stands_as)
    ]
    values = {"form": form, "rows": rows, "may_share": operations.may_share(actor)}
    return render_template("figures/saved.html", **values), status


@blueprint.get("/saved/<int:saved_id>")
@allow(Action.READ_FIGURES)
def open_saved(saved_id: int) -> Response:
    """The figures that a kept question asks for, today if it names no day."""
    saved = queries.get_saved(db.session(), saved_id, present_actor().stands_as)
    return redirect(f"{url_for('figures.overview')}?{saved.conditions}")


@blueprint.get("/saved/<int:saved_id>/name")
@blueprint.post("/saved/<int:saved_id>/name")
@allow(Action.READ_FIGURES)
def rename_saved(saved_id: int) -> Answer:
    """Another name."""
    actor = present_actor()
    saved = queries.get_saved(db.session(), saved_id, actor.stands_as)
    form = RenameForm(obj=saved)

    def act() -> None:
        found = queries.get_saved(db.session(), saved_id, actor.stands_as)
        operations.rename(found, form.name.data or "", actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已改名。"))
    if status == DONE:
        return redirect(url_for("figures.saved_list"), DONE)
    return render_template("figures/rename.html", form=form), status


@blueprint.post("/saved/<int:saved_id>/share")
@allow(Action.SHARE_FIGURES)
def share_saved(saved_id: int) -> Response:
    """Show a question to everybody."""
    return _done(saved_id, operations.share, _("已共享，能看统计的人都可以打开，各自只看到自己权限内的事项。"))


@blueprint.post("/saved/<int:saved_id>/unshare")
@allow(Action.SHARE_FIGURES)
def unshare_saved(saved_id: int) -> Response:
    """Keep a question to its owner again."""
    return _done(saved_id, operations.unshare, _("已停止共享。"))


@blueprint.post("/saved/<int:saved_id>/remove")
@allow(Action.READ_FIGURES)
def remove_saved(saved_id: int) -> Response:
    """Forget a question."""
    return _done(saved_id, operations.remove, _("已删除。"))


def _done(saved_id: int, act: Callable[..., None], words: str) -> Response:
    actor = present_actor()
    with writing():
        act(queries.get_saved(db.session(), saved_id, actor.stands_as), actor=actor)
    flash(words, "success")
    return redirect(url_for("figures.saved_list"), DONE)


def _checked(conditions: str, actor: Actor) -> str:
    """The conditions as they are kept; raises DomainError where they ask for nothing that can be asked."""
    form = QuestionForm(MultiDict(parse_qsl(conditions)))
    form.offer(queries.list_choices(db.session(), reach(actor, Action.READ_FIGURES)))
    form.question()
    return form.kept()
