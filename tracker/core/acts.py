"""One act of a form page: checked, carried out in one transaction, its refusal shown in the form."""

from collections.abc import Callable
from typing import Any

from flask import flash

from tracker.core.db import writing
from tracker.core.errors import AlreadyThere, DomainError, Forbidden, NotFound, Stale
from tracker.core.forms import Form

DONE = 303


def submit(
    form: Form,
    act: Callable[..., object],
    *,
    done: str | Callable[[Any], str],
    prepare: Callable[[], Any] | None = None,
) -> int:
    """Carry out what was submitted; the status to answer with: 303 when it is done, 200 when nothing was submitted.

    ``done`` tells what was done; a function makes it from what ``act`` answers. ``prepare`` is slow work before the
    transaction; what it gives is handed to ``act``. A refusal becomes the form's; what belongs on a page of its own
    (out of reach, not allowed, stale) is raised.
    """
    if not form.is_submitted():
        return 200
    if not form.validate():
        return DomainError.status
    try:
        prepared = (prepare(),) if prepare else ()
        with writing():
            answer = act(*prepared)
    except AlreadyThere as error:
        flash(str(error), "info")
        return DONE
    except (Forbidden, NotFound, Stale):
        raise
    except DomainError as error:
        form.refuse(error)
        return error.status
    flash(done(answer) if callable(done) else done, "success")
    return DONE
