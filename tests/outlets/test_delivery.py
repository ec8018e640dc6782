"""From the queue to a work group or a telephone: number and count only, once, and holding up nobody else."""

import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from factories import a_source, a_unit, an_account, an_issued_item
from flask import Flask

from tests.outbox.sinks import send_at_any_hour, use_mail
from tests.outbox.trials import a_reader, messages, queue, states
from tests.outlets.gates import Gate, allow, open_gate
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import remind
from tracker.org.models import Account, Person
from tracker.outbox.models import Message
from tracker.outbox.rules import LEASE, Channel, MessageState, Skip
from tracker.outlets import channels, operations, queries
from tracker.outlets.models import Outlet
from tracker.outlets.operations import Details
from tracker.outlets.rules import BODIES, CALL_SECONDS, LOOKUP_SECONDS, Kind
from tracker.reminders.groups import queue_group_digests

DAY = date(2026, 6, 10)
NOON = clock.instant_at(DAY, 12)
PHONE = "138-0013-8000"


@pytest.fixture
def gate(app: Flask) -> Iterator[Gate]:
    send_at_any_hour()
    with open_gate() as gate:
        allow(f"127.0.0.1:{gate.port}")
        yield gate


def an_outlet(kind: Kind, endpoint: str, *, name: str = "渠道", **details: Any) -> Outlet:
    """An outside channel that is on, committed."""
    with writing():
        told = Details(name, details.pop("body", BODIES[kind]), endpoint=endpoint, **details)
        outlet = operations.add(kind, told, actor=SYSTEM)
        operations.switch_on(outlet, actor=SYSTEM)
    return outlet


def a_robot(gate: Gate, kind: Kind = Kind.WECOM, role: Role = Role.UNIT_HEAD, **details: Any) -> Outlet:
    """A robot of 办公室, kept by somebody with a role there, with one item near, one late and one far."""
    with clock.moved_to(clock.instant_at(DAY - timedelta(days=30), 9)), writing():
        unit, source = a_unit("办公室"), a_source()
        keeper = an_account("群主", role, unit)
        for days in (3, -2, 90):
            an_issued_item(source=source, lead_unit=unit, due_on=DAY + timedelta(days=days))
        db.session.query(Message).update({"state": MessageState.SKIPPED})
    return an_outlet(kind, gate.url, unit_id=unit.id, keeper_id=keeper.id, **details)


def tell_groups(at: datetime = NOON) -> list[Message]:
    with clock.moved_to(at):
        remind(at)
        deliver(at)
    return messages(Channel.GROUP)


def with_phone(phone: str = PHONE) -> Person:
    reader = a_reader()
    with writing():
        db.session.get_one(Person, reader.id).phone = phone
    return reader


def test_a_robot_tells_its_group_once_a_day_how_much_is_near_and_late(gate: Gate) -> None:
    a_robot(gate)
    (message,) = tell_groups()
    assert tell_groups() == [message]
    ((path, _headers, body),) = gate.calls
    assert path == "/robot/hook-6f1b4a2c?access_token=f00dfeedbeef"
    numbers = "巡察2026-1-002、巡察2026-1-001"
    assert body == {
        "msgtype": "text",
        "text": {"content": f"整改台账：办公室有 1 个事项临近时限，1 个逾期（{numbers}），请登录系统查看。"},
    }
    assert (message.state, message.answer) == ("sent", '200 {"errcode":0,"code":0}')
    tell_groups(NOON + timedelta(days=1))
    assert len(gate.calls) == 2


def test_nothing_that_was_found_leaves_even_when_more_may_be_told(gate: Gate) -> None:
    a_robot(gate, tells_more=True)
    tell_groups()
    text = gate.calls[0][2]["text"]["content"]
    assert "办公室  2026年6月8日" in text
    assert "第一议题" not in str(gate.calls) + str(messages(Channel.GROUP)[0].body_html)


def test_a_robot_waits_for_the_morning_and_is_silent_when_nothing_is_due(gate: Gate) -> None:
    a_robot(gate)
    (message,) = tell_groups(clock.instant_at(DAY, 6))
    assert (message.state, gate.calls) == ("queued", [])
    far = NOON - timedelta(days=25)
    assert [each.answer for each in tell_groups(far) if each.state is MessageState.SKIPPED] == [Skip.NOT_DUE]


def test_a_robot_counts_only_what_its_keeper_may_read(gate: Gate) -> None:
    a_robot(gate, role=Role.ADMINISTRATOR)
    assert [message.answer for message in tell_groups()] == [Skip.NOT_DUE]
    assert gate.calls == []


def test_a_robot_whose_keeper_has_left_says_nothing(gate: Gate) -> None:
    robot = a_robot(gate)
    with writing():
        db.session.get_one(Account, robot.keeper_id).is_active = False
    assert tell_groups() == []


@pytest.mark.parametrize("kind", [Kind.DINGTALK, Kind.FEISHU])
def test_robots_that_sign_do_so_at_the_moment_of_sending(gate: Gate, kind: Kind) -> None:
    a_robot(gate, kind, secret="SEC0123456789")
    tell_groups()
    path, _headers, body = gate.calls[0]
    assert ("&sign=" in path) is (kind is Kind.DINGTALK)
    assert ("sign" in body) is (kind is Kind.FEISHU)
    stamp = str(int(NOON.timestamp()))
    assert stamp in (path if kind is Kind.DINGTALK else body["timestamp"])


def test_a_short_message_goes_to_the_person_s_telephone_with_number_and_count_only(gate: Gate) -> None:
    an_outlet(Kind.SMS, gate.url, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert queue(with_phone(), "a") == 3
    deliver(clock.now())
    ((_path, headers, body),) = gate.calls
    (message,) = messages(Channel.SMS)
    assert body["mobile"] == "13800138000"
    assert body["content"] == "整改台账：有 1 个事项需要您办理或关注（巡察2026-1-001），请登录系统查看。"
    assert headers["webhook-id"] == body["id"] == message.key
    assert headers["webhook-signature"].startswith("v1,")


def test_a_repeated_short_message_bears_the_same_mark(gate: Gate) -> None:
    an_outlet(Kind.SMS, gate.url)
    gate.status = 503
    queue(with_phone(), "a", channels=(Channel.SMS,))
    deliver(clock.now())
    assert messages(Channel.SMS)[0].answer.startswith("503")
    gate.status = 202
    deliver(clock.now() + timedelta(minutes=2))
    assert len({headers["webhook-id"] for _path, headers, _body in gate.calls}) == 1
    assert states(Channel.SMS) == ["sent"]


def test_without_a_gateway_nobody_gets_short_messages_and_without_a_number_it_is_seen(gate: Gate) -> None:
    assert queue(with_phone(), "a") == 2
    an_outlet(Kind.SMS, gate.url)
    with writing():
        other = an_account("陈静", Role.LIAISON, a_unit("宣传部"), mail="b@organ.example")
    assert queue(other, "b") == 2
    assert [(message.state, message.answer) for message in messages(Channel.SMS)] == [("skipped", Skip.NO_PHONE)]


def test_everything_is_off_until_allowed_and_switched_on(gate: Gate) -> None:
    with writing():
        outlet = operations.add(Kind.SMS, Details("短信", BODIES[Kind.SMS], endpoint=gate.url), actor=SYSTEM)
        assert not outlet.is_on
    allow()
    with pytest.raises(DomainError, match="允许访问"), writing():
        operations.switch_on(queries.get_outlet(db.session(), outlet.key), actor=SYSTEM)


def test_what_is_allowed_no_more_is_not_called(gate: Gate) -> None:
    an_outlet(Kind.SMS, gate.url)
    queue(with_phone(), "a", channels=(Channel.SMS,))
    allow("gate.example:443")
    deliver(clock.now())
    assert (states(Channel.SMS), gate.calls) == (["failed"], [])
    assert "允许访问" in messages(Channel.SMS)[0].answer


def test_what_waits_for_a_channel_that_was_switched_off_is_skipped(gate: Gate) -> None:
    outlet = an_outlet(Kind.SMS, gate.url)
    queue(with_phone(), "a", channels=(Channel.SMS,))
    with writing():
        operations.switch_off(queries.get_outlet(db.session(), outlet.key), actor=SYSTEM)
    deliver(clock.now())
    assert messages(Channel.SMS)[0].answer == Skip.OUTLET_OFF


def test_there_is_one_gateway_at_a_time(gate: Gate) -> None:
    an_outlet(Kind.SMS, gate.url)
    with pytest.raises(Conflict, match="渠道"):
        an_outlet(Kind.SMS, gate.url, name="另一个")


def test_a_name_that_turns_out_to_be_this_machine_is_refused(gate: Gate) -> None:
    allow(f"localhost:{gate.port}", f"127.0.0.1:{gate.port + 1}")
    an_outlet(Kind.SMS, gate.url.replace("127.0.0.1", "localhost"))
    queue(with_phone(), "a", channels=(Channel.SMS,))
    deliver(clock.now())
    assert ("本机" in messages(Channel.SMS)[0].answer, gate.calls) == (True, [])


def test_a_name_is_resolved_once_and_that_address_is_used(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(channels.socket.AF_INET, channels.socket.SOCK_STREAM, 6, "", (address, port))]

    allow(f"gate.example:{gate.port}", f"127.0.0.1:{gate.port}")
    an_outlet(Kind.SMS, gate.url.replace("127.0.0.1", "gate.example"))
    queue(with_phone(), "a", channels=(Channel.SMS,))
    resolve_numbers = channels.socket.getaddrinfo
    names = lambda host, *a, **o: resolve(host, *a, **o) if host == "gate.example" else resolve_numbers(host, *a, **o)  # noqa: E731
    monkeypatch.setattr(channels.socket, "getaddrinfo", names)
    deliver(clock.now())
    assert (states(Channel.SMS), asked) == (["sent"], ["gate.example"])
    assert gate.calls[0][1]["host"] == f"gate.example:{gate.port}"


def test_a_name_server_that_says_nothing_costs_one_try_in_time(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(f"gate.example:{gate.port}")
    an_outlet(Kind.SMS, gate.url.replace("127.0.0.1", "gate.example"))
    queue(with_phone(), "a", channels=(Channel.SMS,))
    is_over, resolve_numbers = threading.Event(), channels.socket.getaddrinfo

    def names(host: str, *told: Any, **options: Any) -> Any:
        if host == "gate.example":
            is_over.wait(30)
        return resolve_numbers("127.0.0.1" if host == "gate.example" else host, *told, **options)

    monkeypatch.setattr(channels.socket, "getaddrinfo", names)
    monkeypatch.setattr(channels, "LOOKUP_SECONDS", 0.3)
    began = clock.now()
    deliver(clock.now())
    is_over.set()
    assert (clock.now() - began).total_seconds() < 5
    (message,) = messages(Channel.SMS)
    assert (message.state, gate.calls) == ("failed", [])
    assert "timed out" in message.answer


def test_a_call_with_its_look_up_ends_well_before_the_lease_of_its_message() -> None:
    assert LEASE.total_seconds() / 3 >= LOOKUP_SECONDS + CALL_SECONDS


def test_no_redirect_is_followed(gate: Gate) -> None:
    gate.status, gate.headers = 307, {"Location": f"http://127.0.0.1:{gate.port}/elsewhere"}
    an_outlet(Kind.SMS, gate.url)
    queue(with_phone(), "a", channels=(Channel.SMS,))
    deliver(clock.now())
    assert len(gate.calls) == 1
    assert messages(Channel.SMS)[0].answer.startswith("307")


@pytest.mark.parametrize("manner", ["stalls", "drips"])
def test_who_does_not_answer_in_time_costs_one_try_and_holds_up_nobody(
    gate: Gate, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "CALL_SECONDS", 0.4)
    setattr(gate, manner, 0.1 if manner == "drips" else 3)
    with open_gate() as other:
        allow(f"127.0.0.1:{gate.port}", f"127.0.0.1:{other.port}")
        a_robot(other, name="机器人")
        an_outlet(Kind.SMS, gate.url)
        queue(with_phone(), "a", "b", channels=(Channel.SMS,))
        with clock.moved_to(NOON), writing():
            queue_group_digests(NOON)
        began = clock.now()
        deliver(clock.instant_at(DAY + timedelta(days=999)))
    assert (clock.now() - began).total_seconds() < 5
    assert states(Channel.SMS) == ["failed", "queued"]
    assert [message.attempts for message in messages(Channel.SMS)] == [1, 0]
    assert messages(Channel.GROUP)[0].state is MessageState.SENT


def test_an_answer_is_read_to_a_limit_and_its_secrets_are_not_kept(gate: Gate) -> None:
    outlet = an_outlet(Kind.SMS, gate.url, secret="a secret of ours")
    gate.status, gate.answer = 500, f"no such robot: {gate.url} a secret of ours".encode() + b"x" * 900_000
    queue(with_phone(), "a", channels=(Channel.SMS,))
    deliver(clock.now())
    answer = messages(Channel.SMS)[0].answer
    assert len(answer) <= channels.SHOWN
    assert "no such robot" in answer
    told = (
        answer
        + repr(channels.line_of(outlet, ""))
        + repr(Details("a", "b", endpoint=gate.url, secret="a secret of ours"))
    )
    for secret in ("f00dfeedbeef", "hook-6f1b4a2c", "a secret of ours"):
        assert secret not in told


def test_nobody_listening_is_a_failure_that_says_so(app: Flask) -> None:
    send_at_any_hour()
    allow("127.0.0.1:9")
    an_outlet(Kind.SMS, "http://127.0.0.1:9/x")
    queue(with_phone(), "a", channels=(Channel.SMS,))
    deliver(clock.now())
    assert "refused" in messages(Channel.SMS)[0].answer


def test_a_mail_server_that_nobody_can_speak_to_holds_up_no_short_message(gate: Gate) -> None:
    an_outlet(Kind.SMS, gate.url)
    use_mail(25, **{"mail.host": "smtp..x.cn"})
    queue(with_phone(), "a")
    deliver(clock.now())
    assert (states(Channel.MAIL), states(Channel.SMS)) == (["failed"], ["sent"])


def test_values_cannot_break_out_of_the_body(gate: Gate) -> None:
    body = json.dumps({"to": "{phone}", "say": '{organ}"{text}', "n": ["{count}", 1, None]})
    an_outlet(Kind.SMS, gate.url, body=body)
    queue(with_phone(), "a", channels=(Channel.SMS,))
    deliver(clock.now())
    assert gate.calls[0][2]["n"] == ["1", 1, None]
