"""Reading settings."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.settings.models import Setting
from tracker.settings.rules import SETTINGS


class Settings:
    """All settings at one moment: ``settings["rules.at_once_days"]``."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self._stored = stored

    def __getitem__(self, key: str) -> Any:
        return self._stored.get(key, SETTINGS[key].default)


def load(session: Session) -> Settings:
    """All settings, in one query."""
    rows = session.execute(select(Setting.key, Setting.value))
    return Settings({key: json.loads(value) for key, value in rows})
