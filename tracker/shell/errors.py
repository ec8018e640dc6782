"""One handler for every refusal and failure: the words, the status, the way back, nothing typed lost."""

from typing import Any

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import ClientDisconnected, HTTPException

from tracker.access.guard import present_actor
from tracker.audit.naming import namer
from tracker.audit.operations import record
from tracker.audit.wording import in_words
from tracker.core.addresses import asks_for_part, is_own
from tracker.core.db import DISK_FULL, db, is_disk_full, writing
from tracker.core.errors import Busy, DomainError, Forbidden, Misplaced, Stale
from tracker.core.forms import shown_again, trim
from tracker.core.i18n import gettext as _
from tracker.core.watching import request_number
from tracker.work.outages import is_away, told_in_a_line

Answer = tuple[str, int]
PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def add_error_pages(app: Flask) -> None:
    """Show refusals as pages inside the shell."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(ClientDisconnected, gone)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(DBAPIError, unreachable)
    app.register_error_handler(Misplaced, unreachable)
    app.register_error_handler(OSError, no_room)
    app.register_error_handler(Exception, broken)


def refused(error: DomainError) -> Answer:
    """What an operation refused; a refused act is itself noted in the trail."""
    if isinstance(error, Forbidden):
        _note_refusal(str(error))
    if isinstance(error, Stale):
        return _conflict(error), error.status
    return _page(error.status, message=error.message)


def _conflict(error: Stale) -> str:
    """Both versions of what differs side by side, in words; below it what else was typed."""
    db.session().rollback()
    words_of = namer([error.typed, error.stored])
    typed, stored = (in_words(values, words_of) for values in (error.typed, error.stored))
    different = {label: text for label, text in typed.items() if text != stored.get(label, "")} or typed
    told = {*typed.values(), *map(str, error.typed.values())}
    # A box that is ticked is sent as a y.
    rest = {name: text for name, text in _typed().items() if trim(text) not in {*told, "y"}}
    return render_template(
        "shell/conflict.html", message=error.message, typed=different, stored=stored, rest=rest, back_url=_back_url()
    )


def forged(error: CSRFError) -> Answer:
    """The form's token does not belong to this session: signed out meanwhile, or a foreign page."""
    current_app.logger.info("csrf: %s", error.description)
    return _page(400, message=_("页面打开太久或已重新登录，请返回上一页、刷新后再提交。"))


def gone(_error: ClientDisconnected) -> Answer:
    """Half a request, and then silence: no page, which would wait for the other half to show what was typed."""
    return "", 400


def failed(error: HTTPException) -> Answer | HTTPException:
    """What Flask itself refused; redirects pass."""
    status = error.code or 500
    return _page(status) if status >= 400 else error


def unreachable(error: DBAPIError | Misplaced) -> Answer:
    """The database is locked, gone or only a standby, or it is a fault of ours after all."""
    if not is_away(error):
        return broken(error)
    current_app.logger.error("database: %s", told_in_a_line(error))
    return _page(Busy.status, layout="shell/bare.html", message=_("数据库暂时无法访问，请稍后再试。"))


def no_room(error: OSError) -> Answer:
    """The disk of the files is full, or it is a fault of ours after all."""
    if not is_disk_full(error):
        return broken(error)
    current_app.logger.error("files: %s", error)
    return _page(Busy.status, layout="shell/bare.html", message=DISK_FULL)


def broken(error: Exception) -> Answer:
    """A fault of ours; the log finds it again by the number of the request."""
    current_app.logger.exception("%s %s failed", request.method, request.path, exc_info=error)
    return _page(500, layout="shell/bare.html")


def _page(status: int, **values: Any) -> Answer:
    db.session().rollback()
    template = f"shell/errors/{status if status in PAGES else 400 if status < 500 else 500}.html"
    told = {"typed": _typed(), "back_url": _back_url(), "incident": request_number()}
    if asks_for_part():
        # No page within the page, and what was typed stands there still.
        told, values = {"incident": request_number()}, values | {"layout": "shell/part.html"}
    return render_template(template, **told, **values), status


def _typed() -> dict[str, str]:
    """What was typed into the form, by field, without secrets."""
    if request.method != "POST" or request.content_length is None or request.content_length > 1 << 20:
        return {}
    return shown_again(request.form.items())


def _back_url() -> str | None:
    """The page this one was sent from, as a path: the host was told by the request itself."""
    referrer = request.referrer or ""
    path = "/" + referrer.removeprefix(request.host_url)
    return path if referrer.startswith(request.host_url) and is_own(path) else None


def _note_refusal(message: str) -> None:
    actor = present_actor()
    if actor.person_id is None:
        return
    with writing():
        record(actor, "refused", request.path, message=message, method=request.method)
