"""Decisions on paper that the office enters (代录): what a paper must tell, in every room that takes one."""

from collections.abc import Mapping
from datetime import date

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l


def check_signed(*, has_person: bool, body: str) -> None:
    """A paper names one who decided: a person of the roster, or else a body."""
    if has_person == bool(body.strip()):
        raise DomainError(_l("请写明是谁决定的：填一位领导的姓名，或填作出决定的会议、机构。"), field="decider")


def check_dated(on: date, *, today: date, floors: Mapping[object, date | None], field: str) -> None:
    """A paper lies not in the future, and not before any of the days told by ``floors`` (words to day, if any)."""
    if on > today:
        raise DomainError(_l("纸上的日期晚于今天，请核对。"), field=field)
    for words, day in floors.items():
        if day is not None and on < day:
            raise DomainError(_l("纸上的日期早于%(what)s（%(day)s），请核对。", what=words, day=day), field=field)
