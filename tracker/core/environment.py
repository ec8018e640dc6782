"""What an installation is told by its environment. Every setting is looked at before anything is done with it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path, PurePath
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Value = TypeVar("Value")

SECRET_CHARACTERS = 16
CODE_CHARACTERS = 8
MOST_PORT = 65_535


class WrongSettings(RuntimeError):
    """Settings that cannot be followed: which ones, and how they are written. Names no secret."""

    def __init__(self, faults: list[str]) -> None:
        head = "设置有误，没有启动 / wrong settings, nothing was started:"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in faults)]))


@dataclass(frozen=True)
class Kind(Generic[Value]):
    """How a setting is read, and written; ``read`` raises ValueError, KeyError or OSError. A secret is not shown.

    What is left empty is as if it were not told, but where an empty list says something.
    """

    read: Callable[[str], Value]
    written: str
    is_shown: bool = True
    can_be_empty: bool = False


class Environment:
    """Reads settings by their names. ``close`` raises WrongSettings that tells of all that were wrong."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told
        self._faults: list[str] = []

    def get(self, name: str, kind: Kind[Value], default: str = "") -> Value:
        """The value of a setting; nothing usable when it was wrong, so close before you use it."""
        text = self._told.get(name, default).strip()
        if not (text or kind.can_be_empty):
            text = default
        try:
            return kind.read(text)
        except (ValueError, KeyError, OSError) as error:
            why = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
            self._faults.append(f"{name}{f'={text}' if kind.is_shown else ''}: {kind.written}{why}")
            nothing: Any = None
            return nothing  # type: ignore[no-any-return]

    def need(self, name: str, why: str) -> str:
        """Any words, but some."""
        text = self._told.get(name, "").strip()
        if not text:
            self._faults.append(f"{name}: {why}")
        return text

    def close(self) -> None:
        """Raise WrongSettings if any was."""
        if self._faults:
            raise WrongSettings(self._faults)


def one_of(*words: str) -> Kind[str]:
    """One of some words; the empty one stands for itself."""
    shown = ", ".join(word for word in words if word)
    # Looking for its place is what refuses any other.
    return Kind(lambda text: words[words.index(text)], f"只能写 {shown} / must be one of {shown}")


def up_to(most: int, *, least: int = 0) -> Kind[int]:
    """A whole number, both ends included."""

    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError
        return number

    return Kind(read, f"应为 {least} 至 {most} 的整数 / must be a whole number from {least} to {most}")


def _networks(text: str) -> str:
    for each in text.split(",") if text else ():
        ip_network(each.strip(), strict=False)
    return text


def _secret(text: str) -> str:
    if text and len(text) < SECRET_CHARACTERS:
        raise ValueError
    return text


def _code(text: str) -> str:
    # Only these count where it is typed.
    if text and sum(sign.isalnum() for sign in text) < CODE_CHARACTERS:
        raise ValueError
    return text


def _database(text: str) -> str:
    if text.startswith(("postgres://", "postgresql://")):
        text = "postgresql+psycopg://" + text.split("://", 1)[1]
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError from error
    # What follows an @ that is not written as %40 would be taken for the host, and be shown as such.
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database or "@" in (url.host or ""):
        raise ValueError
    if (url.port or 1) > MOST_PORT:
        raise ValueError
    # Flask-SQLAlchemy counts a relative one from a folder of its own, everything else from where it was started.
    if url.drivername == "sqlite" and not PurePath(url.database).is_absolute():
        raise ValueError
    return text


def _store(text: str) -> str:
    url = urlsplit(text)
    # Asking for a port that can be none raises ValueError.
    _port = url.port
    if text and (url.scheme not in {"http", "https"} or not url.hostname or not url.path.strip("/") or url.username):
        raise ValueError
    return text


def _folder(text: str) -> Path:
    path = Path(text).resolve()
    path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied")
    return path


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not 1 <= int(port) <= MOST_PORT:
        raise ValueError
    return host.strip("[]"), int(port)


TEXT = Kind(str, "")
SWITCH = one_of("", "0", "1")
SECONDS = Kind(float, "应为秒数 / must be a number of seconds")
ZONE = Kind(
    lambda text: ZoneInfo(text).key,
    "没有这个时区，应写成 Asia/Shanghai 这样 / no such zone; written like Asia/Shanghai",
)
NETWORKS = Kind(
    _networks,
    "应为地址或网段，以逗号隔开 / must be addresses or networks with commas between: 127.0.0.1,10.0.0.0/8",
    can_be_empty=True,
)
SECRET = Kind(
    _secret, f"至少 {SECRET_CHARACTERS} 个字符 / must have at least {SECRET_CHARACTERS} characters", is_shown=False
)
CODE = Kind(
    _code,
    f"至少 {CODE_CHARACTERS} 个字母或数字 / must have at least {CODE_CHARACTERS} letters or digits",
    is_shown=False,
)
WORKERS = up_to(256, least=1)
DATABASE = Kind(
    _database,
    "应写成 postgresql://用户:密码@主机:端口/数据库（密码中的 @ 写成 %40），或 sqlite:/// 加完整路径，"
    "如 sqlite:////文件夹/文件 / must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in the "
    "password, or sqlite:/// and a whole path: sqlite:////FOLDER/FILE",
    is_shown=False,
)
STORE = Kind(_store, "应写成 https://主机:端口/桶/前缀 / must be https://HOST[:PORT]/BUCKET[/PREFIX]", is_shown=False)
FOLDER = Kind(_folder, "文件夹不能建立或写入 / a folder that cannot be made or written to")
ADDRESS = Kind(_address, f"应写成 主机:端口 / must be HOST:PORT, with a port from 1 to {MOST_PORT}")
