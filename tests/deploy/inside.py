"""What is done on a host of the network, each in a process of its own: ``python -m tests.deploy.inside WHAT …``."""

import hashlib
import json
import random
import re
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select, update

from config import from_environment
from tracker import create_app
from tracker.access.rules import SYSTEM, Role
from tracker.audit.operations import verify_trail
from tracker.closure.models import Review
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.org.models import Account
from tracker.org.passwords import hash_password
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState
from tracker.progress.models import Entry, Evidence
from tracker.reminders.operations import ensure_default_rules
from tracker.settings import operations as settings

PASSWORD = "correct-horse-77"
BUSY = (429, 500, 502, 503, 504)


def prepare(count: str, mail_host: str) -> None:
    """So many liaisons, each with an item that is due in three days; nothing is queued yet."""
    from factories import a_source, a_unit, an_account, an_item

    today = clock.today()
    any_hour = {"holds_days_off": False, "send_hour": 0, "quiet_from": 0, "quiet_to": 0, "cap_percent": 1000}
    mail = {"mail.host": mail_host, "mail.port": 2525, "mail.sender": "zgb@organ.example"}
    with writing():
        settings.put({f"reminders.{key}": value for key, value in any_hour.items()} | mail, actor=SYSTEM)
        with clock.moved_to(clock.instant_at(today - timedelta(days=60), 9)):
            ensure_default_rules()
            source, made = a_source(received_on=today - timedelta(days=90)), []
            for number in range(int(count)):
                unit = a_unit(f"第{number}支部")
                person = an_account(f"联络员{number}", Role.LIAISON, unit, mail=f"liaison{number}@organ.example")
                assert person.account is not None
                person.account.password_hash = hash_password(PASSWORD)
                made.append((an_item(source, lead_unit=unit, due_on=today + timedelta(days=3)), person))
        with clock.moved_to(clock.instant_at(today - timedelta(days=59), 9)):
            items.issue([item for item, _person in made], actor=SYSTEM)
            for item, person in made:
                items.accept(item, handler_id=person.id, actor=SYSTEM)
        # Of the issuing itself nobody is told here, so that every mail is a reminder.
        db.session.execute(update(Message).values(state=MessageState.SKIPPED))


def mail(port: str, book: str) -> None:
    """A real SMTP server that writes down whom it took a mail for and under which Message-ID."""

    class Sink:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
            text = envelope.content.decode(errors="replace")  # type: ignore[union-attr]
            message_id = next(line for line in text.splitlines() if line.lower().startswith("message-id:"))
            with Path(book).open("a") as stream:
                stream.write(json.dumps({"to": envelope.rcpt_tos[0], "id": message_id.split(":", 1)[1].strip()}) + "\n")
            time.sleep(0.05)
            return "250 taken"

    Controller(Sink(), hostname="0.0.0.0", port=int(port)).start()
    threading.Event().wait()


def people(address: str, count: str, seconds: str, book: str, seed: str) -> None:
    """So many people who write and upload until the time is up; what was acknowledged is written down at once."""
    numbers = json.loads(sys.stdin.read())
    until, lock = time.monotonic() + float(seconds), threading.Lock()
    with Path(book).open("a") as stream:

        def note(**told: Any) -> None:
            with lock:
                stream.write(json.dumps({"at": time.time(), **told}) + "\n")
                stream.flush()

        crowd = [
            threading.Thread(target=_work, args=(address, login, number, until, note, random.Random(f"{seed}{login}")))
            for login, number in numbers[: int(count)]
        ]
        for person in crowd:
            person.start()
        for person in crowd:
            person.join()


def _work(address: str, login: str, number: str, until: float, note: Any, chance: random.Random) -> None:
    """One person at work, patient: what was not acknowledged is tried again a moment later.

    Who has no item of their own decides what waits.
    """
    browser, serial = requests.Session(), 0
    while time.monotonic() < until:
        try:
            if not browser.cookies.get("session") or not _is_in(browser, address):
                _sign_in(browser, address, login)
            serial, began = serial + 1, time.time()
            if not number:
                told = _decide(browser, address, f"{login} 第{serial}次：{chance.random()}", chance)
            elif chance.random() < 0.6:
                told = _write(browser, address, number, f"{login} 第{serial}次：{chance.random()}")
            else:
                told = _upload(browser, address, number, f"{login}-{serial}-{chance.random()}".encode() * 200)
            note(login=login, began=began, **told)
        except (requests.RequestException, LookupError) as error:
            note(login=login, failed=str(error)[:200])
            time.sleep(0.5)
        time.sleep(chance.uniform(0.2, 0.8))


def _is_in(browser: requests.Session, address: str) -> bool:
    answer = browser.get(f"{address}/messages", timeout=20, allow_redirects=False)
    _check(answer)
    return answer.status_code == 200


def _sign_in(browser: requests.Session, address: str, login: str) -> None:
    page = _page(browser, f"{address}/sign-in")
    data = {"csrf_token": _token(page), "login": login, "password": PASSWORD}
    _check(browser.post(f"{address}/sign-in", data=data, timeout=20, allow_redirects=False))


def _write(browser: requests.Session, address: str, number: str, text: str) -> dict[str, Any]:
    url = f"{address}/items/{number}/entries/new"
    data = {"csrf_token": _token(_page(browser, url)), "text": text}
    answer = browser.post(url, data=data, timeout=20, allow_redirects=False)
    _check(answer)
    return {"entry": text} if answer.status_code == 303 else {"refused": answer.status_code}


def _upload(browser: requests.Session, address: str, number: str, content: bytes) -> dict[str, Any]:
    page = _page(browser, f"{address}/items/{number}/evidence/new")
    answer = browser.post(
        f"{address}/items/{number}/evidence/upload",
        data={"csrf_token": _token(page)},
        files={"file": ("记录.txt", content)},
        timeout=20,
        allow_redirects=False,
    )
    _check(answer)
    told = {"evidence": hashlib.sha256(content).hexdigest(), "serial": answer.json().get("serial")}
    return told if answer.status_code == 201 else {"refused": answer.status_code}


def _decide(browser: requests.Session, address: str, text: str, chance: random.Random) -> dict[str, Any]:
    waiting = re.findall(r'href="(/reviews/\d+)"', _page(browser, f"{address}/reviews"))
    if not waiting:
        return {"refused": "nothing waits"}
    url = f"{address}{chance.choice(waiting)}"
    page = _page(browser, url)
    data = {"csrf_token": _value(page, "csrf_token"), "version": _value(page, "version")}
    data |= {"decision": chance.choice(("pass", "return")), "opinion": text}
    answer = browser.post(url, data=data, timeout=20, allow_redirects=False)
    _check(answer)
    return {"decision": text} if answer.status_code == 303 else {"refused": answer.status_code}


def _page(browser: requests.Session, url: str) -> str:
    answer = browser.get(url, timeout=20)
    _check(answer)
    return answer.text


def _check(answer: requests.Response) -> None:
    if answer.status_code in BUSY:
        raise LookupError(f"{answer.status_code} {answer.url}")


def _token(page: str) -> str:
    return _value(page, "csrf_token")


def _value(page: str, name: str) -> str:
    if f'name="{name}"' not in page:
        raise LookupError(f"no {name}")
    return page.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def list_workers() -> list[list[str]]:
    """Who signs in how, and the item of each."""
    rows = select(Account.login, Item.number).join(Item, Item.handler_id == Account.person_id).order_by(Item.id)
    return [list(row) for row in db.session.execute(rows)]


def numbers() -> None:
    """Print them."""
    print(json.dumps(list_workers()))


def look() -> dict[str, Any]:
    """What the database has, for the test to hold against what was acknowledged; ``lost`` are files that are not so."""
    session = db.session()
    entries = list(session.scalars(select(Entry.text)))
    evidence = list(session.scalars(select(Evidence.sha256)))
    decisions = list(session.scalars(select(Review.opinion).where(Review.decision.isnot(None))))
    lost = [sha256 for sha256 in set(evidence) if not _is_whole(sha256)]
    mails = dict(
        session.execute(
            select(Message.state, func.count()).where(Message.channel == Channel.MAIL).group_by(Message.state)
        ).all()
    )
    count, _head, broken = verify_trail(session)
    told = {"entries": entries, "evidence": evidence, "decisions": decisions, "lost": lost}
    return {**told, "mails": mails, "trail": count, "broken": [str(each) for each in broken]}


def _is_whole(sha256: str) -> bool:
    path = files.folder() / sha256[:2] / sha256
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def check() -> None:
    """Print it."""
    print(json.dumps(look()))


WITHOUT_DATABASE = {"mail": mail, "people": people}
WITH_DATABASE = {"prepare": prepare, "numbers": numbers, "check": check}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what in WITHOUT_DATABASE:
        WITHOUT_DATABASE[what](*arguments)
    else:
        with create_app(from_environment()).app_context():
            WITH_DATABASE[what](*arguments)
