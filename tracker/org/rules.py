"""What passwords, codes, sign-in names, unit names and unit lists must be, and who stands in whose way."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from tracker.access.rules import Actor, Role, UnitSet
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l

TRIES = 5
LOCK = timedelta(minutes=15)
TRIES_FORGOTTEN_AFTER = timedelta(days=1)
CODE_LIFE = timedelta(hours=24)
# Without the signs that are misread on paper: 0 O, 1 I L.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PASSWORD_MIN, PASSWORD_MAX = 10, 200
LOGIN_MAX, UNIT_NAME_MAX, UNIT_PATH_MAX, NAME_MAX = 40, 80, 800, 40

# Pairs of roles that one person should not hold together; allowed in a small office, but said aloud.
CLASHES = ((Role.ADMINISTRATOR, Role.OFFICE), (Role.ADMINISTRATOR, Role.AUDITOR))

_LOGIN = re.compile(r"[\w.@-]{2,40}")
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_INDENT = {"\t": 4, "\u3000": 2, " ": 1}


def login_key(typed: str) -> str:
    """The one spelling of a sign-in name: half-width, lower case, without space around it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def check_login(typed: str) -> str:
    """The sign-in name in its one spelling; raises DomainError when it can't be one."""
    login = login_key(typed)
    if not _LOGIN.fullmatch(login):
        raise DomainError(_l("账号须为 2 到 40 个字母、数字或汉字，可含 . _ - @，不能有空格。"), field="login")
    return login


def check_password(password: str, *, login: str) -> None:
    """Raise DomainError unless this may be somebody's own password."""
    if len(password) < PASSWORD_MIN:
        raise DomainError(_l("密码至少 %(min)d 个字符。", min=PASSWORD_MIN), field="new_password")
    if len(password) > PASSWORD_MAX:
        raise DomainError(_l("密码最多 %(max)d 个字符。", max=PASSWORD_MAX), field="new_password")
    if login_key(password) == login:
        raise DomainError(_l("密码不能与账号相同。"), field="new_password")


def code_key(typed: str) -> str:
    """A one-time code as it was made, however it was copied from paper."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()


def code_groups(code: str) -> str:
    """A one-time code as it is shown: ``ABCDE-FGHJK``."""
    return f"{code[:5]}-{code[5:]}"


def check_name(typed: str) -> str:
    """A person's name; raises DomainError when it is empty or too long."""
    name = typed.strip()
    if not name:
        raise DomainError(_l("请填写姓名。"), field="name")
    if len(name) > NAME_MAX:
        raise DomainError(_l("姓名“%(name)s”超过 40 个字。", name=name[:20]), field="name")
    return name


def check_mail(typed: str) -> None:
    """Raise DomainError unless this is empty or looks like one mail address."""
    if typed and not _MAIL.fullmatch(typed):
        raise DomainError(_l("这不是一个邮件地址。"), field="mail")


def check_unit_name(typed: str) -> str:
    """A unit's name; raises DomainError when it is empty, too long, or would be read as a path."""
    name = typed.strip()
    if not name:
        raise DomainError(_l("请填写单位名称。"), field="name")
    if len(name) > UNIT_NAME_MAX:
        message = _l("单位名称“%(name)s…”超过 %(max)d 个字。", name=name[:20], max=UNIT_NAME_MAX)
        raise DomainError(message, field="name")
    if "/" in name:
        raise DomainError(_l("单位名称中不能有“/”，它用来分隔上级和下级。"), field="name")
    return name


def path_of(name: str, *, parent_path: str) -> str:
    """The path of a unit below another; raises DomainError when the tree is too deep to write it down."""
    path = f"{parent_path}/{name}" if parent_path else name
    if len(path) > UNIT_PATH_MAX:
        raise DomainError(_l("单位层级过深，请减少层级或缩短名称。"), field="name")
    return path


def read_units(text: str, *, organ: str) -> list[tuple[str, ...]]:
    """The units of a typed list, each as its path below the organ, parents before children, each once.

    One unit per line; a sub-unit is indented below its unit or written ``上级/下级``. A line naming the organ
    itself is the organ. Raises DomainError naming the line.
    """
    found: dict[tuple[str, ...], None] = {}
    above: list[tuple[int, tuple[str, ...]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        names = tuple(part.strip() for part in re.split(r"[/／]", line) if part.strip())
        if not names:
            continue
        width = _indent(line)
        while above and above[-1][0] >= width:
            above.pop()
        path = (above[-1][1] if above else ()) + _checked(names, number)
        above.append((width, path))
        below = path[1:] if path[0] == organ else path
        for depth in range(1, len(below) + 1):
            found[below[:depth]] = None
    return list(found)


def _indent(line: str) -> int:
    blank = line[: len(line) - len(line.lstrip(" \t\u3000"))]
    return sum(_INDENT[sign] for sign in blank)


def _checked(names: Iterable[str], number: int) -> tuple[str, ...]:
    try:
        return tuple(check_unit_name(name) for name in names)
    except DomainError as error:
        message = _l("第 %(number)d 行：%(message)s", number=number, message=error.message)
        raise DomainError(message, field="units") from error


class Branch(Protocol):
    """What must be known of a unit to put it in its place."""

    id: int
    parent_id: int | None
    position: int
    pinyin: str


Tree = TypeVar("Tree", bound=Branch)


def tree_order(units: Collection[Tree]) -> Sequence[Tree]:
    """Units as a tree is read: each before what lies below it, sisters by position, then pinyin."""
    below: dict[int | None, list[Tree]] = {}
    for unit in sorted(units, key=lambda unit: (unit.position, unit.pinyin, unit.id), reverse=True):
        below.setdefault(unit.parent_id, []).append(unit)
    ordered: list[Tree] = []
    waiting = below.get(None, [])
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting += below.get(unit.id, [])
    return ordered


def clashes(roles: Collection[Role]) -> list[tuple[Role, Role]]:
    """The pairs of roles held together that should not be."""
    return [pair for pair in CLASHES if set(pair) <= set(roles)]


def managed_units(actor: Actor) -> UnitSet:
    """The units whose people and sub-units this administrator manages."""
    return actor.units((Role.ADMINISTRATOR,))


SUBSTITUTE_DAYS_MAX = 366
# What a substitute never gets of the absent person's roles, and whoever holds them never stands in for anybody:
# whoever keeps the system, or watches it, does no business of others.
NOT_PASSED_ON = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def check_days_of(since: date, until: date, *, today: date) -> None:
    """A substitution ends after it begins, not in the past, and within a year."""
    if until < since:
        raise DomainError(_l("结束日期早于开始日期。"), field="until")
    if until < today:
        raise DomainError(_l("结束日期已过。"), field="until")
    if (until - since).days >= SUBSTITUTE_DAYS_MAX:
        raise DomainError(_l("代理最长一年。"), field="until")


def check_stands_in(*, is_self: bool, can_sign_in: bool, roles: Collection[str]) -> None:
    """Raise DomainError for somebody who cannot stand in for the absent person."""
    if is_self:
        raise DomainError(_l("不能由本人代理自己。"), field="substitute")
    if not can_sign_in:
        raise DomainError(_l("代理人还没有账号，或账号已停用。"), field="substitute")
    if NOT_PASSED_ON & set(roles):
        raise DomainError(_l("系统管理员和安全审计员不能代理他人的业务。"), field="substitute")
