"""What was typed into a form whose session had ended from idleness: carried through the sign-in page, stored nowhere.

The sign-in page holds it as a signed text that names the person. After that person has signed in, it is shown with a
button that sends it; nothing is sent by itself, and to anybody else it is nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from tracker.core.addresses import is_own
from tracker.core.forms import is_secret

KEPT_SECONDS = 12 * 3600
# A sign-in page larger than this would not come back whole; then the person begins anew.
TOKEN_MAX = 4 << 20


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, and each field with what stood in it, in order."""

    to: str
    fields: Sequence[tuple[str, str]]
    had_files: bool


def note_idle(person_id: int) -> None:
    """Remember for the rest of this request whose session has just ended."""
    g.idle_person_id = person_id


def keep() -> str:
    """The present request's form, sealed for the person whose session has just ended; empty when there is nothing.

    Passwords, codes and files are left out.
    """
    person_id = g.get("idle_person_id")
    to = request.full_path.rstrip("?")
    if request.method != "POST" or person_id is None or not is_own(to):
        return ""
    fields = [each for each in request.form.items(multi=True) if each[0] != "csrf_token" and not is_secret(each[0])]
    if not any(text.strip() for _name, text in fields):
        return ""
    had_files = any(file.filename for file in request.files.values())
    sealed = str(_sealer().dumps([person_id, to, fields, had_files]))
    return sealed if len(sealed) <= TOKEN_MAX else ""


def read(sealed: str, *, person_id: int) -> Kept | None:
    """What was sealed for this person; None for anybody else, for what was tampered with, and after half a day."""
    try:
        owner_id, to, fields, had_files = _sealer().loads(sealed, max_age=KEPT_SECONDS)
    except BadData:
        return None
    return Kept(to, [(name, text) for name, text in fields], had_files) if owner_id == person_id else None


def _sealer() -> URLSafeTimedSerializer:
    key = current_app.secret_key
    assert key is not None
    return URLSafeTimedSerializer(key, salt="a form kept over the end of a session")
