"""Change requests: asking, the list, one of them with its approval, and what was decided on paper."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, reach
from tracker.amendments import operations, queries
from tracker.amendments.forms import AskForm, DecisionForm, PaperForm
from tracker.amendments.models import Amendment
from tracker.amendments.rules import AMENDED_LABELS, STATE_LABELS, AmendmentEvent, AmendmentState
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, NotFound
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.operations import Paper
from tracker.items.wording import light_of
from tracker.org import queries as org
from tracker.settings.queries import load

blueprint = Blueprint("amendments", __name__)

Answer = Response | tuple[str, int]


def _item(number: str, *, lock: bool = False) -> Item:
    return ledger.get_item(db.session(), number, reach(present_actor()), lock=lock)


def _amendment(amendment_id: int, *, lock: bool = False) -> Amendment:
    return queries.get_amendment(db.session(), amendment_id, reach(present_actor()), lock=lock)


def _to_amendment(amendment_id: int) -> Response:
    return redirect(url_for("amendments.amendment", amendment_id=amendment_id), 303)


@blueprint.route("/items/<number>/ask-amendment", methods=["GET", "POST"])
@allow(Action.ASK_AMENDMENT)
def ask(number: str) -> Answer:
    """Ask that something issued be changed; everything is filled in as it stands."""
    actor, item, session = present_actor(), _item(number), db.session()
    operations.ensure_askable(item, actor=actor)
    form = AskForm(data={field.value: text for field, text in operations.standing(item).items()})

    def act() -> None:
        operations.ask(_item(number, lock=True), form.wanted, form.reason.data or "", actor=actor)

    status = submit(form, act, done=_("变更申请已提交；批准之前什么都不变。"))
    if status == DONE:
        return redirect(url_for("desk.item", number=number), 303)
    choices = {"units": org.list_unit_choices(session), "people": org.list_people_choices(session)}
    return render_template("amendments/ask.html", form=form, item=item, **choices), status


@blueprint.get("/amendments")
@allow(Action.READ_ITEM)
def amendment_list() -> str:
    """What was asked to be changed, what waits first."""
    session = db.session()
    page = paginate(
        session,
        queries.select_amendments(present_actor()),
        number=page_number(),
        rows=lambda query: queries.list_amendments(session, query),
    )
    return render_template("amendments/amendment_list.html", page=page, fields=AMENDED_LABELS, states=STATE_LABELS)


@blueprint.route("/amendments/<int:amendment_id>", methods=["GET", "POST"])
@allow(Action.READ_ITEM)
def amendment(amendment_id: int) -> Answer:
    """One change request, and its approval by another person."""
    actor, found = present_actor(), _amendment(amendment_id)
    form = DecisionForm(data={"version": found.version})

    def act() -> None:
        verdict, opinion = AmendmentEvent(form.verdict.data or ""), form.opinion.data or ""
        held = _amendment(amendment_id, lock=True)
        operations.decide(held, verdict, opinion, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("您的决定已记录。"))
    if status == DONE:
        return _to_amendment(amendment_id)
    told = _told(_amendment(amendment_id), actor)
    return render_template("amendments/amendment.html", form=form, **told), status


def _told(found: Amendment, actor: Actor) -> dict[str, Any]:
    why_not = _refusal(operations.ensure_decidable, found, actor)
    return {
        "amendment": found,
        "item": found.item,
        "light": light_of(found.item, clock.today()),
        "states": STATE_LABELS,
        "fields": AMENDED_LABELS,
        "why_not": why_not,
        "is_settled": isinstance(why_not, Conflict),
        "may_enter": _refusal(operations.ensure_enterable, found, actor) is None,
        "may_retract": found.state is AmendmentState.PENDING and bool(actor.identities & found.askers),
    }


def _refusal(ensure: Any, found: Amendment, actor: Actor) -> DomainError | None:
    """What keeps this person from doing it; None when nothing does."""
    try:
        ensure(found, actor=actor)
    except (Conflict, Forbidden) as refusal:
        return refusal
    return None


@blueprint.post("/amendments/<int:amendment_id>/retract")
@allow(Action.ASK_AMENDMENT)
def retract(amendment_id: int) -> Response:
    """Take a request back."""
    with writing():
        operations.retract(_amendment(amendment_id, lock=True), actor=present_actor())
    flash(_("申请已撤回。"), "success")
    return _to_amendment(amendment_id)


@blueprint.route("/amendments/<int:amendment_id>/paper", methods=["GET", "POST"])
@allow(Action.ENTER_DECISION)
def paper(amendment_id: int) -> Answer:
    """The office enters what was decided on paper, with its scan."""
    actor, session, found = present_actor(), db.session(), _amendment(amendment_id)
    operations.ensure_enterable(found, actor=actor)
    limit_mb = load(session)["rules.evidence_mb"]
    form = PaperForm(data={"version": found.version, "paper_on": clock.today()})

    def store() -> tuple[StoredFile, str] | None:
        return files.receive(form.scan.data, limit_bytes=limit_mb << 20)

    def act(kept: tuple[StoredFile, str]) -> None:
        told = Paper(form.decider.data or "", form.body.data or "", form.paper_on.data, *kept)
        verdict, held = AmendmentEvent(form.verdict.data), _amendment(amendment_id, lock=True)
        operations.decide_on_paper(held, verdict, form.opinion.data or "", told, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("线下决定已代录。"), prepare=store)
    if status == DONE:
        return _to_amendment(amendment_id)
    values = {"choices": org.list_people_choices(session), "limit_mb": limit_mb}
    return render_template("amendments/paper.html", form=form, amendment=found, item=found.item, **values), status


@blueprint.get("/amendments/<int:amendment_id>/scan")
@allow(Action.READ_ITEM)
def scan(amendment_id: int) -> Response:
    """The scan of the signed paper, never to be shown by the browser."""
    found = _amendment(amendment_id)
    if not found.scan_sha256:
        raise NotFound(_("这个环节没有扫描件。"))
    path, name = files.path_of(found.scan_sha256), found.scan_name
    with writing():
        operations.note_download(_amendment(amendment_id), name, actor=present_actor())
    return files.handed_out(path, name)
