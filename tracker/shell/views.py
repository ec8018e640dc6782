"""Assets out of wheels, the choice of language, and headers on every answer."""

from importlib.resources import as_file, files

from flask import Blueprint, Response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.access.guard import allow
from tracker.access.rules import Action
from tracker.core import i18n
from tracker.core.addresses import is_own
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.page_script import find_script

blueprint = Blueprint("shell", __name__, static_folder="static", static_url_path="/assets")

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


@blueprint.get("/assets/htmx.min.js")
@allow(Action.SIGN_IN)
def htmx() -> Response:
    """htmx as its wheel brings it."""
    with as_file(files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js") as path:
        return send_file(path, mimetype="text/javascript", max_age=86_400)


@blueprint.get("/assets/vega.js")
@allow(Action.SIGN_IN)
def chart_script() -> Response:
    """The script that draws charts, as it was written at set-up."""
    path = find_script()
    if path is None:
        raise NotFound(_l("没有画图的脚本。"))
    return send_file(path, mimetype="text/javascript", max_age=86_400)


@blueprint.post("/language")
@allow(Action.SIGN_IN)
def choose_language() -> AnyResponse:
    """Keep the chosen language and go back to the page it was chosen on."""
    i18n.choose_language(request.form.get("language", ""))
    return redirect(own_address(request.form.get("next", "")), 303)


def own_address(address: str) -> str:
    """An address of this site, or the front page instead of anything else."""
    return address if is_own(address) else url_for("desk.my_desk")


@blueprint.after_app_request
def add_headers(response: Response) -> Response:
    """Nothing inline, nothing framed, nothing sniffed, nothing of a person's pages kept by caches."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
