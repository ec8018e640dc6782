"""People whom a rule names, found by what was typed."""

from collections.abc import Sequence

from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries as org
from tracker.org.models import Person


def people_named(names: Sequence[str]) -> list[int]:
    """The ids of the people with these names; of namesakes the one with an account.

    Raises DomainError for a name nobody bears, one without an account, and one that several with an account bear.
    """
    session = db.session()
    return [_only_one(name, org.list_namesakes(session, name)) for name in names]


def _only_one(name: str, found: Sequence[Person]) -> int:
    if not found:
        raise DomainError(_l("没有叫“%(name)s”的人，请先在“人员”里增加。", name=name), field="people")
    able = [person for person in found if person.account is not None and person.account.is_active]
    if not able:
        message = _l("%(names)s 没有可用的账号，收不到提醒；请先为其开通账号，或另选一人。", names=name)
        raise DomainError(message, field="people")
    if len(able) > 1:
        raise DomainError(_l("有几个人叫“%(name)s”，请改由其角色提醒。", name=name), field="people")
    return able[0].id
