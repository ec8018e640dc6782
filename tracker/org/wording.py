"""The words for roles."""

from collections.abc import Mapping
from typing import Any

from tracker.access.rules import Role
from tracker.core.i18n import lazy_gettext as _l

# In the order in which they are most often granted.
ROLES: Mapping[Role, object] = {
    Role.LIAISON: _l("联络员"),
    Role.UNIT_HEAD: _l("单位负责人"),
    Role.HANDLER: _l("经办人"),
    Role.LEADER: _l("领导"),
    Role.OFFICE: _l("整改办"),
    Role.VIEWER: _l("查阅"),
    Role.ADMINISTRATOR: _l("系统管理员"),
    Role.AUDITOR: _l("安全审计员"),
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a role in the trail."""
    return ROLES[Role(value)] if key == "role" and value in set(Role) else None
