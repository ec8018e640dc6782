"""Refusing a save that was filled in against an older version."""

from collections.abc import Mapping
from typing import Any, Protocol

from tracker.core.errors import Stale
from tracker.core.i18n import lazy_gettext as _l


class Versioned(Protocol):
    """A row with a version counter."""

    version: int


def check_version(
    row: Versioned, seen: int | None, *, typed: Mapping[str, Any] | None = None, stored: Mapping[str, Any] | None = None
) -> None:
    """Raise Stale, carrying both texts, unless ``seen`` is the row's version; None (scripts) is not checked."""
    if seen is not None and seen != row.version:
        message = _l("您打开页面之后，别人已经修改了这条记录。您填写的内容都在下面，请对照后再提交。")
        raise Stale(message, typed=typed or {}, stored=stored or {})
