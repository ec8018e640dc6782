"""Kinds of outside channels, their bodies, signatures and answers, and the list of places that may be called.

The formats are those the makers publish. 企业微信: the key in the address is the secret, nothing is signed. 钉钉 加签:
``timestamp`` (milliseconds) and ``sign`` are added to the address, the signature is of ``timestamp\\nsecret`` under the
secret. 飞书 签名校验: ``timestamp`` (seconds) and ``sign`` stand in the body, the signature is of nothing under
``timestamp\\nsecret``. Gateways and other receivers are signed as Standard Webhooks says.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import quote_plus, urlsplit

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.places import Place

NAME_MAX, ENDPOINT_MAX, SECRET_MAX, BODY_MAX = 40, 500, 200, 4000
ANSWER_BYTES = 4096
# Looking up the name; then connecting, sending and reading. Together less than half the lease of a message.
LOOKUP_SECONDS = 10
CALL_SECONDS = 20
# A message that is too long is refused by all of them; 企业微信 takes 2,048 bytes of text.
TEXT_BYTES = 2000


class Kind(StrEnum):
    """Whose format a channel speaks."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SMS = "sms"


KIND_LABELS: Mapping[Kind, object] = {
    Kind.WECOM: _l("企业微信群机器人"),
    Kind.DINGTALK: _l("钉钉群机器人（加签）"),
    Kind.FEISHU: _l("飞书群机器人（签名校验）"),
    Kind.SMS: _l("短信网关"),
}
ROBOTS = frozenset({Kind.WECOM, Kind.DINGTALK, Kind.FEISHU})
# The robots that sign; the secret of 企业微信 is the key in its address.
SIGNING = frozenset({Kind.DINGTALK, Kind.FEISHU, Kind.SMS})

BODIES: Mapping[Kind, str] = {
    Kind.WECOM: '{"msgtype": "text", "text": {"content": "{text}"}}',
    Kind.DINGTALK: '{"msgtype": "text", "text": {"content": "{text}"}}',
    Kind.FEISHU: '{"msg_type": "text", "content": {"text": "{text}"}}',
    Kind.SMS: '{"id": "{id}", "mobile": "{phone}", "content": "{text}"}',
}

# What a body may name, and what it stands for.
NAMES: Mapping[str, object] = {
    "text": _l("消息正文"),
    "phone": _l("收件人手机号"),
    "count": _l("事项个数"),
    "numbers": _l("事项编号"),
    "organ": _l("机关简称"),
    "id": _l("消息标识，重发时不变"),
}
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(ROBOTS, ("text",)),
    Kind.SMS: ("text", "phone"),
}
_NAME = re.compile(r"\{([^{}]*)\}")
_PHONE = re.compile(r"\+?\d{5,20}")


def is_phone(text: str) -> bool:
    """Whether this is one number that can be sent to; spaces and dashes have been taken out."""
    return _PHONE.fullmatch(text) is not None


def plain_phone(text: str) -> str:
    """A phone number without spaces and dashes."""
    return re.sub(r"[\s()（）-]", "", text)


def check_place(place: Place, allowed: Collection[Place]) -> None:
    """Raise DomainError for a place that the administrator has not listed."""
    if place not in allowed:
        message = _l("%(place)s 不在“允许访问的外部地址”中。请先在“设置”里加上它。", place=str(place))
        raise DomainError(message, field="endpoint")


def check_address(address: str, place: Place, allowed: Collection[Place]) -> None:
    """Raise DomainError when a listed name stands for this machine or its own wire, unless that address is listed."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    is_near = found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast
    if is_near and Place(str(found), place.port) not in allowed:
        raise DomainError(_l("%(place)s 指向本机或链路地址，已拒绝。", place=str(place)), field="endpoint")


def read_body(kind: Kind, text: str) -> Any:
    """The body a text stands for; raises DomainError for what is no JSON, or names too little or what is not there."""
    try:
        body = json.loads(text)
        # What can be read but not written, half a character or no number, would fail at every sending.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise DomainError(_l("正文模板不是有效的 JSON：%(why)s", why=str(error)), field="body") from error
    if not isinstance(body, dict):
        raise DomainError(_l("正文模板须是一个 JSON 对象，即写在一对花括号里。"), field="body")
    named = set(_named(body))
    if unknown := sorted(named - set(NAMES)):
        message = _l(
            "正文模板里的 {%(name)s} 没有对应的内容。可以用：%(names)s。", name=unknown[0], names=_braced(NAMES)
        )
        raise DomainError(message, field="body")
    if missing := [name for name in NEEDED[kind] if name not in named]:
        raise DomainError(_l("正文模板里缺少 %(names)s，消息发不出去。", names=_braced(missing)), field="body")
    return body


def _braced(names: Collection[str]) -> str:
    return "、".join(f"{{{name}}}" for name in names)


def _named(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for each in value.values() for name in _named(each)]
    if isinstance(value, list):
        return [name for each in value for name in _named(each)]
    return _NAME.findall(value) if isinstance(value, str) else []


def fill(body: Any, values: Mapping[str, str]) -> Any:
    """The body with names replaced by values, once: what a value holds is never read as a name."""
    if isinstance(body, dict):
        return {key: fill(each, values) for key, each in body.items()}
    if isinstance(body, list):
        return [fill(each, values) for each in body]
    if isinstance(body, str):
        return _NAME.sub(lambda match: values[match[1]], body)
    return body


def cut(text: str, limit: int = TEXT_BYTES) -> str:
    """A text of at most so many bytes, cut between characters and then marked so."""
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "…"


@dataclass(frozen=True)
class Call:
    """What is posted: the part of the address behind the place, headers, body."""

    path: str
    headers: Mapping[str, str]
    body: bytes


def sign(kind: Kind, endpoint: str, secret: str, body: Mapping[str, Any], *, message_id: str, seconds: float) -> Call:
    """The call that carries a body at an instant (seconds since 1970), signed as its maker wants it."""
    parts = urlsplit(endpoint)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if kind is Kind.DINGTALK and secret:
        stamp = str(round(seconds * 1000))
        signature = quote_plus(_mac(secret, f"{stamp}\n{secret}"))
        path += f"{'&' if parts.query else '?'}timestamp={stamp}&sign={signature}"
    if kind is Kind.FEISHU and secret:
        stamp = str(int(seconds))
        body = {"timestamp": stamp, "sign": _mac(f"{stamp}\n{secret}", ""), **body}
    raw = json.dumps(body, ensure_ascii=False).encode()
    if kind is Kind.SMS:
        stamp = str(int(seconds))
        headers |= {"webhook-id": message_id, "webhook-timestamp": stamp}
        if secret:
            headers["webhook-signature"] = f"v1,{_mac(_key(secret), f'{message_id}.{stamp}.'.encode() + raw)}"
    return Call(path, headers, raw)


def _mac(key: str | bytes, text: str | bytes) -> str:
    raw_key, raw = (each.encode() if isinstance(each, str) else each for each in (key, text))
    return base64.b64encode(hmac.new(raw_key, raw, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    """The key of a Standard Webhooks secret: base64 behind ``whsec_``, any other text as it is."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            return secret.encode()
    return secret.encode()


def is_taken(kind: Kind, status: int, answer: bytes) -> bool:
    """Whether the answer means that the message was taken; robots answer 200 also when they refuse."""
    if not 200 <= status < 300:
        return False
    if kind not in ROBOTS:
        return True
    try:
        told = json.loads(answer)
    except ValueError:
        return False
    names = ("code", "StatusCode") if kind is Kind.FEISHU else ("errcode",)
    return isinstance(told, dict) and any(told.get(name) == 0 for name in names)


def values(text: str, phone: str, numbers: Collection[str], organ: str, message_id: str) -> dict[str, str]:
    """What the names of a body stand for in one message."""
    return {
        "text": cut(text),
        "phone": plain_phone(phone),
        "count": str(len(numbers)),
        "numbers": cut("、".join(numbers)),
        "organ": organ,
        "id": message_id,
    }
