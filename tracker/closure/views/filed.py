"""An application as it was filed: its page, and the form to print and sign."""

from flask import render_template
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.closure import operations, queries
from tracker.closure.rules import APPLICATION_LABELS, DECISION_LABELS, ROUTE_LABELS
from tracker.closure.views.blueprint import blueprint, item_of
from tracker.closure.writing import file_name, write_docx
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.sources.rules import STEP_LABELS


@blueprint.get("/items/<number>/applications/<int:round_>")
@allow(Action.READ_ITEM)
def filed(number: str, round_: int) -> str:
    """One round: all that was told, and every opinion."""
    item = item_of(number)
    return render_template(
        "closure/filed.html",
        item=item,
        application=queries.get_application(db.session(), item.id, round_),
        steps=STEP_LABELS,
        decisions=DECISION_LABELS,
        states=APPLICATION_LABELS,
        routes=ROUTE_LABELS,
    )


@blueprint.get("/items/<number>/applications/<int:round_>/application.docx")
@allow(Action.READ_ITEM)
def application_form(number: str, round_: int) -> Response:
    """The form as a Word file."""
    application = queries.get_application(db.session(), item_of(number).id, round_)
    content, name = write_docx(application, taken_at=clock.local(clock.now())), file_name(application)
    _note(number, round_, name)
    return hand_out(content, name)


def _note(number: str, round_: int, name: str) -> None:
    """The reading ends here, so that noting who took it waits for nothing."""
    with writing():
        application = queries.get_application(db.session(), item_of(number).id, round_)
        operations.note_download(application, name, actor=present_actor())
