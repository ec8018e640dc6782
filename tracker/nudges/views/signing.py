"""Signing a supervision notice, sending it, and the unit's answer."""

from typing import BinaryIO, cast

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.files import StoredFile
from tracker.core.forms import VersionedForm
from tracker.core.i18n import gettext as _
from tracker.nudges import operations, queries
from tracker.nudges.forms import FeedbackForm, SignatureForm
from tracker.nudges.rules.notices import NoticeEvent, move
from tracker.nudges.views.blueprint import Answer, blueprint, press
from tracker.org import queries as org
from tracker.settings.queries import load


@blueprint.get("/supervision-notices/<int:notice_id>/sign")
@blueprint.post("/supervision-notices/<int:notice_id>/sign")
@allow(Action.SUPERVISE)
def sign_notice(notice_id: int) -> Answer:
    """The office enters a signature that stands on paper, with its scan."""
    actor, session = present_actor(), db.session()
    found = queries.get_notice(session, notice_id, actor)
    ensure(actor, Action.SUPERVISE, found.subject)
    limit_mb = load(session)["rules.evidence_mb"]
    form = SignatureForm(data={"version": found.version})
    if request.method == "GET":
        move(found.state, NoticeEvent.SIGN)
        form.signed_on.data = clock.today()

    def store() -> StoredFile:
        return files.store(cast("BinaryIO", form.scan.data.stream), limit_bytes=limit_mb << 20)

    def act(scan: StoredFile) -> None:
        operations.sign_on_paper(
            queries.get_notice(session, notice_id, actor, lock=True),
            signer=form.signer.data or "",
            on=form.signed_on.data,
            scan=scan,
            scan_name=form.scan.data.filename,
            actor=actor,
            version=form.seen_version,
        )

    status = submit(form, act, done=_("签发已登记，编号已取得，可以发出。"), prepare=store)
    if status == DONE:
        return _to_notice(notice_id)
    choices = org.list_people_choices(session)
    page = render_template("nudges/sign_notice.html", form=form, notice=found, choices=choices, limit_mb=limit_mb)
    return page, status


@blueprint.post("/supervision-notices/<int:notice_id>/sign-here")
@allow(Action.DECIDE_AS_LEADER)
def sign_notice_here(notice_id: int) -> Response:
    """A leader signs what the page showed."""
    actor, form = present_actor(), VersionedForm()

    def act() -> None:
        held = queries.get_notice(db.session(), notice_id, actor, lock=True)
        operations.sign_here(held, actor=actor, version=form.seen_version)

    press(act, done=_("您已签发，整改办可以发出。"))
    return _to_notice(notice_id)


@blueprint.post("/supervision-notices/<int:notice_id>/send")
@allow(Action.SUPERVISE)
def send_notice(notice_id: int) -> Response:
    """Send a signed notice to its unit."""
    actor = present_actor()

    def act() -> None:
        operations.send(queries.get_notice(db.session(), notice_id, actor, lock=True), actor=actor)

    press(act, done=_("督办单已发出，单位负责人和联络员将收到通知。"))
    return _to_notice(notice_id)


@blueprint.get("/supervision-notices/<int:notice_id>/answer")
@blueprint.post("/supervision-notices/<int:notice_id>/answer")
@allow(Action.REPORT)
def answer_notice(notice_id: int) -> Answer:
    """The unit says what it did; the office enters what came on paper."""
    actor, session, form = present_actor(), db.session(), FeedbackForm()
    found = queries.get_notice(session, notice_id, actor)
    ensure(actor, Action.REPORT, found.subject)
    if request.method == "GET":
        move(found.state, NoticeEvent.ANSWER)

    def act() -> None:
        held = queries.get_notice(session, notice_id, actor, lock=True)
        operations.answer(held, form.feedback.data or "", actor=actor)

    status = submit(form, act, done=_("反馈已送整改办。"))
    if status == DONE:
        return _to_notice(notice_id)
    return render_template("nudges/answer_notice.html", form=form, notice=found), status


def _to_notice(notice_id: int) -> Response:
    return redirect(url_for("nudges.notice", notice_id=notice_id), 303)
