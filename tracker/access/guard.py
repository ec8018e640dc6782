"""The guard of every route: no view is reached without an action that the person may do."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access.rules import Action, Actor, ensure_may

STRANGERS_BYTES = 16 << 20

View = TypeVar("View", bound=Callable[..., Any])


def allow(action: Action) -> Callable[[View], View]:
    """Say which action a route is for; a route without it is refused to everybody."""

    def mark(view: View) -> View:
        view.__dict__["allowed"] = action
        return view

    return mark


def present_actor() -> Actor:
    """The signed-in person as an Actor; nobody has no grants at all."""
    if current_user and current_user.is_authenticated:
        actor: Actor = current_user.actor
        return actor
    return Actor(None, "")


def limit_strangers() -> None:
    """Before anything of a body is read: whoever is not signed in may send words, but no floods."""
    if request.method == "POST" and not current_user.is_authenticated:
        request.max_content_length = STRANGERS_BYTES


def guard() -> Response | None:
    """Before each request: send strangers to the sign-in page, refuse what the table does not allow."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or (request.endpoint or "").rpartition(".")[2] == "static":
        return None
    action: Action = view.__dict__["allowed"]
    if action is Action.SIGN_IN:
        return None
    if not current_user.is_authenticated:
        # The room of accounts says how one signs in (org.views.signing_in).
        answer: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    ensure_may(present_actor(), action)
    return None
