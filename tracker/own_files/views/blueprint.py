"""The blueprint of the office's own reports, and what their pages share."""

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.own_files import operations, queries
from tracker.own_files.models import OwnFile

blueprint = Blueprint("own_files", __name__, url_prefix="/reports/own-files")

Answer = str | tuple[str, int] | Response


def get(file_id: int, *, lock: bool = False) -> OwnFile:
    """A report that the person sees; raises NotFound."""
    return queries.get_own_file(db.session(), present_actor(), file_id, lock=lock)


def material_of(own_file: OwnFile) -> operations.Material:
    """What its new report is made of; raises DomainError while the report that was chosen can't be read any more."""
    found = operations.find_material(db.session(), own_file, present_actor())
    if found is None:
        raise DomainError(
            _("新文选用的报告已经作废，或者您不能查看。请另选一份，或改为按台账写；在那以前不能下载新报告。")
        )
    return found
