"""Changing settings."""

import json
from collections.abc import Mapping
from typing import Any

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.settings.models import Setting
from tracker.settings.queries import load
from tracker.settings.rules import SETTINGS, Kind, read


def change(typed: Mapping[str, Any], *, actor: Actor) -> None:
    """Check and store the given settings; an empty secret leaves the stored one alone.

    Raises DomainError for the first that can't be read, and then nothing is stored. Secrets do not reach the trail.
    """
    ensure_may(actor, Action.MANAGE_SETTINGS)
    put({key: read(SETTINGS[key], value) for key, value in typed.items()}, actor=actor)


def put(values: Mapping[str, Any], *, actor: Actor) -> None:
    """Store checked values and note what changed."""
    session = db.session()
    before = load(session)
    for key, value in values.items():
        is_secret = SETTINGS[key].kind is Kind.SECRET
        if value == before[key] or (is_secret and not value):
            continue
        session.merge(Setting(key=key, value=json.dumps(value, ensure_ascii=False)))
        if is_secret:
            record(actor, "change_setting", key)
        else:
            record(actor, "change_setting", key, before=before[key], after=value)
