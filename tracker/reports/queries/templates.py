"""Reading the Word templates of the office."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.reports.models import ReportTemplate


def list_templates(session: Session) -> Sequence[ReportTemplate]:
    """All templates of the office by name, those in use first."""
    query = select(ReportTemplate).order_by(ReportTemplate.is_retired, ReportTemplate.name, ReportTemplate.id)
    return session.scalars(query.options(joinedload(ReportTemplate.kept_by))).all()


def get_template(session: Session, template_id: int, *, lock: bool = False) -> ReportTemplate:
    """A template by id; raises NotFound."""
    query = select(ReportTemplate).where(ReportTemplate.id == template_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这个模板。"))
    return found


def find_template(session: Session, name: str) -> ReportTemplate | None:
    """The template in use that is called so."""
    return session.scalar(select(ReportTemplate).where(ReportTemplate.name == name, ~ReportTemplate.is_retired))
