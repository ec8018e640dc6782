"""The source that the new rows of a ledger go into: one that is there, or one to be drawn up with them."""

from datetime import date

from sqlalchemy.orm import Session

from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.settings.queries import load
from tracker.sources import queries as sources
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind


def target(
    session: Session, kind: SourceKind, title: str, received_on: date, *, issuing_body: str = "", lock: bool = False
) -> Source:
    """The source of that kind, title and day, else a new one that is not drawn up yet and belongs to no session.

    Raises DomainError for a day in the future.
    """
    if received_on > clock.today():
        raise DomainError(_l("反馈日期晚于今天，请核对。"), field="received_on")
    there = sources.find_source(session, kind=kind, title=title, received_on=received_on)
    if there is not None:
        return sources.get_source(session, there.id, lock=lock)
    days = load(session)["rules.at_once_days"]
    return Source(kind=kind, title=title, received_on=received_on, issuing_body=issuing_body, at_once_days=days)
