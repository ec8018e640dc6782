"""Searching everything one may see."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.core.forms import CONTROL, trim
from tracker.desk.blueprint import blueprint
from tracker.desk.queries.search import LIMIT, search_items
from tracker.desk.tables import line_of


@blueprint.get("/search")
@allow(Action.READ_ITEM)
def search() -> str | Response:
    """Items that hold all the words; the number of an item leads straight to it."""
    words = CONTROL.sub("", str(trim(request.args.get("q", ""))))[:100]
    rows = search_items(db.session(), words, reach(present_actor())) if words else []
    if len(rows) == 1 and rows[0].item.number == words:
        return redirect(url_for("desk.item", number=words), 303)
    lines = [line_of(row, clock.today()) for row in rows]
    return render_template("desk/search.html", words=words, lines=lines, is_cut=len(rows) == LIMIT)
