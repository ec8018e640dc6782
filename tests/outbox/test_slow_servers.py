"""Mail servers that fall silent, drip or answer with rubbish: they cost one try, and hold up nothing else."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.outbox.sinks import use_mail
from tests.outbox.test_delivery import told
from tests.outbox.trials import a_reader, messages, now, queue, states
from tracker.core import clock
from tracker.core.db import writing
from tracker.jobs.delivery import deliver
from tracker.outbox import channels, operations
from tracker.outbox.rules import BATCH, MAX_ATTEMPTS, Channel

MAIL = (Channel.MAIL,)
GREETING, CONTENT = "greeting", "content"
ANSWERS = {GREETING: b"220 here", "DATA": b"354 go on", CONTENT: b"250 taken"}


class Slow:
    """Knows at which step it falls silent or drips, and tells how often it was called and whether it was cut off."""

    def __init__(self) -> None:
        self.silent_at = self.drips_at = ""
        self.answers = dict(ANSWERS)
        self.calls = 0
        self.was_cut, self.is_over = threading.Event(), threading.Event()


@pytest.fixture
def slow(app: Flask) -> Iterator[Slow]:
    how = Slow()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            how.calls += 1
            step = GREETING
            while self.answer(step):
                line = self.rfile.readline().rstrip().decode()
                step = line.split(" ")[0].upper()
                if step == "DATA" and self.answer(step):
                    while self.rfile.readline() not in (b".\r\n", b""):
                        pass
                    step = CONTENT

        def answer(self, step: str) -> bool:
            """Whether to go on."""
            if step == "" or (step == how.silent_at and how.is_over.wait(60)):
                return False
            try:
                while step == how.drips_at and not how.is_over.wait(0.05):
                    self.wfile.write(b"250-" if step != GREETING else b"220-")
                    self.wfile.write(b"wait\r\n")
                self.wfile.write(how.answers.get(step, b"250 fine") + b"\r\n")
            except OSError:
                how.was_cut.set()
                return False
            return step != "QUIT"

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        use_mail(server.server_address[1])
        yield how
        how.is_over.set()
        server.shutdown()


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", CONTENT])
def test_a_server_that_falls_silent_costs_one_try_however_many_mails_wait(
    slow: Slow, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(channels, "SOCKET_SECONDS", 0.5)
    slow.silent_at = step
    queue(a_reader(), "a", "b", "c", channels=MAIL)
    assert deliver(now()) == told(failed=1)
    assert (slow.calls, states()) == (1, ["failed", "queued", "queued"])
    assert "timed out" in messages()[0].answer
    slow.silent_at = ""
    assert deliver(now() + timedelta(minutes=2)) == told(sent=3)


@pytest.mark.parametrize("step", [GREETING, "EHLO", "RCPT", CONTENT])
def test_a_server_that_drips_is_cut_off(slow: Slow, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    monkeypatch.setattr(channels, "CARRY_SECONDS", 1)
    slow.drips_at = step
    queue(a_reader(), "a", channels=MAIL)
    assert deliver(now()) == told(failed=1)
    assert slow.was_cut.wait(30)
    slow.drips_at = ""
    assert deliver(now() + timedelta(minutes=2)) == told(sent=1)


def test_a_server_that_drips_when_it_is_left_is_cut_off(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "SOCKET_SECONDS", 1)
    slow.drips_at = "QUIT"
    queue(a_reader(), "a", channels=MAIL)
    assert deliver(now()) == told(sent=1)
    assert slow.was_cut.wait(30)


def test_inboxes_are_filled_between_two_batches_of_mails(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, carry = a_reader(), channels.Postman.carry
    queue(reader, *(str(n) for n in range(BATCH[Channel.MAIL] + 1)), channels=MAIL)
    seen = []

    def carry_and_look(self: channels.Postman, *arguments: Any, **options: Any) -> str:
        if not states(Channel.INBOX):
            queue(reader, "urgent", channels=(Channel.INBOX,))
        seen.append(states(Channel.INBOX))
        return carry(self, *arguments, **options)

    monkeypatch.setattr(channels.Postman, "carry", carry_and_look)
    assert deliver(now())["sent"] == BATCH[Channel.MAIL] + 2
    assert (seen[0], seen[-1]) == (["queued"], ["sent"])


@pytest.mark.parametrize("answer", [b"250 taken\0as 1", b"550 no\0body"])
def test_an_answer_that_no_database_takes_does_not_send_the_mail_again(slow: Slow, answer: bytes) -> None:
    slow.answers[CONTENT] = answer
    queue(a_reader(), "a", channels=MAIL)
    deliver(now())
    deliver(now())
    assert slow.calls == 1
    assert messages()[0].answer == answer.decode().replace("\0", "")


def test_what_senders_died_over_as_often_as_it_is_tried_is_given_up(slow: Slow) -> None:
    reader = a_reader()
    queue(reader, "a", channels=MAIL)
    for tries in range(MAX_ATTEMPTS):
        with time_machine.travel(clock.now() + timedelta(minutes=3) * tries), writing():
            assert operations.claim(Channel.MAIL, at=now(), token=f"killed {tries}") == 1
    with time_machine.travel(clock.now() + timedelta(minutes=3) * MAX_ATTEMPTS):
        queue(reader, "b", channels=MAIL)
        assert deliver(now()) == told(sent=1)
    (given_up, other) = messages()
    assert (given_up.state, given_up.attempts, other.state) == ("dead", MAX_ATTEMPTS, "sent")
    assert "多次中断" in given_up.answer
