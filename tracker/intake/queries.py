"""Reading drafts of intakes, and what stands in the ledger of a source already."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.models import ColumnMeaning, IntakeDraft, LedgerDraft
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.queries import is_left_out, within
from tracker.items.rules import COUNTED, State
from tracker.sources.models import Section, Source
from tracker.sources.rules import Counting, Counts


def get_draft(session: Session, draft_id: int, *, lock: bool = False) -> IntakeDraft:
    """A draft by id; ``lock`` before it is changed. Raises NotFound."""
    query = select(IntakeDraft).where(IntakeDraft.id == draft_id).options(joinedload(IntakeDraft.by))
    draft = session.scalar(query.with_for_update(of=IntakeDraft) if lock else query)
    if draft is None:
        raise NotFound(_l("没有找到这份草稿，可能已经放弃。"))
    return draft


def list_open_drafts(session: Session, person_id: int | None) -> Sequence[IntakeDraft]:
    """A person's drafts that wait for confirmation, the newest first."""
    mine = (IntakeDraft.by_id == person_id, IntakeDraft.source_id.is_(None))
    return session.scalars(select(IntakeDraft).where(*mine).order_by(IntakeDraft.id.desc())).all()


def get_ledger(session: Session, draft_id: int, *, lock: bool = False) -> LedgerDraft:
    """A ledger that came in by id; ``lock`` before it is changed. Raises NotFound."""
    query = select(LedgerDraft).where(LedgerDraft.id == draft_id).options(joinedload(LedgerDraft.by))
    draft = session.scalar(query.with_for_update(of=LedgerDraft) if lock else query)
    if draft is None:
        raise NotFound(_l("没有找到这份台账，可能已经放弃。"))
    return draft


def list_open_ledgers(session: Session, person_id: int | None) -> Sequence[LedgerDraft]:
    """A person's ledgers that wait to be carried out, the newest first."""
    mine = (LedgerDraft.by_id == person_id, LedgerDraft.carried_out_at.is_(None))
    return session.scalars(select(LedgerDraft).where(*mine).order_by(LedgerDraft.id.desc())).all()


def column_meanings(session: Session) -> Mapping[str, Field]:
    """What headings stand for that people explained, by ``heading_key``."""
    return {meaning.heading: meaning.field for meaning in session.scalars(select(ColumnMeaning))}


def find_same_draft(session: Session, person_id: int, **values: Any) -> IntakeDraft | None:
    """A person's draft with just these values that waits for confirmation."""
    mine = select(IntakeDraft).where(IntakeDraft.by_id == person_id, IntakeDraft.source_id.is_(None))
    return session.scalar(mine.filter_by(**values).order_by(IntakeDraft.id).limit(1))


def list_of_source(session: Session, source_id: int, reach: Reach, *, with_void: bool = False) -> Sequence[Item]:
    """A source's items within reach in the order of their numbers, sections loaded; voided ones only when asked for."""
    shown = State if with_void else frozenset(State) - {State.VOID}
    query = select(Item).where(Item.source_id == source_id, Item.state.in_(sorted(shown)), within(reach))
    query = query.order_by(Item.number).options(joinedload(Item.section).joinedload(Section.parent))
    return session.scalars(query).all()


def count_by_source(session: Session, reach: Reach) -> Mapping[int, Counts]:
    """How many items of each source count, by wholes or by parts as it settled; in one GROUP BY."""
    is_part = Item.parent_id.is_not(None)
    chosen = case((Source.counting == Counting.PARTS, is_part), else_=~is_part)
    conditions = (chosen, and_(chosen, Item.state == State.CLOSED), and_(chosen, ~is_left_out()), ~is_part)
    query = select(Item.source_id, *(func.count().filter(each) for each in conditions))
    query = query.join(Source, Source.id == Item.source_id).where(Item.state.in_(sorted(COUNTED)), within(reach))
    return {source_id: Counts(*counts) for source_id, *counts in session.execute(query.group_by(Item.source_id))}
