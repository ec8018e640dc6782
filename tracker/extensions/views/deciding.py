"""Extensions: the list, one of them with its decision, and what was decided on paper."""

from typing import Any

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.extensions import operations, queries
from tracker.extensions.forms import DecisionForm, PaperForm
from tracker.extensions.models import Extension
from tracker.extensions.operations import Ruling
from tracker.extensions.queries import ExtensionFilter
from tracker.extensions.rules import EXTENSION_LABELS, LEVEL_LABELS, ExtensionState, Verdict
from tracker.extensions.views.blueprint import Answer, blueprint, extension_of, to_extension
from tracker.extensions.wording import asked_for, said, what_waits
from tracker.items.operations import Paper
from tracker.items.wording import deadline_note, deadline_of, light_of
from tracker.org import queries as org
from tracker.settings.queries import load

MINE = "mine"


@blueprint.get("/extensions")
@allow(Action.READ_ITEM)
def extension_list() -> str:
    """Extensions by state; those that wait for this person have a tab of their own."""
    session, actor, view = db.session(), present_actor(), request.args.get("view", "")
    state = ExtensionState(view) if view in set(ExtensionState) else None
    chosen = ExtensionFilter(state=state, waits_on_me=view == MINE)
    page = paginate(
        session,
        queries.select_extensions(actor, chosen),
        number=page_number(),
        rows=lambda query: queries.list_extensions(session, query),
    )
    return render_template(
        "extensions/extension_list.html",
        page=page,
        tabs=_tabs(view),
        is_narrowed=bool(view),
        states=EXTENSION_LABELS,
        what_waits=what_waits,
        asked_for=lambda extension: asked_for(extension, clock.today()),
    )


def _tabs(view: str) -> list[dict[str, Any]]:
    named = [("", _("全部")), (MINE, _("等我决定")), *((each.value, EXTENSION_LABELS[each]) for each in ExtensionState)]
    return [
        {
            "label": label,
            "url": url_for("extensions.extension_list", view=name or None),
            "is_current": name == view,
            "count": None,
        }
        for name, label in named
    ]


@blueprint.route("/extensions/<int:extension_id>", methods=["GET", "POST"])
@allow(Action.READ_ITEM)
def extension(extension_id: int) -> Answer:
    """One extension: what was asked, what each level said, and the decision of whoever's turn it is."""
    actor, found = present_actor(), extension_of(extension_id)
    form = DecisionForm(data={"version": found.version, "until": found.proposed_until})

    def act() -> None:
        ruling = Ruling(Verdict(form.verdict.data or ""), form.until.data, form.opinion.data or "")
        held = extension_of(extension_id, lock=True)
        operations.decide(held, ruling, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("您的决定已记录。"))
    if status == DONE:
        return _to_next(actor)
    found = extension_of(extension_id)
    return render_template("extensions/extension.html", form=form, **_told(found, actor)), status


def _to_next(actor: Actor) -> Answer:
    """On to the next extension that waits for this person, else back to the list."""
    following = db.session().scalar(queries.select_extensions(actor, ExtensionFilter(waits_on_me=True)).limit(1))
    if following is None:
        return redirect(url_for("extensions.extension_list"), 303)
    return to_extension(following.id)


def _told(found: Extension, actor: Actor) -> dict[str, Any]:
    today, item = clock.today(), found.item
    why_not = _refusal(operations.ensure_decidable, found, actor)
    return {
        "extension": found,
        "item": item,
        "light": light_of(item, today),
        "deadline": deadline_of(item, today),
        "note": deadline_note(item, today),
        "states": EXTENSION_LABELS,
        "steps": LEVEL_LABELS,
        "said": lambda step: said(step, today),
        "asked": asked_for(found, today),
        "is_settled": isinstance(why_not, Conflict),
        "why_not": why_not,
        "may_enter": _refusal(operations.ensure_enterable, found, actor) is None,
        "may_retract": bool(actor.identities & found.askers) and not any(step.verdict for step in found.steps),
    }


def _refusal(ensure: Any, found: Extension, actor: Actor) -> DomainError | None:
    """What keeps this person from doing it; None when nothing does."""
    try:
        ensure(found, actor=actor)
    except (Conflict, Forbidden) as refusal:
        return refusal
    return None


@blueprint.route("/extensions/<int:extension_id>/paper", methods=["GET", "POST"])
@allow(Action.ENTER_DECISION)
def paper(extension_id: int) -> Answer:
    """The office enters what was decided on paper, with its scan."""
    actor, session, found = present_actor(), db.session(), extension_of(extension_id)
    step = operations.ensure_enterable(found, actor=actor)
    limit_mb = load(session)["rules.evidence_mb"]
    form = PaperForm(data={"version": found.version, "until": found.proposed_until, "paper_on": clock.today()})

    def store() -> tuple[StoredFile, str] | None:
        return files.receive(form.scan.data, limit_bytes=limit_mb << 20)

    def act(kept: tuple[StoredFile, str]) -> None:
        ruling = Ruling(Verdict(form.verdict.data), form.until.data, form.opinion.data or "")
        names = (form.decider.data or "", form.body.data or "")
        told = Paper(*names, form.paper_on.data, *kept)
        held = extension_of(extension_id, lock=True)
        operations.decide_on_paper(held, ruling, told, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("线下决定已代录。"), prepare=store)
    if status == DONE:
        return to_extension(extension_id)
    values = {"step": LEVEL_LABELS[step.kind], "choices": org.list_people_choices(session), "limit_mb": limit_mb}
    return render_template("extensions/paper.html", form=form, extension=found, item=found.item, **values), status
