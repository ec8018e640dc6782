"""Reading the office's own reports: one's own, all of them for the office of the whole organ."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, manages_all
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.own_files.models import OwnFile
from tracker.reports.models import Report


def _seen_by(actor: Actor) -> Select[OwnFile]:
    query = select(OwnFile)
    return query if manages_all(actor) else query.where(OwnFile.by_id == actor.person_id)


def select_own_files(actor: Actor) -> Select[OwnFile]:
    """The reports this person sees, the newest first."""
    told = (joinedload(OwnFile.by), joinedload(OwnFile.report).load_only(Report.as_of))
    return _seen_by(actor).order_by(OwnFile.id.desc()).options(*told)


def find_same(session: Session, actor: Actor, file_sha256: str, year: int) -> OwnFile | None:
    """The same file for the same year, if this person sees one."""
    query = _seen_by(actor).where(OwnFile.file_sha256 == file_sha256, OwnFile.year == year)
    return session.scalars(query.order_by(OwnFile.id).limit(1)).first()


def get_own_file(session: Session, actor: Actor, id_: int, *, lock: bool = False) -> OwnFile:
    """A report by id; raises NotFound, also for somebody else's."""
    query = _seen_by(actor).where(OwnFile.id == id_)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这份报告。"))
    return found
