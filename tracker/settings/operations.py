"""Changing settings."""

import json
from collections.abc import Mapping
from typing import Any

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.audit.queries import get_head
from tracker.core.db import db
from tracker.core.errors import Stale
from tracker.core.i18n import lazy_gettext as _l
from tracker.settings.models import Setting
from tracker.settings.queries import KNOWN, load
from tracker.settings.rules import SETTINGS, Kind, read


def change(typed: Mapping[str, Any], *, actor: Actor, seen: str | None = None) -> None:
    """Check and store the given settings; an empty secret leaves the stored one alone.

    ``seen`` is the fingerprint of what the person saw; None (scripts) is not checked. Raises DomainError for the
    first that can't be read, and then nothing is stored. Secrets do not reach the trail.
    """
    ensure_may(actor, Action.MANAGE_SETTINGS)
    # Of two who save at once the second waits here, and then sees what the first one stored.
    get_head(db.session(), lock=True)
    _refuse_stale(typed, seen)
    put({key: read(SETTINGS[key], value) for key, value in typed.items()}, actor=actor)


def _refuse_stale(typed: Mapping[str, Any], seen: str | None) -> None:
    stored = load(db.session())
    if seen is None or seen == stored.fingerprint:
        return
    shown = {key: str(SETTINGS[key].label) for key in typed if SETTINGS[key].kind is not Kind.SECRET}
    changed = {key: label for key, label in shown.items() if str(typed[key]) != str(stored[key])}
    raise Stale(
        _l("您打开页面之后，别人已经修改了设置。您填写的内容都在下面，请对照后再提交。"),
        typed={label: typed[key] for key, label in changed.items()},
        stored={label: stored[key] for key, label in changed.items()},
    )


def put(values: Mapping[str, Any], *, actor: Actor) -> None:
    """Store checked values and note what changed."""
    session = db.session()
    before = load(session)
    session.info.pop(KNOWN)
    for key, value in values.items():
        is_secret = SETTINGS[key].kind is Kind.SECRET
        if value == before[key] or (is_secret and not value):
            continue
        session.merge(Setting(key=key, value=json.dumps(value, ensure_ascii=False)))
        if is_secret:
            record(actor, "change_setting", key)
        else:
            record(actor, "change_setting", key, before=before[key], after=value)
