"""Addresses that came with a request: where they may lead, and what of them is never believed."""

from urllib.parse import urlsplit

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, IntegerConverter, Map, UnicodeConverter
from werkzeug.utils import cached_property

from tracker.core.forms import CONTROL

# As many digits as both databases take for the id of a row, whichever they are.
ID_DIGITS = 9


class Request(flask.Request):
    """A request whose query holds nothing but what was typed.

    Control characters are dropped, and so are the names by which ``url_for`` is told another scheme, host or method:
    pages write their own address with a few changes into links.
    """

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query, safe to search by and to write into links."""
        sent = super().args.items(multi=True)
        kept = [(name, CONTROL.sub("", text)) for name, text in sent if name != "endpoint" and name[:1] != "_"]
        return self.parameter_storage_class(kept)


class _RowId(IntegerConverter):
    """A number in a path that may be an id; a larger one is nothing's address.

    The pattern says so, not ``to_python``: what only that refuses is answered as a wrong method where another rule of
    the same path takes one.
    """

    regex = f"[0-9]{{1,{ID_DIGITS}}}"


class _Text(UnicodeConverter):
    """A text in a path; with control characters in it, it is nothing's address: neither database can hold them."""

    regex = f"(?:(?!{CONTROL.pattern})[^/])+"
    part_isolating = True

    def __init__(self, map: Map) -> None:
        """Of no other length than the pattern's."""
        BaseConverter.__init__(self, map)


def guard_addresses(app: flask.Flask) -> None:
    """Let the application read paths and queries by these rules; before any route is added."""
    app.request_class = Request
    app.url_map.converters |= {"int": _RowId, "string": _Text, "default": _Text}


def asks_for_part() -> bool:
    """Whether an open page asks, by script, for a part of itself: what is answered is put into that page."""
    return "HX-Request" in flask.request.headers


def read_id(typed: object) -> int | None:
    """The id that a text names; None for anything that can't be one."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS else None


def is_own(address: str) -> bool:
    """Whether an address stays on this site whatever a browser makes of it."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or CONTROL.search(address):
        return False
    if any(sign in address for sign in "\t\r\n"):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
