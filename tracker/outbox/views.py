"""A person's inbox."""

from flask import Blueprint, flash, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.outbox import operations, queries

blueprint = Blueprint("outbox", __name__, url_prefix="/messages")


def _person_id() -> int:
    person_id = present_actor().person_id
    assert person_id is not None
    return person_id


@blueprint.get("")
@allow(Action.ENTER)
def inbox() -> str:
    """What the system has told this person, unread first."""
    session, person_id = db.session(), _person_id()
    page = paginate(
        session,
        queries.select_inbox(person_id),
        number=page_number(),
        rows=lambda query: queries.list_messages(session, query),
    )
    return render_template("outbox/inbox.html", page=page, unread=queries.count_unread(session, person_id))


@blueprint.get("/<key>")
@allow(Action.ENTER)
def message(key: str) -> str:
    """One message; opening it marks it as read."""
    found = queries.get_in_inbox(db.session(), _person_id(), key)
    if found.read_at is None:
        with writing():
            operations.mark_read(queries.get_in_inbox(db.session(), _person_id(), key))
    # Rendered by our own templates with everything escaped, and stored as it was told.
    return render_template("outbox/message.html", message=found, body=Markup(found.body_html))


@blueprint.post("/read")
@allow(Action.ENTER)
def read_all() -> Response:
    """Mark the whole inbox as read."""
    with writing():
        operations.mark_all_read(_person_id())
    flash(_("全部消息已标为已读。"), "success")
    return redirect(url_for("outbox.inbox"), 303)
