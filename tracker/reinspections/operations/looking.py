"""Who looks again, and what they found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from tracker.access.rules import Action, Actor, can, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, Forbidden, NotFound, Stale
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import queries as ledger
from tracker.org import queries as people
from tracker.progress.operations import Received, receive_evidence
from tracker.reinspections import queries
from tracker.reinspections.models import Reinspection, ReinspectionFile
from tracker.reinspections.rules import (
    LOOK_LABELS,
    LookEvent,
    LookState,
    check_fit,
    check_result,
    check_until,
    check_waiting,
    move,
)


@dataclass(frozen=True)
class Result:
    """What was found on which day, with the files that show it."""

    event: LookEvent
    inspected_on: date
    findings: str
    files: Sequence[Received] = ()


def assign(
    looks: Sequence[Reinspection], inspector_id: int, due_on: date, *, actor: Actor, version: int | None = None
) -> None:
    """Give second looks until a day to somebody who had no part in any of them; they must have been locked.

    ``version`` is what ``version_of`` gave when the page was opened. Raises Stale when somebody was faster,
    AlreadyThere when all have been given just so.
    """
    session = db.session()
    if all((look.inspector_id, look.due_on) == (inspector_id, due_on) for look in looks):
        raise AlreadyThere(_l("已经指派，没有重复登记。"))
    _check_versions(looks, inspector_id, version)
    check_until(due_on, clock.today())
    inspector = queries.find_person(session, inspector_id)
    if inspector is None or inspector.account is None or not inspector.account.is_active:
        raise NotFound(_l("请从名单中选择检查人。"), field="inspector")
    closers = queries.map_closers(session, [look.item_id for look in looks])
    acting = people.load_actor(session, inspector)
    decider = ledger.load_decider(session, acting.identities)
    for look in looks:
        ensure(actor, Action.REINSPECT, look.item)
        check_waiting(look.state)
        check_fit(decider, look.item, closers[look.item_id])
        if not can(acting, Action.READ_ITEM, look.item):
            raise Forbidden(_l("%(name)s无权查看 %(number)s。", name=inspector.name, number=look.item.number))
        before, look.inspector_id = look.inspector_id, inspector.id
        look.assigned_at, look.due_on = clock.now(), due_on
        record(actor, "reinspection.assign", look.item.number, inspector_id=[before, inspector.id], until=due_on)
    hooks.call("looks_given", looks, inspector, actor)


def version_of(looks: Sequence[Reinspection]) -> int:
    """The versions of several looks as one number: it grows with each of them."""
    return sum(look.version for look in looks)


def _check_versions(looks: Sequence[Reinspection], inspector_id: int, version: int | None) -> None:
    if version in (None, version_of(looks)):
        return
    key = str(_l("检查人"))
    names = {look.item.number: look.inspector.name if look.inspector else str(_l("未指派")) for look in looks}
    typed = queries.find_person(db.session(), inspector_id)
    told = "、".join(f"{number} {name}" for number, name in names.items())
    message = _l("您打开页面之后，别人已经指派或登记了这些事项，请对照后再指派。")
    raise Stale(message, typed={key: typed.name if typed else ""}, stored={key: told})


def ensure_recordable(look: Reinspection, *, actor: Actor) -> None:
    """Raise unless the person may note the result now: the inspector, or the office for them.

    Whoever had a part in the item enters no result for others either.
    """
    check_waiting(look.state)
    if look.inspector_id is None:
        raise Conflict(_l("还没有指派检查人。"))
    if look.inspector_id not in actor.identities and not can(actor, Action.REINSPECT, look.item):
        raise Forbidden(_l("回头看结果由检查人登记，或由整改办代录。"))
    session = db.session()
    closers = queries.map_closers(session, [look.item_id])[look.item_id]
    check_fit(ledger.load_decider(session, actor.identities), look.item, closers)


def receive(uploads: Sequence[FileStorage]) -> list[Received]:
    """Keep uploaded files before the transaction begins, by the same rules as evidence."""
    return [receive_evidence(cast(BinaryIO, each.stream), each.filename) for each in uploads]


def record_result(look: Reinspection, result: Result, *, actor: Actor, version: int | None = None) -> None:
    """Note what was found; ``look`` must have been read with a lock. Raises Stale when somebody was faster."""
    if _is_same(look, result, actor):
        raise AlreadyThere(_l("结果已经登记，没有重复登记。"))
    typed = {str(_l("检查情况")): result.findings}
    stored = {str(_l("检查情况")): look.findings, str(_l("状态")): str(LOOK_LABELS[look.state])}
    check_version(look, version, typed=typed, stored=stored)
    ensure_recordable(look, actor=actor)
    days = {"closed_on": look.closed_on, "today": clock.today()}
    check_result(result.event, result.findings, result.inspected_on, **days)
    look.state = move(look.state, result.event)
    look.inspected_on, look.findings, look.recorded_at = result.inspected_on, result.findings.strip(), clock.now()
    look.recorded_by_id, look.recorded_for_id = actor.person_id, actor.for_id
    look.is_for_others = look.inspector_id not in actor.identities
    look.files = [
        ReinspectionFile(serial=serial, name=each.name, **vars(each.stored))
        for serial, each in enumerate(result.files, start=1)
    ]
    db.session().flush()
    told = {"look": look.state, "inspected_on": look.inspected_on, "findings": look.findings}
    told |= {"inspector_id": look.inspector_id, "is_for_others": look.is_for_others}
    record(actor, "reinspection.record", look.item.number, **told, files=[each.name for each in look.files])
    if look.state is LookState.REBOUND:
        hooks.call("look_rebound", look)


def _is_same(look: Reinspection, result: Result, actor: Actor) -> bool:
    told = (look.findings, look.inspected_on, look.recorded_by_id)
    is_done = look.state is not LookState.WAITING
    return is_done and told == (result.findings.strip(), result.inspected_on, actor.person_id)


def note_download(look: Reinspection, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes a file out of the house."""
    record(actor, "reinspection.download", look.item.number, name=name)
