"""The blanks and years of a report, each with what the ledger makes of it."""

from dataclasses import replace
from typing import NamedTuple

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.own_files import operations, pages
from tracker.own_files.forms import BlanksForm, answers_in, years_in
from tracker.own_files.rules.answers import Answered
from tracker.own_files.rules.marks import Way
from tracker.own_files.rules.reports import OldReport
from tracker.own_files.views.blueprint import Answer, blueprint, get


class Typed(NamedTuple):
    """What was typed, as the report would be with it."""

    report: OldReport
    answered: list[Answered]


@blueprint.route("/<int:file_id>/blanks", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def blanks(file_id: int) -> Answer:
    """The blanks and years, and what becomes of them."""
    found = get(file_id)
    _text, report = operations.old_report(found)
    form = BlanksForm(data={"version": found.version})
    told = operations.find_material(db.session(), found, present_actor())
    if told is None:
        return render_template("own_files/blanks.html", found=found, form=form, told=None, shown=None)

    def act(typed: Typed) -> None:
        words = pages.answers_in_words(typed.report, typed.answered)
        kept = get(file_id, lock=True)
        operations.fill(kept, typed.report.marks, told=words, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("已保存。"), prepare=lambda: _typed(told, report))
    if status == DONE:
        return redirect(url_for("own_files.blanks", file_id=file_id), DONE)
    every = report.answered(told.facts, decimals=told.decimals)
    shown = pages.shown_blanks(report, every, typed=request.form if form.is_submitted() else None)
    return render_template("own_files/blanks.html", found=found, form=form, told=told, shown=shown), status


def _typed(told: operations.Material, report: OldReport) -> Typed:
    """What was typed; raises DomainError for a sentence that the ledger does not bear."""
    every = report.answered(told.facts, decimals=told.decimals)
    answers, years = answers_in(request.form, every), years_in(request.form, report.wrong_years)
    marked = replace(report, marks=replace(report.marks, answers=answers, years=years))
    typed = marked.answered(told.facts, decimals=told.decimals)
    for each in typed:
        if each.why and each.answer is not None and each.answer.way is Way.OWN:
            raise DomainError(_("“%(words)s”与台账不符：%(why)s", words=pages.as_typed(each), why=each.why))
    return Typed(marked, typed)
