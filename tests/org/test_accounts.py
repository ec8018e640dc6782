"""Accounts and grants: opened, shut, and never the last administrator's."""

import threading
from datetime import date, timedelta

import pytest
from factories import a_person, a_unit, actor_of, an_account
from flask import Flask

from tracker.access.rules import SYSTEM, Action, Role, may
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, NotFound
from tracker.org import operations, queries
from tracker.org.models import Person

TODAY = date(2026, 6, 8)


def fresh(person: Person) -> Person:
    return queries.get_person(db.session(), person.id)


def test_a_sign_in_name_belongs_to_one_person(app: Flask) -> None:
    with writing():
        unit = a_unit()
        operations.open_account(a_person("王敏", unit), "wm", actor=SYSTEM)
        with pytest.raises(DomainError) as refused:
            operations.open_account(a_person("吴名", unit), "WM", actor=SYSTEM)
        assert refused.value.field == "login"


def test_a_person_has_one_account(app: Flask) -> None:
    with writing():
        person = an_account("王敏", None, a_unit())
        with pytest.raises(Conflict):
            operations.open_account(person, "another", actor=SYSTEM)


def test_a_shut_account_has_no_session_even_after_it_is_opened_again(app: Flask) -> None:
    with writing():
        person = an_account("王敏", Role.LIAISON, a_unit())
        key = person.account.session_key
        assert queries.find_signed_in(db.session(), person.id, key, TODAY)
        operations.deactivate(person, actor=SYSTEM)
    assert queries.find_signed_in(db.session(), person.id, key, TODAY) is None
    with writing():
        operations.reactivate(fresh(person), actor=SYSTEM)
    assert queries.find_signed_in(db.session(), person.id, key, TODAY) is None


def test_a_shut_account_has_no_session_whatever_its_key(app: Flask) -> None:
    with writing():
        person = an_account("王敏", Role.LIAISON, a_unit())
        person.account.is_active = False
    assert queries.find_signed_in(db.session(), person.id, person.account.session_key, TODAY) is None


def test_a_code_ends_the_old_password_and_every_session_and_the_lock(app: Flask) -> None:
    with writing():
        person = an_account("王敏", Role.LIAISON, a_unit())
        account = person.account
        account.password_hash, key, login = "old", account.session_key, account.login
    for _ in range(5):
        with writing():
            operations.sign_in(login, matched_hash="")
    with writing():
        operations.issue_code(fresh(person), code_hash="hash", actor=SYSTEM)
    account = queries.find_account(db.session(), login)
    assert account is not None
    assert (account.password_hash, account.code_hash) == ("", "hash")
    assert account.session_key != key
    assert account.code_expires_at is not None
    assert timedelta(hours=23) < account.code_expires_at - clock.now() <= timedelta(hours=24)
    with writing():
        assert operations.redeem_code(login, matched_hash="hash").person is not None


def test_nobody_gives_a_code_to_themselves_nor_to_a_shut_account(app: Flask) -> None:
    with writing():
        unit = a_unit("市直机关工委")
        administrator = an_account("李强", Role.ADMINISTRATOR, unit)
        leaver = an_account("王敏", Role.LIAISON, unit)
        operations.deactivate(leaver, actor=SYSTEM)
    with writing():
        for person in (administrator, leaver):
            with pytest.raises(Conflict):
                operations.issue_code(fresh(person), code_hash="hash", actor=actor_of(administrator))


def test_a_grant_counts_from_now_on_and_is_taken_away_again(app: Flask) -> None:
    with writing():
        unit = a_unit()
        person = an_account("王敏", None, unit)
        first = operations.grant(person, Role.LIAISON, unit, actor=SYSTEM)
        assert operations.grant(person, Role.LIAISON, unit, actor=SYSTEM) is first
    assert may(actor_of(fresh(person)), Action.ACCEPT)
    with writing():
        operations.revoke(fresh(person), Role.LIAISON, queries.get_unit(db.session(), unit.id), actor=SYSTEM)
    assert not may(actor_of(fresh(person)), Action.ACCEPT)
    with pytest.raises(NotFound), writing():
        operations.revoke(fresh(person), Role.LIAISON, queries.get_unit(db.session(), unit.id), actor=SYSTEM)


def test_the_last_administrator_is_neither_shut_nor_stripped(app: Flask) -> None:
    with writing():
        unit = a_unit("市直机关工委")
        last = an_account("李强", Role.ADMINISTRATOR, unit)
        for act in (
            lambda: operations.deactivate(last, actor=SYSTEM),
            lambda: operations.revoke(last, Role.ADMINISTRATOR, unit, actor=SYSTEM),
        ):
            with pytest.raises(Conflict):
                act()
        an_account("王敏", Role.ADMINISTRATOR, unit)
        operations.deactivate(last, actor=SYSTEM)


def test_a_shut_administrator_and_one_of_a_sub_unit_do_not_count_as_another(app: Flask) -> None:
    with writing():
        unit = a_unit("市直机关工委")
        last = an_account("李强", Role.ADMINISTRATOR, unit)
        an_account("赵云", Role.ADMINISTRATOR, a_unit("组织部"))
        operations.deactivate(an_account("王敏", Role.ADMINISTRATOR, unit), actor=SYSTEM)
        with pytest.raises(Conflict):
            operations.deactivate(last, actor=SYSTEM)


def test_an_administrator_of_one_unit_grants_nothing_outside_it(app: Flask) -> None:
    with writing():
        own = a_unit("组织部")
        administrator = an_account("李强", Role.ADMINISTRATOR, own)
        actor, root = actor_of(administrator), a_unit("市直机关工委")
        with pytest.raises(Forbidden):
            operations.grant(administrator, Role.OFFICE, root, actor=actor)
        with pytest.raises(Forbidden):
            operations.issue_code(an_account("王敏", Role.ADMINISTRATOR, root), code_hash="x", actor=actor)
        operations.grant(administrator, Role.LIAISON, own, actor=actor)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_manages_people(app: Flask, role: Role) -> None:
    with writing():
        unit = a_unit("市直机关工委")
        actor, person = actor_of(an_account("李强", role, unit)), an_account("王敏", None, unit)
        for act in (
            lambda: operations.grant(person, Role.OFFICE, unit, actor=actor),
            lambda: operations.deactivate(person, actor=actor),
            lambda: operations.reactivate(person, actor=actor),
            lambda: operations.issue_code(person, code_hash="x", actor=actor),
            lambda: operations.open_account(a_person("周正", unit), "zz", actor=actor),
            lambda: operations.add_person(operations.Details("新人", unit.id), actor=actor),
            lambda: operations.change_person(person, operations.Details("新名", unit.id), actor=actor),
            lambda: operations.shut_unit(a_unit("组织部"), actor=actor),
        ):
            with pytest.raises(Forbidden):
                act()


def test_of_two_administrators_who_shut_each_other_at_once_one_stays(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        unit = a_unit("市直机关工委")
        ids = [an_account(name, Role.ADMINISTRATOR, unit).id for name in ("李强", "王敏")]
    refused: list[int] = []
    start = threading.Barrier(2)

    def shut(person_id: int) -> None:
        with empty_app.app_context():
            start.wait()
            try:
                with writing():
                    operations.deactivate(queries.get_person(db.session(), person_id), actor=SYSTEM)
            except Conflict:
                refused.append(person_id)

    threads = [threading.Thread(target=shut, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with empty_app.app_context():
        assert [account.person_id for account in queries.list_administrators(db.session())] == refused
