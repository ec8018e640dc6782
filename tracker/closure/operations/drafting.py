"""Writing an application: what it begins with, what it is held against, the draft kept on the way."""

from dataclasses import asdict, replace
from typing import NamedTuple

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.closure import queries
from tracker.closure.models import ApplicationDraft
from tracker.closure.operations.readiness import ensure_applicable
from tracker.closure.rules import OF_SECRET, Basis, Filed, Telling, required_of, told_at_first
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Stale
from tracker.core.i18n import format_datetime
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.rules import refuse_text
from tracker.progress import queries as progress


class Begun(NamedTuple):
    """What an application begins with; ``draft`` is None when nothing was kept of it yet."""

    telling: Telling
    draft: ApplicationDraft | None

    @property
    def version(self) -> int:
        """The version of the draft; 0 before the first."""
        return self.draft.version if self.draft else 0


def begin(item: Item) -> Begun:
    """The unit's draft, else what the last round told, else what is known of measures and progress.

    A measure of which nothing was told yet, but which is done, tells that it is.
    """
    session = db.session()
    draft, last = queries.find_draft(session, item), queries.find_last(session, item.id)
    if draft is not None:
        told = Telling.read(draft.telling)
    elif last is not None:
        told = last.telling
    elif shared := _shared(item):
        told = shared
    else:
        entry = progress.find_counted_entry(session, item.id, item.lead_unit_id)
        told = Telling(statement=entry.text if entry else "")
    measures = progress.list_measures(session, item.id)
    lines = {each.id: told.measures.get(each.id) or told_at_first(each.text, each.done_on) for each in measures}
    return Begun(replace(told, measures=lines), draft)


def _shared(item: Item) -> Telling | None:
    """What was told of the item's carrier when that applied, measure by measure; the pledge is given anew."""
    session = db.session()
    last = queries.find_last(session, item.carrier_id) if item.carrier_id else None
    if last is None:
        return None
    told = {each.text: each.told for each in last.filed.measures}
    measures = {each.id: told.get(each.text, "") for each in progress.list_measures(session, item.id)}
    return replace(last.telling, measures=measures, is_pledged=False)


def basis_of(item: Item, filed: Filed) -> Basis:
    """What an application for this item is held against; ``filed`` is what stands now."""
    parts = required_of(item.deadline_kind, then_sustained=item.then_sustained, state=item.state)
    return Basis(
        parts=OF_SECRET if item.is_secret else parts,
        measures={each.id: each.done_on is not None for each in filed.measures},
        evidence=len(filed.evidence),
    )


def keep_draft(item: Item, telling: Telling, *, actor: Actor, version: int | None = None) -> ApplicationDraft:
    """Keep what was written so far; ``item`` must have been read with a lock.

    ``version`` is that of the draft the person saw, 0 for none. Raises Stale, saying who wrote since. The trail notes
    who began it and who took it over, not each save: it is nobody's word before it is filed.
    """
    ensure_applicable(item, actor=actor)
    refuse_secret_words(item, telling)
    assert item.lead_unit_id is not None
    assert actor.person_id is not None
    session = db.session()
    draft = queries.find_draft(session, item)
    refuse_overtaken(draft, version, telling)
    if draft is None or draft.by_id != actor.person_id:
        record(actor, "application.draft", item.number)
    if draft is None:
        draft = ApplicationDraft(item_id=item.id, unit_id=item.lead_unit_id)
        session.add(draft)
    if draft.telling != telling.written():
        draft.telling, draft.by_id, draft.saved_at = telling.written(), actor.person_id, clock.now()
    session.flush()
    session.refresh(draft, ["by"])
    return draft


def refuse_secret_words(item: Item, telling: Telling) -> None:
    """Raise DomainError when an application tells anything of a secret item: that stands on paper."""
    if item.is_secret:
        refuse_text(**{name: text for name, text in asdict(telling).items() if name not in ("measures", "is_pledged")})


def refuse_overtaken(draft: ApplicationDraft | None, version: int | None, telling: Telling) -> None:
    """Raise Stale, carrying both texts, when somebody else kept a draft since the person's page was drawn."""
    if draft is None or version in (None, draft.version) or draft.telling == telling.written():
        return
    message = _l(
        "您打开页面之后，%(who)s于 %(when)s 修改了这份草稿。您填写的内容都在下面，请对照后再提交。",
        who=draft.by.name,
        when=format_datetime(draft.saved_at, "yyyy-MM-dd HH:mm"),
    )
    raise Stale(message, typed=_told(telling), stored=_told(Telling.read(draft.telling)))


def _told(telling: Telling) -> dict[str, str]:
    """The texts by label; the measures one per line."""
    return {
        str(_l("完成情况")): telling.statement,
        str(_l("措施完成情况")): "\n".join(telling.measures.values()),
        str(_l("举一反三排查")): telling.similar_checked,
        str(_l("举一反三结果")): telling.similar_found,
        str(_l("长效机制")): telling.mechanism,
        str(_l("未完成的原因")): telling.explanation,
    }
