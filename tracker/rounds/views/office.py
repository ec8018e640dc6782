"""The office's pages: all rounds, and one round with who reported and who did not."""

from flask import flash, redirect, render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.rounds import operations, pages, queries
from tracker.rounds.rules import SHOW_LABELS, Show
from tracker.rounds.views.blueprint import Answer, back_url, blueprint, office_reach


@blueprint.get("")
@allow(Action.REVIEW_REPORT)
def overview() -> Answer:
    """All rounds, the latest first, with what was reported."""
    session, seen_by = db.session(), office_reach()
    page = paginate(
        session,
        queries.select_rounds(seen_by),
        number=page_number(),
        rows=lambda query: queries.list_rounds(session, query),
    )
    counts = queries.count_rounds(session, seen_by, [each.id for each in page.rows])
    rows = [(each, counts.get(each.id, queries.Tally())) for each in page.rows]
    return render_template("rounds/overview.html", page=page, rows=rows, today=clock.today())


@blueprint.get("/<int:round_id>")
@allow(Action.REVIEW_REPORT)
def round_page(round_id: int) -> Answer:
    """应报/已报/未报 by unit, and the reports behind one of the figures."""
    session, seen_by = db.session(), office_reach()
    found = queries.get_round(session, round_id, seen_by)
    tallies = queries.list_tallies(session, seen_by, round_id)
    lead, support = queries.total(tallies, lead=True), queries.total(tallies, lead=False)
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else pages.shown_first(lead, support)
    unit_id = read_id(request.args.get("unit"))
    counted = (each for each in tallies if unit_id in (None, each.unit_id))
    page = paginate(
        session,
        queries.select_reports(seen_by, round_id, show=show, unit_id=unit_id),
        number=page_number(),
        rows=lambda query: queries.list_reports(session, query),
        counted=sum(each.lead.of(show) + each.support.of(show) for each in counted),
    )
    return render_template(
        "rounds/round.html",
        round=found,
        tallies=tallies,
        lead=lead,
        support=support,
        page=page,
        show=show,
        shows=SHOW_LABELS,
        unit=next((each for each in tallies if each.unit_id == unit_id), None),
        last=queries.last_told(session, {each.item_id for each in page.rows}),
        contacts=queries.list_contacts(session, {each.unit_id for each in tallies}),
        state_of=pages.state_of,
        taken_at=clock.local(clock.now()),
        today=clock.today(),
    )


@blueprint.post("/<int:round_id>/nudge")
@allow(Action.REVIEW_REPORT)
def nudge(round_id: int) -> Answer:
    """Tell everybody who still owes, or those of one unit."""
    try:
        with writing():
            found = queries.get_round(db.session(), round_id, office_reach(), lock=True)
            done = operations.nudge(found, actor=present_actor(), unit_id=read_id(request.form.get("unit")))
    except AlreadyThere as refusal:
        flash(str(refusal), "info")
    else:
        flash(_("已催报 %(units)d 个单位，通知 %(people)d 人。", units=done.units, people=done.people), "success")
        if done.unreached:
            flash(_("其中 %(n)d 个单位没有可通知的账号，请打电话。", n=done.unreached), "warning")
    return redirect(back_url(round_id), 303)
