"""Corrections: asking, the list, one of them with its approval, and what was decided on paper."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, reach
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, NotFound
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.corrections import operations, queries
from tracker.corrections.forms import AskForm, DecisionForm, PaperForm
from tracker.corrections.models import Correction
from tracker.corrections.rules import (
    EVENT_LABELS,
    KIND_LABELS,
    STATE_LABELS,
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
)
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.operations import Paper
from tracker.items.wording import light_of
from tracker.org import queries as org
from tracker.settings.queries import load

blueprint = Blueprint("corrections", __name__)

Answer = Response | tuple[str, int]


def _item(number: str, *, lock: bool = False) -> Item:
    return ledger.get_item(db.session(), number, reach(present_actor()), lock=lock)


def _correction(correction_id: int, *, lock: bool = False) -> Correction:
    return queries.get_correction(db.session(), correction_id, reach(present_actor()), lock=lock)


def _to_correction(correction_id: int) -> Response:
    return redirect(url_for("corrections.correction", correction_id=correction_id), 303)


@blueprint.route("/items/<number>/ask-correction", methods=["GET", "POST"])
@allow(Action.DECIDE_AS_OFFICE)
def ask(number: str) -> Answer:
    """Ask that the last decision be taken back, or that a closed item be taken up again."""
    actor, item, form = present_actor(), _item(number), AskForm()
    last, kinds = operations.ensure_askable(item, actor=actor)
    form.offer(kinds)

    def act() -> None:
        operations.ask(_item(number, lock=True), CorrectionKind(form.kind.data), form.reason.data or "", actor=actor)

    status = submit(form, act, done=_("申请已提交，由另一人审批；批准之前什么都不变。"))
    if status == DONE:
        return redirect(url_for("desk.item", number=number), 303)
    return render_template("corrections/ask.html", form=form, item=item, last=last, events=EVENT_LABELS), status


@blueprint.get("/corrections")
@allow(Action.READ_ITEM)
def correction_list() -> str:
    """What was asked to be put right, what waits first."""
    session = db.session()
    page = paginate(
        session,
        queries.select_corrections(present_actor()),
        number=page_number(),
        rows=lambda query: queries.list_corrections(session, query),
    )
    return render_template(
        "corrections/correction_list.html", page=page, kinds=KIND_LABELS, states=STATE_LABELS, events=EVENT_LABELS
    )


@blueprint.route("/corrections/<int:correction_id>", methods=["GET", "POST"])
@allow(Action.READ_ITEM)
def correction(correction_id: int) -> Answer:
    """One correction, and its approval by another person."""
    actor, found = present_actor(), _correction(correction_id)
    form = DecisionForm(data={"version": found.version})

    def act() -> None:
        verdict, opinion = CorrectionEvent(form.verdict.data or ""), form.opinion.data or ""
        held = _correction(correction_id, lock=True)
        operations.decide(held, verdict, opinion, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("您的决定已记录。"))
    if status == DONE:
        return _to_correction(correction_id)
    told = _told(_correction(correction_id), actor)
    return render_template("corrections/correction.html", form=form, **told), status


def _told(found: Correction, actor: Actor) -> dict[str, Any]:
    why_not = _refusal(operations.ensure_decidable, found, actor)
    return {
        "correction": found,
        "item": found.item,
        "light": light_of(found.item, clock.today()),
        "kinds": KIND_LABELS,
        "states": STATE_LABELS,
        "events": EVENT_LABELS,
        "why_not": why_not,
        "is_settled": isinstance(why_not, Conflict),
        "may_enter": _refusal(operations.ensure_enterable, found, actor) is None,
        "may_retract": found.state is CorrectionState.PENDING and bool(actor.identities & found.askers),
    }


def _refusal(ensure: Any, found: Correction, actor: Actor) -> DomainError | None:
    """What keeps this person from doing it; None when nothing does."""
    try:
        ensure(found, actor=actor)
    except (Conflict, Forbidden) as refusal:
        return refusal
    return None


@blueprint.post("/corrections/<int:correction_id>/retract")
@allow(Action.DECIDE_AS_OFFICE)
def retract(correction_id: int) -> Response:
    """Take a request back."""
    with writing():
        operations.retract(_correction(correction_id, lock=True), actor=present_actor())
    flash(_("申请已撤回。"), "success")
    return _to_correction(correction_id)


@blueprint.route("/corrections/<int:correction_id>/paper", methods=["GET", "POST"])
@allow(Action.ENTER_DECISION)
def paper(correction_id: int) -> Answer:
    """Another person of the office enters what was decided on paper, with its scan."""
    actor, session, found = present_actor(), db.session(), _correction(correction_id)
    operations.ensure_enterable(found, actor=actor)
    limit_mb = load(session)["rules.evidence_mb"]
    form = PaperForm(data={"version": found.version, "paper_on": clock.today()})

    def store() -> tuple[StoredFile, str] | None:
        return files.receive(form.scan.data, limit_bytes=limit_mb << 20)

    def act(kept: tuple[StoredFile, str]) -> None:
        told = Paper(form.decider.data or "", form.body.data or "", form.paper_on.data, *kept)
        verdict, held = CorrectionEvent(form.verdict.data), _correction(correction_id, lock=True)
        operations.decide_on_paper(held, verdict, form.opinion.data or "", told, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("线下决定已代录。"), prepare=store)
    if status == DONE:
        return _to_correction(correction_id)
    values = {"choices": org.list_people_choices(session), "limit_mb": limit_mb}
    return render_template("corrections/paper.html", form=form, correction=found, item=found.item, **values), status


@blueprint.get("/corrections/<int:correction_id>/scan")
@allow(Action.READ_ITEM)
def scan(correction_id: int) -> Response:
    """The scan of the signed paper, never to be shown by the browser."""
    found = _correction(correction_id)
    if not found.scan_sha256:
        raise NotFound(_("这个环节没有扫描件。"))
    path, name = files.path_of(found.scan_sha256), found.scan_name
    with writing():
        operations.note_download(_correction(correction_id), name, actor=present_actor())
    return files.handed_out(path, name)
