"""Reading settings."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.settings.models import Setting
from tracker.settings.rules import SETTINGS, Kind


class Settings:
    """All settings at one moment: ``settings["rules.at_once_days"]``."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self._stored = stored

    def __getitem__(self, key: str) -> Any:
        return self._stored.get(key, SETTINGS[key].default)

    @property
    def fingerprint(self) -> str:
        """Changes with every setting but the secret ones."""
        plain = {key: self[key] for key, each in SETTINGS.items() if each.kind is not Kind.SECRET}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


KNOWN = "settings_of_this_transaction"


def load(session: Session) -> Settings:
    """All settings, in one query for a whole transaction: page and frame read the same ones."""
    known: tuple[object, Settings] | None = session.info.get(KNOWN)
    if known is not None and known[0] is session.get_transaction():
        return known[1]
    return keep(session, [(key, value) for key, value in session.execute(select(Setting.key, Setting.value))])


def keep(session: Session, rows: Iterable[tuple[str, str]]) -> Settings:
    """All settings from rows of key and value that were read beside something else, for the rest of the transaction."""
    settings = Settings({key: json.loads(value) for key, value in rows})
    session.info[KNOWN] = (session.get_transaction(), settings)
    return settings
