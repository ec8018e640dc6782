"""Places on the net, host and port, that a program may call."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Place:
    """A host by name or number, in small letters, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def place_of(address: str) -> Place:
    """The place that an address of http or https names; raises DomainError for anything else."""
    refusal = DomainError(_l("请填写以 http:// 或 https:// 开头的完整地址，不含空格和用户名。"), field="endpoint")
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError as error:
        raise refusal from error
    is_plain = address.isascii() and address.isprintable() and " " not in address
    is_web = parts.scheme in {"http", "https"}
    host = (parts.hostname or "").rstrip(".")
    if not (is_plain and is_web and port and host) or parts.username is not None or parts.fragment:
        raise refusal
    return Place(host, port)


def read_places(text: str) -> frozenset[Place]:
    """The places of a list, ``host:port`` divided by commas or blanks; raises DomainError for a wrong one."""
    return frozenset(_place(each) for each in re.split(r"[\s,，、;；]+", text) if each)


def _place(text: str) -> Place:
    host, _colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]").lower().rstrip(".")
    is_port = port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536
    if not is_port or not re.fullmatch(r"[a-z0-9._:-]+", host):
        raise DomainError(_l("“%(text)s”不是“主机:端口”，如 qyapi.weixin.qq.com:443。", text=text))
    return Place(host, int(port))
