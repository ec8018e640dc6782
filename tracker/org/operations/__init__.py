"""What can be done to units, people, accounts and grants, and by whom one signs in."""

from tracker.org.operations.accounts import deactivate, grant, issue_code, open_account, reactivate, revoke
from tracker.org.operations.entering import (
    Entry,
    change_password,
    code_refusal,
    password_refusal,
    redeem_code,
    refusal,
    set_password,
    sign_in,
    sign_out,
)
from tracker.org.operations.first_run import Organ, set_up
from tracker.org.operations.people import (
    Details,
    Namesakes,
    add_namesake,
    add_person,
    change_person,
    ensure_manages_person,
    name_handler,
    name_person,
)
from tracker.org.operations.units import (
    add_unit,
    change_unit,
    ensure_manages_unit,
    grow_units,
    pinyin_key,
    reopen_unit,
    shut_unit,
)

__all__ = [
    "Details",
    "Entry",
    "Namesakes",
    "Organ",
    "add_namesake",
    "add_person",
    "add_unit",
    "change_password",
    "change_person",
    "change_unit",
    "code_refusal",
    "deactivate",
    "ensure_manages_person",
    "ensure_manages_unit",
    "grant",
    "grow_units",
    "issue_code",
    "name_handler",
    "name_person",
    "open_account",
    "password_refusal",
    "pinyin_key",
    "reactivate",
    "redeem_code",
    "refusal",
    "reopen_unit",
    "revoke",
    "set_password",
    "set_up",
    "shut_unit",
    "sign_in",
    "sign_out",
]
