"""Keeping a superior's form and what its columns print."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.intake.operations.ledger import Table
from tracker.sources.models import Source
from tracker.submissions import queries
from tracker.submissions.models import SubmissionForm
from tracker.submissions.spaces import Place, propose


def draw_up(table: Table, source: Source, title: str, *, recipient: str, actor: Actor) -> SubmissionForm:
    """Keep a blank with what its columns seem to mean. Raises DomainError for one without a heading."""
    ensure_may(actor, Action.SUBMIT)
    proposal = propose(table.sheets)
    if proposal is None:
        raise DomainError(
            _l("没有认出表头，请确认表中有一行列名，如“序号、存在问题、责任单位、整改时限”。"), field="file"
        )
    form = SubmissionForm(
        source=source,
        title=title,
        recipient=recipient,
        file_name=table.file_name,
        file_sha256=table.file_sha256,
        sheet=proposal.sheet,
        first_row=proposal.first,
        last_row=proposal.last,
        columns=_as_data(proposal.places),
        drawn_up_at=clock.now(),
    )
    db.session.add(form)
    db.session.flush()
    record(actor, "submission_form.draw_up", source.number, title=title, file=table.file_name)
    return form


def places_of(form: SubmissionForm) -> list[Place]:
    """The columns of a form in order."""
    return [Place(**each) for each in json.loads(form.columns)]


def _as_data(places: Sequence[Place]) -> str:
    return json.dumps([asdict(place) for place in places], ensure_ascii=False)


def explain(
    form: SubmissionForm, prints: Mapping[int, str], rows: tuple[int, int], *, actor: Actor, version: int
) -> None:
    """Say what each column prints (``prints`` by its number) and from which row to which the form is filled.

    Raises DomainError when no column is printed or the rows are in the wrong order, Stale for an older ``version``.
    """
    ensure_may(actor, Action.SUBMIT)
    places = [replace(place, prints=prints.get(place.column, "")) for place in places_of(form)]
    after = {"columns": _as_data(places), "first_row": rows[0], "last_row": rows[1]}
    before = {name: getattr(form, name) for name in after}
    check_version(form, version, typed=after, stored=before)
    if not any(place.prints for place in places):
        raise DomainError(_l("请至少为一列选择要填的内容。"))
    if rows[1] < rows[0]:
        raise DomainError(_l("最后一行不能在第一行之前。"), field="last_row")
    for name, value in after.items():
        setattr(form, name, value)
    if before != after:
        record(actor, "submission_form.explain", form.source.number, title=form.title)


def discard(form: SubmissionForm, *, actor: Actor) -> None:
    """Throw away a form that was never filled. Raises Conflict for one that was."""
    ensure_may(actor, Action.SUBMIT)
    if queries.last_issue(db.session(), form.id):
        raise Conflict(_l("已经填过的报表不能删除。"))
    record(actor, "submission_form.discard", form.source.number, title=form.title)
    db.session.delete(form)
