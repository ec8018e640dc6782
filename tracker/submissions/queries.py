"""Reading forms of superiors and their issues."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.submissions.models import Submission, SubmissionForm


def list_forms(session: Session) -> Sequence[SubmissionForm]:
    """All forms with their issues, the newest source first."""
    query = select(SubmissionForm).order_by(SubmissionForm.source_id.desc(), SubmissionForm.id)
    return session.scalars(query.options(joinedload(SubmissionForm.source), selectinload(SubmissionForm.issues))).all()


def get_form(session: Session, form_id: int, *, lock: bool = False) -> SubmissionForm:
    """A form by id; raises NotFound."""
    query = select(SubmissionForm).where(SubmissionForm.id == form_id)
    form = session.scalar(query.with_for_update() if lock else query)
    if form is None:
        raise NotFound(_l("没有找到这张报表。"))
    return form


def get_issue(session: Session, form_id: int, issue: int, *, lock: bool = False) -> Submission:
    """An issue of a form; raises NotFound."""
    query = select(Submission).where(Submission.form_id == form_id, Submission.issue == issue)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这一期。"))
    return found


def last_issue(session: Session, form_id: int) -> int:
    """The number of the last issue; 0 before the first."""
    return session.scalar(select(func.max(Submission.issue)).where(Submission.form_id == form_id)) or 0


def find_issue(session: Session, form_id: int, issue: int) -> Submission | None:
    """An issue of a form, if there is one of that number."""
    return session.scalar(select(Submission).where(Submission.form_id == form_id, Submission.issue == issue))
