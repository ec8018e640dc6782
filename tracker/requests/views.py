"""The pages of requests of every kind: their list, one of them with its decision, the paper, the scan."""

from collections.abc import Callable
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
from tracker.items.operations import Paper
from tracker.items.wording import light_of
from tracker.org import queries as org
from tracker.requests import operations, queries
from tracker.requests.forms import DecisionForm, PaperForm
from tracker.requests.models import Asked
from tracker.requests.operations import KINDS, Kind
from tracker.requests.rules import STATE_LABELS, RequestEvent, RequestState
from tracker.settings.queries import load

blueprint = Blueprint("requests", __name__, url_prefix="/requests/<kind>")

Answer = str | tuple[str, int] | Response


def _kind(name: str) -> Kind[Any]:
    if name not in KINDS:
        raise NotFound(_("没有这种申请。"))
    return KINDS[name]


def _request(kind: str, request_id: int, *, lock: bool = False) -> Asked:
    of, seen_by = _kind(kind), reach(present_actor())
    found: Asked = queries.get_request(db.session(), of.table, request_id, seen_by, *of.loads, lock=lock)
    return found


def _to_request(kind: str, request_id: int) -> Response:
    return redirect(url_for("requests.request_page", kind=kind, request_id=request_id), 303)


@blueprint.get("")
@allow(Action.READ_ITEM)
def request_list(kind: str) -> str:
    """What was asked, what waits first."""
    session, of = db.session(), _kind(kind)
    page = paginate(
        session,
        queries.select_requests(of.table, present_actor()),
        number=page_number(),
        rows=lambda query: queries.list_requests(session, of.table, query, *of.loads),
    )
    return render_template(f"{kind}s/{kind}_list.html", page=page, kind=kind, states=STATE_LABELS, **of.words)


@blueprint.route("/<int:request_id>", methods=["GET", "POST"])
@allow(Action.READ_ITEM)
def request_page(kind: str, request_id: int) -> Answer:
    """One request, and its decision by another person."""
    actor, found = present_actor(), _request(kind, request_id)
    form = DecisionForm(data={"version": found.version})

    def act() -> None:
        verdict, held = RequestEvent(form.verdict.data or ""), _request(kind, request_id, lock=True)
        opinion, version = form.opinion.data or "", form.seen_version
        operations.decide(_kind(kind), held, verdict, opinion, actor=actor, version=version)

    status = submit(form, act, done=_("您的决定已记录。"))
    if status == DONE:
        return _to_request(kind, request_id)
    told = _told(_kind(kind), _request(kind, request_id), actor)
    return render_template(f"{kind}s/{kind}.html", form=form, kind=kind, **told), status


def _told(kind: Kind[Any], found: Asked, actor: Actor) -> dict[str, Any]:
    why_not = _refusal(operations.ensure_decidable, kind, found, actor)
    return {
        "asked": found,
        "item": found.item,
        "light": light_of(found.item, clock.today()),
        "states": STATE_LABELS,
        "why_not": why_not,
        "is_settled": isinstance(why_not, Conflict),
        "may_enter": _refusal(operations.ensure_enterable, kind, found, actor) is None,
        "may_retract": found.state is RequestState.PENDING and bool(actor.identities & found.askers),
        **kind.words,
    }


def _refusal(ensure: Callable[..., None], kind: Kind[Any], found: Asked, actor: Actor) -> DomainError | None:
    """What keeps this person from doing it; None when nothing does."""
    try:
        ensure(kind, found, actor=actor)
    except (Conflict, Forbidden) as refusal:
        return refusal
    return None


@blueprint.post("/<int:request_id>/retract")
@allow(Action.READ_ITEM)
def retract(kind: str, request_id: int) -> Response:
    """Whoever asked takes a request back."""
    with writing():
        operations.retract(_kind(kind), _request(kind, request_id, lock=True), actor=present_actor())
    flash(_("申请已撤回。"), "success")
    return _to_request(kind, request_id)


@blueprint.route("/<int:request_id>/paper", methods=["GET", "POST"])
@allow(Action.ENTER_DECISION)
def paper(kind: str, request_id: int) -> Answer:
    """The office enters what was decided on paper, with its scan."""
    actor, session, found = present_actor(), db.session(), _request(kind, request_id)
    operations.ensure_enterable(_kind(kind), found, actor=actor)
    limit_mb = load(session)["rules.evidence_mb"]
    form = PaperForm(data={"version": found.version, "paper_on": clock.today()})

    def store() -> tuple[StoredFile, str] | None:
        return files.receive(form.scan.data, limit_bytes=limit_mb << 20)

    def act(kept: tuple[StoredFile, str]) -> None:
        told = Paper(form.decider.data or "", form.body.data or "", form.paper_on.data, *kept)
        verdict, opinion = RequestEvent(form.verdict.data), form.opinion.data or ""
        held, version = _request(kind, request_id, lock=True), form.seen_version
        operations.decide_on_paper(_kind(kind), held, verdict, opinion, told, actor=actor, version=version)

    status = submit(form, act, done=_("线下决定已代录。"), prepare=store)
    if status == DONE:
        return _to_request(kind, request_id)
    values = {"choices": org.list_people_choices(session), "limit_mb": limit_mb, **_kind(kind).words}
    return render_template("requests/paper.html", form=form, kind=kind, asked=found, item=found.item, **values), status


@blueprint.get("/<int:request_id>/scan")
@allow(Action.READ_ITEM)
def scan(kind: str, request_id: int) -> Response:
    """The scan of the signed paper, never to be shown by the browser."""
    found = _request(kind, request_id)
    if not found.scan_sha256:
        raise NotFound(_("这个环节没有扫描件。"))
    path, name = files.path_of(found.scan_sha256), found.scan_name
    with writing():
        operations.note_download(_kind(kind), _request(kind, request_id), name, actor=present_actor())
    return files.handed_out(path, name)
