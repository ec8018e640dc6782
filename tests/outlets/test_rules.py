"""What is posted to robots and gateways, how it is signed, where it may go, what an answer means."""

import json

import pytest

from tracker.core.errors import DomainError
from tracker.core.places import Place, place_of, read_places
from tracker.outlets.rules import (
    BODIES,
    TEXT_BYTES,
    Kind,
    check_address,
    check_place,
    cut,
    fill,
    is_phone,
    is_taken,
    plain_phone,
    read_body,
    sign,
)

VALUES = dict.fromkeys(("text", "phone", "count", "numbers", "organ", "id"), "x")


def signed(kind: Kind, endpoint: str = "https://gate.example/hook", secret: str = "this is secret") -> tuple[str, dict]:
    call = sign(kind, endpoint, secret, {"text": "3 个事项"}, message_id="m1", seconds=1700000000.0)
    return call.path, {**call.headers, "body": call.body.decode()}


def test_dingtalk_puts_milliseconds_and_the_quoted_signature_into_the_address() -> None:
    path, told = signed(Kind.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=abc")
    # Reckoned by `openssl dgst -sha256 -hmac "this is secret" -binary | base64` from the text and a line break.
    expected = "sSFWELbV2YwjdDQhWZwTcWlX5BWUx5J6TPpsZmuPii0%3D"
    assert path == f"/robot/send?access_token=abc&timestamp=1700000000000&sign={expected}"
    assert told["body"] == '{"text": "3 个事项"}'


def test_feishu_puts_seconds_and_a_signature_of_nothing_into_the_body() -> None:
    path, told = signed(Kind.FEISHU)
    assert path == "/hook"
    assert json.loads(told["body"]) == {
        "timestamp": "1700000000",
        "sign": "OfGzRzoUICBOoc8wVra1e4A1hPfbZ9zqXozA8CWVUuY=",
        "text": "3 个事项",
    }


def test_wecom_signs_nothing_because_its_address_is_the_secret() -> None:
    path, told = signed(Kind.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "")
    assert (path, set(told)) == ("/cgi-bin/webhook/send?key=abc", {"Content-Type", "body"})


def test_a_gateway_is_signed_as_standard_webhooks_says() -> None:
    # The example of the specification: id, timestamp, body and secret with their signature.
    body = {"test": 2432232314}
    call = sign(
        Kind.SMS,
        "http://10.1.2.3:8080/send",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        body,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        seconds=1614265330,
    )
    assert call.headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert call.headers["webhook-timestamp"] == "1614265330"
    assert call.body == b'{"test": 2432232314}'
    assert call.headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("kind", [Kind.DINGTALK, Kind.FEISHU, Kind.SMS])
def test_without_a_secret_nothing_is_signed(kind: Kind) -> None:
    path, told = signed(kind, secret="")
    assert "sign" not in path + str(told)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_preset_is_a_body_that_can_be_filled(kind: Kind) -> None:
    body = fill(read_body(kind, BODIES[kind]), {**VALUES, "text": '他说"{phone}"\n换行'})
    assert '他说"{phone}"\n换行' in json.dumps(body, ensure_ascii=False).replace('\\"', '"').replace("\\n", "\n")


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (Kind.WECOM, '{"text": "{text}"', "JSON"),
        (Kind.WECOM, '["{text}"]', "JSON 对象"),
        (Kind.WECOM, "[" * 100_000, "JSON"),
        (Kind.WECOM, '{"text": "{text}{nmae}"}', "{nmae}"),
        (Kind.WECOM, '{"text": "{text} {}"}', "{}"),
        (Kind.WECOM, '{"text": "{text.__class__}"}', "{text.__class__}"),
        (Kind.WECOM, '{"text": "{count}"}', "{text}"),
        (Kind.WECOM, '{"text": "{text}\\ud800"}', "JSON"),
        (Kind.WECOM, '{"text": "{text}", "n": NaN}', "JSON"),
        (Kind.WECOM, '{"text": "{text}", "n": 1e999}', "JSON"),
        (Kind.SMS, '{"content": "{text}"}', "{phone}"),
        (Kind.SMS, '{"a": [{"b": "{phone}"}]}', "{text}"),
    ],
)
def test_a_body_that_could_not_be_filled_is_refused_when_it_is_written(kind: Kind, text: str, words: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_body(kind, text)
    assert words in str(refusal.value)
    assert refusal.value.field == "body"


@pytest.mark.parametrize(
    ("endpoint", "place"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a", "qyapi.weixin.qq.com:443"),
        ("http://10.1.2.3:8080/sms", "10.1.2.3:8080"),
        ("http://GATE.example", "gate.example:80"),
        ("http://[fd00::1]:81/", "[fd00::1]:81"),
    ],
)
def test_an_address_names_its_place(endpoint: str, place: str) -> None:
    assert str(place_of(endpoint)) == place
    assert read_places(f" a.example:1，{place}\n") == {Place("a.example", 1), place_of(endpoint)}


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "qyapi.weixin.qq.com",
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https://.../x",
        "https://u:p@a.example/",
        "https://a.example:99999/",
        "https://a.example/\r\nX: y",
        "https://a.example/ b",
        "https://[::1/",
        "https://a.example/#x",
        "https://例子.example/",
    ],
)
def test_what_is_no_plain_address_is_refused(endpoint: str) -> None:
    with pytest.raises(DomainError):
        place_of(endpoint)


@pytest.mark.parametrize(
    "text", ["a.example", "a.example:0", "a.example:70000", "https://a.example:443", ":443", "a b:x"]
)
def test_a_wrong_entry_of_the_allow_list_is_named(text: str) -> None:
    with pytest.raises(DomainError):
        read_places(text)


def test_what_is_not_listed_is_refused_by_host_and_by_port() -> None:
    allowed = read_places("gate.example:443")
    check_place(place_of("https://gate.example/x"), allowed)
    for endpoint in ("https://other.example/", "https://gate.example:8443/", "http://gate.example/"):
        with pytest.raises(DomainError, match="允许访问"):
            check_place(place_of(endpoint), allowed)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.9.9.9", "::1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0", "::ffff:127.0.0.1", "::"]
)
def test_a_listed_name_may_not_stand_for_this_machine_or_its_wire(address: str) -> None:
    place = Place("gate.example", 443)
    with pytest.raises(DomainError, match="本机"):
        check_address(address, place, {place})


def test_private_addresses_are_what_an_intranet_is_made_of_and_loopback_may_be_listed_itself() -> None:
    place = Place("gate.example", 443)
    for address in ("10.1.2.3", "192.168.1.5", "fd00::1"):
        check_address(address, place, {place})
    check_address("127.0.0.1", Place("127.0.0.1", 8080), read_places("127.0.0.1:8080"))


@pytest.mark.parametrize(
    ("kind", "status", "answer", "taken"),
    [
        (Kind.WECOM, 200, b'{"errcode":0,"errmsg":"ok"}', True),
        (Kind.WECOM, 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', False),
        (Kind.DINGTALK, 200, b'{"errcode":310000,"errmsg":"sign not match"}', False),
        (Kind.FEISHU, 200, b'{"code":0,"msg":"success"}', True),
        (Kind.FEISHU, 200, b'{"StatusCode":0,"StatusMessage":"success"}', True),
        (Kind.FEISHU, 200, b'{"code":19021,"msg":"sign match fail"}', False),
        (Kind.FEISHU, 200, b"<html>sign in</html>", False),
        (Kind.WECOM, 200, b"[]", False),
        (Kind.SMS, 202, b"", True),
        (Kind.SMS, 302, b"", False),
        (Kind.SMS, 500, b"{}", False),
    ],
)
def test_an_answer_is_read_as_its_maker_means_it(kind: Kind, status: int, answer: bytes, taken: bool) -> None:
    assert is_taken(kind, status, answer) is taken


def test_a_long_text_is_cut_between_characters() -> None:
    text = cut("整改" * 1000)
    assert (len(text.encode()) <= TEXT_BYTES, text[-1]) == (True, "…")
    assert cut("短") == "短"


@pytest.mark.parametrize(
    ("typed", "is_one"), [("138-0013 8000", True), ("+86 13800138000", True), ("8101转2", False), ("", False)]
)
def test_a_phone_number_is_known_with_its_blanks_and_dashes(typed: str, is_one: bool) -> None:
    assert is_phone(plain_phone(typed)) is is_one
