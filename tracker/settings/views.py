"""The page of all settings."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import gettext as _
from tracker.settings import operations
from tracker.settings.forms import settings_form
from tracker.settings.queries import load
from tracker.settings.rules import GROUPS, SETTINGS

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

Answer = str | tuple[str, int] | Response


@blueprint.route("", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def overview() -> Answer:
    """Everything an office may set, by group; all of it is stored, or none."""
    form = settings_form(load(db.session()))
    if form.validate_on_submit():
        try:
            with writing():
                operations.change(form.typed(), actor=present_actor(), seen=form.seen.data)
        except Stale:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("设置已保存。"), "success")
            return redirect(url_for("settings.overview"), 303)
    groups = [
        (name, title, [form[key] for key, each in SETTINGS.items() if each.group == name])
        for name, title in GROUPS.items()
    ]
    return render_template("settings/overview.html", form=form, groups=groups), 422 if form.errors else 200
