"""Who may do what, written out by hand: every role and relation against every action.

The table is the one of the design page; the program's own table is held against it, cell by cell.
"""

from dataclasses import dataclass, field

import pytest

from tracker.access.rules import (
    ORGAN_WIDE,
    SYSTEM,
    Action,
    Actor,
    Relation,
    Role,
    UnitSet,
    can,
    ensure,
    ensure_may,
    may,
)
from tracker.core.errors import Forbidden

OWN, BELOW, FOREIGN = 10, 11, 20
ME, ANOTHER = 1, 2

# Columns: first the roles, then the relations.
ROLES = (
    Role.OFFICE,
    Role.LEADER,
    Role.UNIT_HEAD,
    Role.LIAISON,
    Role.HANDLER,
    Role.VIEWER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
RELATIONS = (Relation.LEADER, Relation.SUPERVISOR, Relation.OWNER, Relation.HANDLER, Relation.SUPPORTING)
MATRIX = """
                     office lead head liai hand view admi audi | lead supe owne hand supp
enter                yes    yes  yes  yes  yes  yes  yes  yes  | yes  yes  yes  yes  yes
sign_in              -      -    -    -    -    -    -    -    | -    -    -    -    -
read_item            yes    yes  yes  yes  -    yes  -    -    | yes  yes  yes  yes  yes
read_source          yes    yes  -    -    -    yes  -    -    | -    -    -    -    -
intake               yes    -    -    -    -    -    -    -    | -    -    -    -    -
import_list          yes    -    yes  yes  -    -    -    -    | -    -    -    -    -
draw_up              yes    -    -    -    -    -    -    -    | -    -    -    -    -
edit_item            yes    -    -    -    -    -    -    -    | -    -    -    -    -
issue                yes    -    -    -    -    -    -    -    | -    -    -    -    -
accept               -      -    yes  yes  -    -    -    -    | -    -    -    -    -
reassign             yes    -    -    -    -    -    -    -    | -    -    -    -    -
ask_reassignment     -      -    yes  yes  -    -    -    -    | -    -    -    -    -
ask_extension        -      -    yes  yes  -    -    -    -    | -    -    -    -    -
ask_amendment        yes    -    yes  yes  -    -    -    -    | -    -    -    -    -
report               yes    -    yes  yes  -    -    -    -    | -    -    -    yes  -
report_own_line      yes    -    yes  yes  -    -    -    -    | -    -    -    yes  yes
review_report        yes    -    -    -    -    -    -    -    | -    -    -    -    -
apply                -      -    yes  yes  -    -    -    -    | -    -    -    yes  -
decide_as_unit_head  -      -    yes  -    -    -    -    -    | -    -    -    -    -
decide_as_office     yes    -    -    -    -    -    -    -    | -    -    -    -    -
decide_as_leader     -      yes  -    -    -    -    -    -    | yes  -    -    -    -
enter_decision       yes    -    -    -    -    -    -    -    | -    -    -    -    -
withdraw             yes    -    -    -    -    -    -    -    | -    -    -    -    -
nudge                yes    yes  yes  -    -    -    -    -    | yes  yes  -    -    -
supervise            yes    -    -    -    -    -    -    -    | -    -    -    -    -
reinspect            yes    -    -    -    -    -    -    -    | -    -    -    -    -
read_figures         yes    yes  yes  yes  -    yes  -    -    | yes  yes  yes  yes  yes
share_figures        yes    -    -    -    -    -    -    -    | -    -    -    -    -
read_meeting         yes    yes  yes  yes  -    yes  -    -    | -    -    -    -    -
manage_meetings      yes    -    -    -    -    -    -    -    | -    -    -    -    -
read_report          yes    yes  -    -    -    yes  -    -    | -    -    -    -    -
write_report         yes    -    -    -    -    -    -    -    | -    -    -    -    -
submit               yes    -    -    -    -    -    -    -    | -    -    -    -    -
archive              yes    -    -    -    -    -    -    -    | -    -    -    -    -
hand_over            yes    -    -    -    -    -    -    -    | -    -    -    -    -
manage_people        -      -    -    -    -    -    yes  -    | -    -    -    -    -
manage_settings      -      -    -    -    -    -    yes  -    | -    -    -    -    -
manage_jobs          -      -    -    -    -    -    yes  -    | -    -    -    -    -
read_trail           -      -    -    -    -    -    -    yes  | -    -    -    -    -
"""
ROWS = [line.partition("|") for line in MATRIX.strip().splitlines()[1:]]
# A role and a relation of one name are equal as texts, so they never share a set.
BY_ROLE = {
    roles.split()[0]: {role for role, word in zip(ROLES, roles.split()[1:], strict=True) if word == "yes"}
    for roles, _bar, _relations in ROWS
}
BY_RELATION = {
    roles.split()[0]: {each for each, word in zip(RELATIONS, relations.split(), strict=True) if word == "yes"}
    for roles, _bar, relations in ROWS
}
ROLE_CELLS = [(Action(name), role) for name in BY_ROLE for role in ROLES]
RELATION_CELLS = [(Action(name), relation) for name in BY_RELATION for relation in RELATIONS]


@dataclass(frozen=True)
class Thing:
    """An item as the permission table sees it."""

    lead_unit_id: int | None = FOREIGN
    leader_id: int | None = ANOTHER
    supervisor_id: int | None = ANOTHER
    owner_id: int | None = ANOTHER
    handler_id: int | None = ANOTHER
    supporting_unit_ids: frozenset[int] = field(default_factory=frozenset)
    reader_ids: frozenset[int] | None = None


def holder(role: Role) -> Actor:
    """Somebody who holds a role in a unit with one unit below it."""
    return Actor(ME, "王敏", {role: UnitSet(ids=frozenset({OWN, BELOW}))})


def related(relation: Relation) -> tuple[Actor, Thing]:
    """Somebody with no role but what the relation needs, and a foreign unit's item they are related to."""
    if relation is Relation.SUPPORTING:
        return holder(Role.LIAISON), Thing(supporting_unit_ids=frozenset({BELOW}))
    return Actor(ME, "王敏"), Thing(**{f"{relation}_id": ME})


def test_the_matrix_names_every_action_role_and_relation() -> None:
    assert set(BY_ROLE) == {action.value for action in Action}
    assert (set(ROLES), set(RELATIONS)) == (set(Role), set(Relation))


@pytest.mark.parametrize(("action", "role"), ROLE_CELLS)
def test_a_role_reaches_its_unit_and_what_lies_below_and_nothing_else(action: Action, role: Role) -> None:
    is_allowed = role in BY_ROLE[action]
    actor = holder(role)
    assert can(actor, action, Thing(lead_unit_id=OWN)) == is_allowed
    assert can(actor, action, Thing(lead_unit_id=BELOW)) == is_allowed
    assert not can(actor, action, Thing(lead_unit_id=FOREIGN))
    assert not can(actor, action, Thing(lead_unit_id=None))
    everywhere = Actor(ME, "王敏", {role: UnitSet(everywhere=True)})
    assert can(everywhere, action, Thing(lead_unit_id=FOREIGN)) == is_allowed
    assert can(everywhere, action, Thing(lead_unit_id=None)) == is_allowed


@pytest.mark.parametrize(("action", "relation"), RELATION_CELLS)
def test_a_relation_reaches_that_one_item_only(action: Action, relation: Relation) -> None:
    is_allowed = relation in BY_RELATION[action]
    actor, item = related(relation)
    assert can(actor, action, item) == is_allowed
    assert not can(actor, action, Thing())


@pytest.mark.parametrize(("action", "role"), ROLE_CELLS)
def test_a_page_opens_for_whoever_could_do_its_action_to_anything(action: Action, role: Role) -> None:
    is_allowed = action is Action.SIGN_IN or role in BY_ROLE[action] or bool(BY_RELATION[action])
    assert may(Actor(ME, "王敏", {role: UnitSet(everywhere=True)}), action) == is_allowed
    assert may(holder(role), action) == (is_allowed and action not in ORGAN_WIDE)


def test_a_grant_that_ends_at_some_units_reaches_nothing_that_belongs_to_the_whole_organ() -> None:
    wide = {
        Action.INTAKE,
        Action.SUBMIT,
        Action.ARCHIVE,
        Action.HAND_OVER,
        Action.MANAGE_SETTINGS,
        Action.MANAGE_JOBS,
        Action.READ_TRAIL,
    }
    assert wide == ORGAN_WIDE
    everything = Actor(ME, "王敏", {role: UnitSet(ids=frozenset({OWN, BELOW})) for role in Role})
    for action in ORGAN_WIDE:
        with pytest.raises(Forbidden):
            ensure_may(everything, action)


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.SIGN_IN])
def test_a_stranger_may_nothing_and_the_system_everything(action: Action) -> None:
    stranger = Actor(None, "")
    assert not may(stranger, action)
    assert not can(stranger, action, Thing(leader_id=None, owner_id=None, handler_id=None, supervisor_id=None))
    assert may(SYSTEM, action)
    assert can(SYSTEM, action, Thing())
    with pytest.raises(Forbidden):
        ensure_may(stranger, action)
    with pytest.raises(Forbidden):
        ensure(stranger, action, Thing())


@pytest.mark.parametrize(
    "role", [Role.OFFICE, Role.LEADER, Role.HANDLER, Role.VIEWER, Role.ADMINISTRATOR, Role.AUDITOR]
)
def test_supporting_is_a_matter_of_unit_heads_and_liaisons(role: Role) -> None:
    item = Thing(supporting_unit_ids=frozenset({OWN}))
    assert not can(holder(role), Action.READ_ITEM, item)
    for of_unit in (Role.UNIT_HEAD, Role.LIAISON):
        assert can(holder(of_unit), Action.READ_ITEM, item)
        assert not can(holder(of_unit), Action.APPLY, item)


def test_whoever_only_administers_or_audits_sees_no_item() -> None:
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        everywhere = Actor(ME, "李强", {role: UnitSet(everywhere=True)})
        assert not any(can(everywhere, action, Thing()) for action in (Action.READ_ITEM, Action.READ_FIGURES))
