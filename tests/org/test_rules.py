"""Passwords, codes, sign-in names and unit lists as people type them."""

from types import SimpleNamespace

import pytest

from tracker.access.rules import Role
from tracker.core.errors import DomainError
from tracker.org.rules import (
    CODE_ALPHABET,
    check_login,
    check_mail,
    check_password,
    check_unit_name,
    clashes,
    code_groups,
    code_key,
    login_key,
    read_units,
    tree_order,
)


@pytest.mark.parametrize("typed", ["Wang.Min", " wang.min ", "ｗａｎｇ．ｍｉｎ"])
def test_a_sign_in_name_has_one_spelling(typed: str) -> None:
    assert login_key(typed) == check_login(typed) == "wang.min"


@pytest.mark.parametrize("typed", ["", "w", "wang min", "wang/min", "w" * 41, "王<b>"])
def test_a_sign_in_name_that_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_login(typed)
    assert refused.value.field == "login"


@pytest.mark.parametrize("password", ["", "123456789", "wang.min.zzb", "Wang.Min.ZZB", "长" * 201])
def test_a_password_is_long_enough_and_not_the_sign_in_name(password: str) -> None:
    with pytest.raises(DomainError):
        check_password(password, login="wang.min.zzb")


def test_ten_signs_make_a_password() -> None:
    check_password("1234567890", login="wang.min.zzb")


@pytest.mark.parametrize("typed", ["abcde-fghjk", " ABCDE FGHJK ", "ＡＢＣＤＥ－ＦＧＨＪＫ"])
def test_a_code_is_read_however_it_was_copied(typed: str) -> None:
    assert code_key(typed) == "ABCDEFGHJK"
    assert code_groups("ABCDEFGHJK") == "ABCDE-FGHJK"


def test_a_code_has_no_signs_that_are_misread() -> None:
    assert not set("01OIL") & set(CODE_ALPHABET)


@pytest.mark.parametrize("mail", ["王敏", "a@b@c", "a@b,c@d", "a b@c"])
def test_what_is_no_mail_address_is_refused(mail: str) -> None:
    with pytest.raises(DomainError):
        check_mail(mail)
    check_mail("")
    check_mail("wang.min@example.gov.cn")


@pytest.mark.parametrize("name", ["", "  ", "组织部/干部科", "部" * 81])
def test_a_unit_name_that_would_be_read_wrongly_is_refused(name: str) -> None:
    with pytest.raises(DomainError):
        check_unit_name(name)


def test_units_are_read_from_indented_lines() -> None:
    text = "办公室\n组织部\n  干部科\n\t组织科\n\n　党员教育科\n宣传部"
    assert read_units(text, organ="工委") == [
        ("办公室",),
        ("组织部",),
        ("组织部", "干部科"),
        ("组织部", "干部科", "组织科"),
        ("组织部", "党员教育科"),
        ("宣传部",),
    ]


def test_units_are_read_from_paths_and_each_stands_once_after_what_is_above_it() -> None:
    text = "组织部/干部科\n组织部／组织科\n组织部\n机关党委\n 第一支部/甲组"
    assert read_units(text, organ="工委") == [
        ("组织部",),
        ("组织部", "干部科"),
        ("组织部", "组织科"),
        ("机关党委",),
        ("机关党委", "第一支部"),
        ("机关党委", "第一支部", "甲组"),
    ]


def test_a_line_that_names_the_organ_is_the_organ() -> None:
    assert read_units("工委\n  办公室\n  组织部", organ="工委") == [("办公室",), ("组织部",)]
    assert read_units("", organ="工委") == []


def test_a_line_that_is_too_long_is_named() -> None:
    with pytest.raises(DomainError) as refused:
        read_units("办公室\n" + "部" * 81, organ="工委")
    assert refused.value.field == "units"
    assert "第 2 行" in str(refused.value)


def a_branch(id: int, parent_id: int | None, position: int = 0, pinyin: str = "") -> SimpleNamespace:
    return SimpleNamespace(id=id, parent_id=parent_id, position=position, pinyin=pinyin)


def test_a_tree_is_read_from_the_top_sisters_by_place_then_pinyin() -> None:
    units = [
        a_branch(5, 2),
        a_branch(3, 1, 1, "bangongshi"),
        a_branch(2, 1, 2, "zuzhibu"),
        a_branch(4, 1, 2, "xuanchuanbu"),
        a_branch(1, None),
    ]
    assert [unit.id for unit in tree_order(units)] == [1, 3, 4, 2, 5]


def test_who_administers_should_be_neither_office_nor_auditor() -> None:
    assert clashes([Role.ADMINISTRATOR, Role.LIAISON]) == []
    assert clashes([Role.OFFICE, Role.ADMINISTRATOR]) == [(Role.ADMINISTRATOR, Role.OFFICE)]
