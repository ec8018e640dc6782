"""Reading outside channels."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org.models import Person
from tracker.outlets.models import Outlet
from tracker.outlets.rules import ROBOTS, Kind

KNOWN = "gateway_of_this_transaction"


def list_outlets(session: Session) -> Sequence[Outlet]:
    """All outside channels with unit and keeper, in the order they were made."""
    query = select(Outlet).options(joinedload(Outlet.unit), joinedload(Outlet.keeper)).order_by(Outlet.id)
    return session.scalars(query).all()


def get_outlet(session: Session, key: str, *, lock: bool = False) -> Outlet:
    """An outside channel by its key; raises NotFound."""
    query = select(Outlet).where(Outlet.key == key)
    outlet = session.scalar(query.with_for_update() if lock else query)
    if outlet is None:
        raise NotFound(_l("没有找到这个外部渠道。"))
    return outlet


def find_named(session: Session, name: str) -> Outlet | None:
    """The outside channel of this name."""
    return session.scalar(select(Outlet).where(Outlet.name == name))


def list_open_robots(session: Session) -> Sequence[Outlet]:
    """Robots that are on, each with its keeper and the keeper's account."""
    query = select(Outlet).where(Outlet.is_on, Outlet.kind.in_(sorted(ROBOTS))).order_by(Outlet.id)
    return session.scalars(query.options(joinedload(Outlet.keeper).joinedload(Person.account))).all()


def find_gateway(session: Session) -> Outlet | None:
    """The gateway for short messages that is on."""
    return session.scalar(select(Outlet).where(Outlet.is_on, Outlet.kind == Kind.SMS).limit(1))


def gateway_id(session: Session) -> int | None:
    """The id of the gateway that is on, asked once in a transaction: messages are queued by the thousand."""
    known: tuple[object, int | None] | None = session.info.get(KNOWN)
    if known is None or known[0] is not session.get_transaction():
        gateway = find_gateway(session)
        known = session.info[KNOWN] = (session.get_transaction(), gateway.id if gateway else None)
    return known[1]
