"""Handing files out: as downloads, and pictures and PDF also to be looked at, in a frame that can do nothing."""

from io import BytesIO

from flask import make_response, render_template, send_file
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.errors import NotFound
from tracker.core.filetypes import PDF_TYPE
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number
from tracker.office.pdf_pages import count_pages, draw_page
from tracker.progress import operations, queries
from tracker.progress.models import Evidence
from tracker.progress.views.blueprint import blueprint, item_of

# No script, no form, no link out. The frame keeps its origin, for otherwise the picture in it is asked for without the
# session; what was uploaded has none, should somebody open it by itself.
FRAME_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
CONTENT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@blueprint.get("/evidence/<int:serial>")
@allow(Action.READ_ITEM)
def download(number: str, serial: int) -> Response:
    """Hand a file out as it is, never to be shown by the browser, and note who took it."""
    found = queries.get_evidence(db.session(), item_of(number).id, serial)
    path, name = files.path_of(found.sha256), found.name
    with writing():
        operations.note_download(_again(number, serial), actor=present_actor())
    return files.handed_out(path, name)


@blueprint.get("/evidence/<int:serial>/view")
@allow(Action.READ_ITEM)
def view(number: str, serial: int) -> str:
    """A page with a picture, or one page of a PDF, in a frame."""
    item = item_of(number)
    found = _shown(queries.get_evidence(db.session(), item.id, serial))
    is_pdf = found.media_type == PDF_TYPE
    pages = count_pages(files.path_of(found.sha256)) if is_pdf else 1
    page = min(page_number(), max(1, pages))
    return render_template("progress/view.html", item=item, evidence=found, is_pdf=is_pdf, pages=pages, page=page)


@blueprint.get("/evidence/<int:serial>/frame")
@allow(Action.READ_ITEM)
def frame(number: str, serial: int) -> Response:
    """The frame: nothing but the picture, fitted to its width."""
    item = item_of(number)
    found = _shown(queries.get_evidence(db.session(), item.id, serial))
    answer = make_response(render_template("progress/frame.html", item=item, evidence=found, page=page_number()))
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    return answer


@blueprint.get("/evidence/<int:serial>/content")
@allow(Action.READ_ITEM)
def content(number: str, serial: int) -> Response:
    """The picture in the frame, or a page of the PDF drawn as one; noted who looked."""
    found = _shown(queries.get_evidence(db.session(), item_of(number).id, serial))
    path, media_type = files.path_of(found.sha256), found.media_type
    page = page_number() if media_type == PDF_TYPE else None
    drawn = draw_page(path, page) if page is not None else None
    if page is not None and drawn is None:
        raise NotFound(_("这一页画不出来，请下载后打开。"))
    with writing():
        operations.note_view(_again(number, serial), actor=present_actor(), page=page)
    source, told = (path, media_type) if drawn is None else (BytesIO(drawn), "image/png")
    answer = send_file(source, mimetype=told)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = CONTENT_POLICY
    return answer


def _again(number: str, serial: int) -> Evidence:
    return queries.get_evidence(db.session(), item_of(number).id, serial)


def _shown(found: Evidence) -> Evidence:
    """Only what its content tells to be a picture or a PDF is ever shown; everything else is not found here."""
    if not found.type.is_shown:
        raise NotFound(_("只有图片和 PDF 可以在线查看，请下载后打开。"))
    return found
