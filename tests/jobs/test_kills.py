"""Killed schedulers, two schedulers: every reminder arrives once. With PROOF=1 ten times as many."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from factories import a_source, a_unit, an_account, an_item
from flask import Flask
from sqlalchemy import func, select, update

from tests.jobs.trials import a_database, a_scheduler, command, kill, let_leases_run_out, stop, wait_until
from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.org import queries as people
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState
from tracker.reminders.operations import ensure_default_rules
from tracker.settings import operations as settings

pytestmark = [pytest.mark.proof]
PEOPLE = 120 if os.environ.get("PROOF") else 12
KILLS = 20 if os.environ.get("PROOF") else 2


@contextmanager
def office(kind: str, folder: Path, server_uri: str, sink: Sink) -> Iterator[tuple[Flask, dict[str, str], int]]:
    """Units with a liaison each and one item due in three days; nothing is queued yet. Also the sink's port."""
    app, environment = a_database(kind, folder, server_uri)
    port = free_port()
    with app.app_context():
        use_mail(port)
        today = clock.today()
        with writing():
            # Everybody is told at once here, which in an office would be asked about first.
            settings.put({"reminders.cap_percent": 1000}, actor=SYSTEM)
            with clock.moved_to(clock.instant_at(today - timedelta(days=60), 9)):
                ensure_default_rules()
                source = a_source(received_on=today - timedelta(days=90))
                made = []
                for number in range(PEOPLE):
                    unit = a_unit(f"第{number}支部")
                    an_account(f"联络员{number}", Role.LIAISON, unit, mail=f"liaison{number}@organ.example")
                    made.append(an_item(source, lead_unit=unit, due_on=today + timedelta(days=3)))
            with clock.moved_to(clock.instant_at(today - timedelta(days=59), 9)):
                items.issue(made, actor=SYSTEM)
                for item in made:
                    items.accept(item, handler_id=_liaison(item.lead_unit_id), actor=SYSTEM)
            # Of the issuing itself nobody is told here, so that every mail is a reminder.
            db.session.execute(update(Message).values(state=MessageState.SKIPPED))
        db.session.remove()
        yield app, environment, port
        db.session.remove()
        db.engine.dispose()


def _liaison(unit_id: int | None) -> int:
    return people.list_role_holders(db.session(), Role.LIAISON, unit_id or 0)[0].id


def count(channel: Channel, *states: MessageState) -> int:
    session = db.session()
    session.rollback()
    query = select(func.count()).select_from(Message)
    kind = (Message.kind == "reminder_digest", Message.channel == channel, Message.state.in_(states))
    return session.scalar(query.where(*kind)) or 0


def arrivals(sink: Sink) -> Counter[str]:
    return Counter(str(mail["To"]) for mail in sink.mails)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_scheduler_killed_between_queueing_and_sending_loses_and_doubles_nothing(
    kind: str, tmp_path: Path, postgres_uri: str
) -> None:
    sink = Sink()
    with office(kind, tmp_path, postgres_uri, sink) as (_app, environment, port):
        command(environment, "jobs", "run", "queue-reminders")
        assert count(Channel.MAIL, MessageState.QUEUED) == PEOPLE
        scheduler = a_scheduler(environment)
        # Nobody listens, so that the first batch fails; whoever is killed now has sent nothing.
        wait_until(lambda: count(Channel.MAIL, MessageState.FAILED) > 0)
        kill(scheduler)
        with writing():
            db.session.execute(update(Message).values(not_before=clock.now() - timedelta(minutes=1)))
        let_leases_run_out()
        with listening(sink, port):
            scheduler = a_scheduler(environment)
            wait_until(lambda: count(Channel.MAIL, MessageState.SENT) == PEOPLE)
            assert stop(scheduler) == 0
        assert set(arrivals(sink).values()) == {1}
        assert len(arrivals(sink)) == count(Channel.INBOX, MessageState.SENT) == PEOPLE


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kills_while_sending_repeat_at_most_the_mail_in_flight_and_under_the_same_message_id(
    kind: str, tmp_path: Path, postgres_uri: str
) -> None:
    sink, chance = Sink(), random.Random(2026)
    with office(kind, tmp_path, postgres_uri, sink) as (_app, environment, port), listening(sink, port):
        sink.stalls = 0.02
        kills = 0
        while count(Channel.MAIL, MessageState.SENT) < PEOPLE:
            scheduler = a_scheduler(environment)
            aim = len(sink.mails) + chance.randint(1, max(2, PEOPLE // (KILLS + 1)))
            if kills < KILLS:
                wait_until(lambda aim=aim: len(sink.mails) >= min(aim, PEOPLE))  # type: ignore[misc]
                kill(scheduler)
                kills += 1
                let_leases_run_out()
            else:
                wait_until(lambda: count(Channel.MAIL, MessageState.SENT) == PEOPLE)
                assert stop(scheduler) == 0
        assert len(arrivals(sink)) == PEOPLE, "nobody was left out"
        assert len(set(sink.ids)) == PEOPLE, "a repeated mail bears the same Message-ID"
        assert len(sink.mails) - PEOPLE <= kills, "at most one in flight at each kill"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_schedulers_at_once_remind_everybody_once(kind: str, tmp_path: Path, postgres_uri: str) -> None:
    sink = Sink()
    with office(kind, tmp_path, postgres_uri, sink) as (_app, environment, port), listening(sink, port):
        both = [a_scheduler(environment) for _ in range(2)]
        wait_until(lambda: count(Channel.MAIL, MessageState.SENT) == PEOPLE)
        command(environment, "jobs", "run", "queue-reminders")
        command(environment, "jobs", "run", "deliver-messages")
        assert [stop(each) for each in both] == [0, 0]
        assert arrivals(sink) == {f"联络员{n} <liaison{n}@organ.example>": 1 for n in range(PEOPLE)}
        assert count(Channel.INBOX, MessageState.SENT) == PEOPLE
