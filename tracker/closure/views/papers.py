"""Pages on which the office enters what was decided on paper, and the scans."""

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, reach
from tracker.audit.operations import record
from tracker.closure import operations, queries
from tracker.closure.forms.papers import LINES_MAX, ConfirmationForm, MeetingForm, PaperForm
from tracker.closure.models import Review
from tracker.closure.operations import Line, OnPaper
from tracker.closure.rules import Decision, is_of_a_body
from tracker.closure.views.blueprint import Answer, blueprint, item_of, kept_scan, one_named, to_item
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import NotFound
from tracker.core.files import StoredFile
from tracker.core.forms import number_in
from tracker.core.i18n import gettext as _
from tracker.org import queries as org
from tracker.sources.rules import STEP_LABELS

Scan = tuple[StoredFile, str]


@blueprint.get("/reviews/<int:review_id>/on-paper")
@blueprint.post("/reviews/<int:review_id>/on-paper")
@allow(Action.ENTER_DECISION)
def enter_decision(review_id: int) -> Answer:
    """Enter one step as it was decided on paper."""
    actor, session = present_actor(), db.session()
    found = queries.get_review(session, review_id, reach(actor))
    operations.ensure_enterable(found, actor=actor)
    is_body, number = is_of_a_body(found.kind, found.route), found.application.item.number
    form = PaperForm(data={"version": found.application.version, "person": _usual_signer(found)})
    unasked = "person" if is_body else "body"
    delattr(form, unasked)

    def act(scan: Scan) -> None:
        held = queries.get_review(session, review_id, reach(actor), lock=True)
        body = form.body.data if is_body else ""
        told = OnPaper(form.dated_on.data, scan, body or "", "", form.document_number.data or "")
        decider_id = None if is_body else one_named(form.person.data or "", queries.list_bearers(session, held))
        operations.decide_on_paper(
            held,
            Decision(form.decision.data),
            form.opinion.data or "",
            told=told,
            decider_id=decider_id,
            actor=actor,
            version=form.seen_version,
        )

    status = submit(form, act, done=_("已录入，注明“线下签批，代录”。"), prepare=lambda: kept_scan(form.scan.data))
    if status == DONE:
        return to_item(number)
    found = queries.get_review(session, review_id, reach(actor))
    page = render_template(
        "closure/on_paper.html",
        form=form,
        review=found,
        item=found.application.item,
        step=STEP_LABELS[found.kind],
        is_body=is_body,
        people_choices=org.list_people_choices(session),
    )
    return page, status


def _usual_signer(review: Review) -> str:
    """Whose signature it most likely is: who is named for the step, else for the leader's step the item's leader."""
    if review.named is not None:
        return review.named.name
    leader = review.application.item.leader
    return leader.name if review.kind == "leader" and leader is not None and review.route is None else ""


@blueprint.get("/reviews/<int:review_id>/paper")
@allow(Action.READ_ITEM)
def paper(review_id: int) -> Answer:
    """The scan of a decision, as it came; the download is noted in the trail."""
    actor = present_actor()
    with writing():
        found = queries.get_review(db.session(), review_id, reach(actor))
        if found.paper is None:
            raise NotFound(_("这一环节不是线下签批的，没有扫描件。"))
        path, name = files.path_of(found.paper.file_sha256), found.paper.file_name
        number = found.application.item.number
        record(actor, "paper.download", number, file=name, sha256=found.paper.file_sha256)
    return files.handed_out(path, name)


@blueprint.get("/reviews/meeting")
@blueprint.post("/reviews/meeting")
@allow(Action.ENTER_DECISION)
def meeting() -> Answer:
    """Enter what one meeting decided on the applications that wait for it."""
    actor, session = present_actor(), db.session()
    waiting = queries.list_waiting(session, queries.select_waiting_on_meetings(actor).limit(LINES_MAX))
    lines = [{"review": each.id, "version": each.application.version} for each in waiting]
    form = MeetingForm(data={"lines": lines})

    def act(scan: Scan) -> int:
        told = OnPaper(form.dated_on.data, scan, form.title.data, form.title.data, form.document_number.data or "")
        chosen = _lines(form, actor)
        operations.decide_in_meeting(chosen, told=told, actor=actor)
        return len(chosen)

    status = submit(
        form,
        act,
        done=lambda count: _("已按会议纪要录入 %(n)d 份申请的决定。", n=count),
        prepare=lambda: kept_scan(form.scan.data),
    )
    if status == DONE:
        return redirect(url_for("closure.waiting"), DONE)
    by_id = {each.id: each for each in waiting}
    rows = [(line, by_id[id_]) for line in form.lines if (id_ := number_in(line.form.review.data)) in by_id]
    return render_template("closure/meeting.html", form=form, rows=rows, steps=STEP_LABELS), status


def _lines(form: MeetingForm, actor: Actor) -> list[Line]:
    """What was chosen, each application held until the end of the transaction, in the order of ids."""
    chosen = {number_in(line.form.review.data): line.form for line in form.lines if line.form.decision.data}
    found = []
    for review_id, typed in sorted(chosen.items()):
        held = queries.get_review(db.session(), review_id, reach(actor), lock=True)
        decision, version = Decision(typed.decision.data), number_in(typed.version.data)
        found.append(Line(held, decision, typed.opinion.data or "", version))
    return found


@blueprint.get("/items/<number>/confirmation")
@blueprint.post("/items/<number>/confirmation")
@allow(Action.ENTER_DECISION)
def confirmation(number: str) -> Answer:
    """Enter what the superior said of a closed item."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_confirmable(item, actor=actor)
    form = ConfirmationForm(data={"version": item.version, "body": item.source.issuing_body})

    def act(scan: Scan) -> None:
        told = OnPaper(form.dated_on.data, scan, form.body.data, "", form.document_number.data or "")
        operations.confirm(
            item_of(number, lock=True),
            Decision(form.decision.data),
            form.opinion.data or "",
            told=told,
            actor=actor,
            version=form.seen_version,
        )

    status = submit(form, act, done=_("上级的意见已登记。"), prepare=lambda: kept_scan(form.scan.data))
    if status == DONE:
        return to_item(number)
    return render_template("closure/confirmation.html", form=form, item=item, today=clock.today()), status
