"""The form of an extension to print and sign, and scans of what was signed."""

from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock, files
from tracker.core.db import writing
from tracker.core.downloads import hand_out
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.extensions import operations
from tracker.extensions.views.blueprint import blueprint, extension_of
from tracker.extensions.writing import file_name, write_docx


@blueprint.get("/extensions/<int:extension_id>/form.docx")
@allow(Action.READ_ITEM)
def form_paper(extension_id: int) -> Response:
    """The form with all opinions so far."""
    found = extension_of(extension_id)
    content, name = write_docx(found, taken_at=clock.local(clock.now())), file_name(found)
    _note(extension_id, name)
    return hand_out(content, name)


@blueprint.get("/extensions/<int:extension_id>/scans/<int:position>")
@allow(Action.READ_ITEM)
def scan(extension_id: int, position: int) -> Response:
    """The scan of a signed paper, never to be shown by the browser."""
    step = next((each for each in extension_of(extension_id).steps if each.position == position), None)
    if step is None or not step.scan_sha256:
        raise NotFound(_("这个环节没有扫描件。"))
    path, name = files.path_of(step.scan_sha256), step.scan_name
    _note(extension_id, name)
    return files.handed_out(path, name)


def _note(extension_id: int, name: str) -> None:
    """The reading ends here, so that noting who took it waits for nothing."""
    with writing():
        operations.note_download(extension_of(extension_id), name, actor=present_actor())
