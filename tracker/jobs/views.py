"""The operators' page: the queue, the mail server's answers, the jobs and their heartbeat."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.carriage import Refused, Unreachable
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.jobs.forms import QueueQuery, TestMailForm
from tracker.jobs.registry import JOBS, Job
from tracker.jobs.wording import HELD_LABELS, every_words, length_words, result_words
from tracker.office.drawing import has_chinese_font, no_font
from tracker.outbox import operations, queries
from tracker.outbox.channels import Envelope, Postman, server_of
from tracker.outbox.letters import Letter, render
from tracker.outbox.rules import CHANNEL_LABELS, KIND_LABELS, SKIP_LABELS, STATE_LABELS, Channel, MessageState
from tracker.outlets.queries import list_outlets
from tracker.reminders import queries as reminders
from tracker.reminders.operations import capping, held_now
from tracker.reminders.wording import rule_words
from tracker.settings.queries import load
from tracker.work.models import JobRun
from tracker.work.queries import list_runs
from tracker.work.rules import SILENT_AFTER

blueprint = Blueprint("jobs", __name__, url_prefix="/operations")

TROUBLED = (MessageState.FAILED, MessageState.DEAD)


@dataclass(frozen=True)
class Row:
    """One job as the page shows it."""

    job: Job
    run: JobRun | None
    every: object
    took: str
    result: str
    is_silent: bool


@blueprint.get("")
@allow(Action.MANAGE_JOBS)
def overview() -> str:
    """What waits, what failed and why, and whether the scheduler lives."""
    return _overview(TestMailForm(formdata=None))


def _overview(form: TestMailForm) -> str:
    session = db.session()
    asked = QueueQuery(request.args)
    counts = queries.count_by_state(session)
    page = paginate(
        session,
        queries.select_messages(asked.narrowed(TROUBLED)),
        number=page_number(),
        rows=lambda query: queries.list_messages(session, query),
    )
    runs = list_runs(session)
    # A scheduler's heart beats for all jobs at once, also for those that had nothing to do so far.
    beats = [run.heartbeat_at for run in runs.values() if run.heartbeat_at]
    is_silent = not beats or clock.now() - max(beats) > SILENT_AFTER
    return render_template(
        "jobs/overview.html",
        form=form,
        page=page,
        asked=asked,
        outlets=list_outlets(session),
        kinds=KIND_LABELS,
        held=reminders.count_held(session),
        held_rules=[
            (rule_words(each.rule.trigger, each.rule.days, each.rule.counts), each.people, each.things)
            for each in reminders.list_held_rules(session)
        ],
        jobs=[_row(job, runs.get(job.name), is_silent=is_silent) for job in JOBS],
        states=[
            (state, label, [counts.get((each, state), 0) for each in Channel]) for state, label in STATE_LABELS.items()
        ],
        channels=CHANNEL_LABELS,
        state_labels=STATE_LABELS,
        answers=SKIP_LABELS,
        server=server_of(load(session)),
        waits=HELD_LABELS.get(held_now(clock.now())),
        no_font=None if has_chinese_font() else no_font(),
    )


def _row(job: Job, run: JobRun | None, *, is_silent: bool) -> Row:
    told: dict[str, Any] = json.loads(run.result) if run and run.result else {}
    return Row(job, run, every_words(job.every_seconds), _length(run), result_words(told), is_silent)


def _length(run: JobRun | None) -> str:
    """How long the last run took; a dash while the first one still runs."""
    if run is None or run.started_at is None or run.finished_at is None or run.finished_at < run.started_at:
        return "—"
    return length_words(run.finished_at - run.started_at)


@blueprint.post("/messages/<key>/retry")
@allow(Action.MANAGE_JOBS)
def retry(key: str) -> Response:
    """Send one message anew."""
    with writing():
        operations.retry(queries.get_message(db.session(), key), actor=present_actor())
    flash(_("已重新排队，一分钟内再次发送。"), "success")
    return redirect(url_for("jobs.overview"), 303)


@blueprint.post("/messages/retry")
@allow(Action.MANAGE_JOBS)
def retry_all() -> Response:
    """Send everything anew that the list showed and that failed, was given up or was skipped."""
    narrowed = QueueQuery(request.form).narrowed(TROUBLED)
    with writing():
        count = operations.retry_all(narrowed, actor=present_actor())
    flash(_("%(count)s 条消息已重新排队。", count=count), "success")
    return redirect(url_for("jobs.overview"), 303)


@blueprint.post("/held/release")
@allow(Action.MANAGE_JOBS)
def release_held() -> Response:
    """Let digests that were too many at once be sent."""
    with writing():
        count = capping.release_held(_seen(), actor=present_actor())
    flash(_("已放行 %(count)s 人的提醒。", count=count), "success")
    return redirect(url_for("jobs.overview"), 303)


@blueprint.post("/held/discard")
@allow(Action.MANAGE_JOBS)
def discard_held() -> Response:
    """Drop digests that were too many at once."""
    with writing():
        count = capping.discard_held(_seen(), actor=present_actor())
    flash(_("已作废 %(count)s 人的提醒。", count=count), "success")
    return redirect(url_for("jobs.overview"), 303)


def _seen() -> int:
    """How many people's the administrator saw; 0 is never what is held."""
    return read_id(request.form.get("seen")) or 0


@blueprint.post("/test-mail")
@allow(Action.MANAGE_JOBS)
def test_mail() -> tuple[str, int] | Response:
    """Send a mail at once and show what the server answers."""
    form = TestMailForm()
    if not form.validate():
        return _overview(form), DomainError.status
    address = str(form.address.data)
    try:
        answer = _send_test(address)
    except (Refused, Unreachable) as error:
        form.refuse(DomainError(_("没有发出：%(answer)s", answer=str(error)), field="address"))
        _note(address, str(error))
        return _overview(form), DomainError.status
    _note(address, answer)
    flash(_("已发出，服务器答复：%(answer)s", answer=answer), "success")
    return redirect(url_for("jobs.overview"), 303)


def _send_test(address: str) -> str:
    session = db.session()
    settings = load(session)
    server = server_of(settings)
    if not server.is_usable:
        raise Unreachable(_("没有设置邮件服务器或发件人地址"))
    person = current_user.person
    words = render(Letter("test"), person, Channel.MAIL, settings)
    message_id = f"<{secrets.token_hex(8)}@rectify.local>"
    envelope = Envelope(address, person.name, words.subject, words.text, words.html, message_id)
    # Nobody waits for a lock of ours while a mail server thinks.
    session.rollback()
    with Postman(server) as postman:
        return postman.carry(envelope, sent_at=clock.now())


def _note(address: str, answer: str) -> None:
    with writing():
        record(present_actor(), "mail.test", address, answer=answer)
