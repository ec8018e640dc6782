"""Signing in: five wrong tries, a lock, and one answer for every reason."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from factories import a_unit, an_account
from flask import Flask

from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.core.errors import Conflict
from tracker.org import operations, passwords, queries
from tracker.org.models import Person, SignInTries
from tracker.org.operations import Entry

NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)


def somebody(password_hash: str = "right") -> str:
    """The sign-in name of a new account whose stored hash is this text."""
    with writing():
        person = an_account("王敏", Role.LIAISON, a_unit())
        assert person.account is not None
        person.account.password_hash = password_hash
        return person.account.login


def try_in(login: str, matched_hash: str = "") -> Entry:
    with writing():
        return operations.sign_in(login, matched_hash=matched_hash)


def acts() -> list[tuple[str, str]]:
    return [(entry.action, entry.subject) for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_the_right_password_lets_in_and_is_noted(app: Flask) -> None:
    login = somebody()
    entry = try_in(login, "right")
    assert entry.person is not None
    assert entry.person.name == "王敏"
    assert acts()[-1] == ("sign_in", login)


def test_a_hash_that_was_replaced_meanwhile_lets_nobody_in(app: Flask) -> None:
    assert try_in(somebody("new"), "old").person is None


def test_an_empty_stored_hash_lets_nobody_in(app: Flask) -> None:
    assert try_in(somebody(""), "").person is None


@pytest.mark.parametrize("is_known", [True, False])
def test_the_fifth_wrong_try_locks_the_name_for_a_quarter_of_an_hour(app: Flask, is_known: bool) -> None:
    login = somebody() if is_known else "nobody"
    with time_machine.travel(NOON, tick=False):
        for _ in range(4):
            assert try_in(login) == Entry(None, None)
        assert try_in(login) == Entry(None, NOON + timedelta(minutes=15))
        assert try_in(login, "right") == Entry(None, NOON + timedelta(minutes=15))
    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        assert (try_in(login, "right").person is not None) == is_known


def test_after_the_lock_five_new_tries_are_given(app: Flask) -> None:
    login = somebody()
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            try_in(login)
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        assert [try_in(login).locked_until is None for _ in range(5)] == [True, True, True, True, False]


def test_a_right_try_begins_the_count_anew(app: Flask) -> None:
    login = somebody()
    for _ in range(2):
        for _ in range(4):
            assert try_in(login).locked_until is None
        assert try_in(login, "right").person is not None


def test_the_refusal_is_the_same_for_a_wrong_password_an_unknown_name_and_a_shut_account(app: Flask) -> None:
    login = somebody()
    answers = [str(operations.refusal(try_in(name))) for name in (login, "nobody")]
    with writing():
        operations.deactivate(queries.find_account(db.session(), login).person, actor=SYSTEM)
    answers.append(str(operations.refusal(try_in(login, "right"))))
    assert set(answers) == {"账号或密码不对。"}


def test_the_refusal_says_until_when_the_name_is_locked(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(4):
            try_in("nobody")
        assert "12:15" in str(operations.refusal(try_in("nobody")))


def test_what_a_stranger_typed_as_a_name_stays_out_of_the_trail(app: Flask) -> None:
    try_in("My Secret Password 1")
    assert acts() == [("sign_in.wrong", "不存在的账号")]


def test_names_nobody_tried_for_a_day_are_forgotten(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        try_in("first")
    with time_machine.travel(NOON + timedelta(days=1, seconds=1), tick=False):
        try_in("second")
    assert [row.login for row in db.session.query(SignInTries)] == ["second"]


def test_of_many_tries_at_once_only_five_are_answered_before_the_lock(empty_app: Flask) -> None:
    with empty_app.app_context():
        login = somebody()
    answers: list[Entry] = []
    start = threading.Barrier(12)

    def guess(number: int) -> None:
        with empty_app.app_context():
            start.wait()
            answers.append(try_in(login))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer.locked_until is None for answer in answers) == 4
    with empty_app.app_context():
        assert try_in(login, "right").person is None
        assert [act for act, _ in acts()].count("sign_in.wrong") == 5


@pytest.mark.parametrize("earlier", [timedelta(milliseconds=1), timedelta(seconds=30), timedelta(hours=1)])
def test_a_lock_holds_for_whoever_waited_for_it_and_on_a_machine_whose_clock_is_behind(
    app: Flask, earlier: timedelta
) -> None:
    login = somebody()
    with time_machine.travel(NOON, tick=False):
        assert [try_in(login).locked_until is None for _ in range(5)] == [True] * 4 + [False]
    with time_machine.travel(NOON - earlier, tick=False):
        assert try_in(login, "right").person is None


def test_a_code_is_good_for_a_day_and_once(app: Flask) -> None:
    login = somebody()
    with time_machine.travel(NOON, tick=False), writing():
        person = queries.find_account(db.session(), login).person
        operations.issue_code(person, code_hash="code", actor=SYSTEM)
        ends_at = person.account.code_expires_at
    with time_machine.travel(NOON + timedelta(hours=24), tick=False):
        with writing():
            assert operations.redeem_code(login, matched_hash="code").person is None
        with pytest.raises(Conflict), writing():
            operations.set_password(fresh(person), code_expires_at=ends_at, new_hash="own")
    with time_machine.travel(NOON + timedelta(hours=23), tick=False):
        with writing():
            assert operations.redeem_code(login, matched_hash="code").person is not None
        with writing():
            operations.set_password(fresh(person), code_expires_at=ends_at, new_hash="own")
        with writing():
            assert operations.redeem_code(login, matched_hash="code").person is None
            assert operations.redeem_code(login, matched_hash="").person is None
        with pytest.raises(Conflict), writing():
            operations.set_password(fresh(person), code_expires_at=ends_at, new_hash="other")
        assert try_in(login, "own").person is not None


def fresh(person: Person) -> Person:
    return queries.get_person(db.session(), person.id)


def test_a_changed_password_and_a_sign_out_end_every_session(app: Flask) -> None:
    login = somebody()
    keys = [queries.find_account(db.session(), login).session_key]
    with writing():
        assert operations.change_password(login, matched_hash="wrong", new_hash="new").person is None
    assert queries.find_account(db.session(), login).session_key == keys[0]
    with writing():
        assert operations.change_password(login, matched_hash="right", new_hash="new").person is not None
    keys.append(queries.find_account(db.session(), login).session_key)
    with writing():
        operations.sign_out(queries.find_account(db.session(), login).person)
    keys.append(queries.find_account(db.session(), login).session_key)
    assert len(set(keys)) == 3
    assert acts()[-1] == ("sign_out", login)


def test_a_password_matches_its_own_hash_only(app: Flask) -> None:
    stored = passwords.hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert passwords.matches("correct horse", stored)
    assert not passwords.matches("correct horsf", stored)
    assert not passwords.matches("correct horse", "")
    assert not passwords.matches("", "")


def test_a_hash_for_nobody_costs_as_much_as_a_real_one(app: Flask) -> None:
    for cost in ("cheap", "normal"):
        hasher = passwords._hasher(cost)
        real = hasher.hash("x")
        assert passwords._nobody(hasher).split("$")[1:4] == real.split("$")[1:4]
        assert [len(part) for part in passwords._nobody(hasher).split("$")] == [len(part) for part in real.split("$")]
