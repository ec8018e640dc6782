"""The working calendar, year by year; an administrator corrects single days."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, may
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.workdays import operations, queries
from tracker.workdays.forms import DayForm, ReckoningQuery
from tracker.workdays.models import CalendarDay
from tracker.workdays.months import months_of, weekday_names
from tracker.workdays.rules import FIRST, Reckoning, is_published
from tracker.workdays.wording import ORIGINS, tell

blueprint = Blueprint("workdays", __name__, url_prefix="/workdays")


@blueprint.get("")
@allow(Action.ENTER)
def this_year() -> tuple[str, int]:
    """The present year."""
    return _overview(clock.today().year)


@blueprint.get("/<int:year>")
@allow(Action.ENTER)
def overview(year: int) -> tuple[str, int]:
    """A year's months with holidays and make-up days, and the arithmetic of working days."""
    return _overview(year)


def _overview(year: int) -> tuple[str, int]:
    session = db.session()
    last = queries.find_last_day(session)
    if last is None or not FIRST.year <= year <= last.year:
        raise NotFound(_("工作日历里没有这一年。"))
    form = ReckoningQuery(request.args)
    reckoning = _reckon(form)
    page = render_template(
        "workdays/overview.html",
        year=year,
        years=[each for each in (year - 1, year + 1) if FIRST.year <= each <= last.year],
        weekdays=weekday_names(),
        months=months_of(queries.list_year(session, year), clock.today()),
        is_published=is_published(year),
        form=form,
        reckoning=reckoning,
        words=tell(reckoning) if reckoning else "",
        may_correct=may(present_actor(), Action.MANAGE_SETTINGS),
    )
    return page, DomainError.status if form.errors else 200


def _reckon(form: ReckoningQuery) -> Reckoning | None:
    if not form.asked(request.args):
        return None
    start, number = form.since.data, form.days.data or 0
    calendar = queries.load_around(db.session(), start, number)
    try:
        return calendar.reckon(start, number)
    except DomainError as error:
        form.refuse(DomainError(error.message, field="since"))
        return None


@blueprint.route("/days/<day>", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def correct(day: str) -> tuple[str, int] | Response:
    """Say that a day is worked or not, with the reason."""
    found = _get_day(day)
    form = DayForm()
    if not form.is_submitted():
        form.fill(found)

    def act() -> None:
        operations.correct(
            _get_day(day, lock=True),
            is_working=form.is_working,
            name=form.name.data or "",
            reason=form.reason.data or "",
            actor=present_actor(),
            version=form.seen_version,
        )

    status = submit(form, act, done=_("工作日历已修改，按工作日计算的提醒随之重算。"))
    if status == DONE:
        return redirect(url_for("workdays.overview", year=found.day.year), DONE)
    return render_template("workdays/correct.html", form=form, day=found, origin=ORIGINS[found.origin]), status


def _get_day(text: str, *, lock: bool = False) -> CalendarDay:
    try:
        return queries.get_day(db.session(), date.fromisoformat(text), lock=lock)
    except ValueError as error:
        raise NotFound(_("工作日历里没有这一天。")) from error
