"""The words for roles."""

from collections.abc import Mapping

from tracker.access.rules import Role
from tracker.core.i18n import lazy_gettext as _l

ROLES: Mapping[Role, object] = {
    Role.OFFICE: _l("整改办"),
    Role.LEADER: _l("领导"),
    Role.UNIT_HEAD: _l("单位负责人"),
    Role.LIAISON: _l("联络员"),
    Role.HANDLER: _l("经办人"),
    Role.VIEWER: _l("查阅"),
    Role.ADMINISTRATOR: _l("系统管理员"),
    Role.AUDITOR: _l("安全审计员"),
}
