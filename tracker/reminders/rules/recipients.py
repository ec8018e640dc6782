"""Whom a rule tells, relative to what it speaks of."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar


class Recipient(StrEnum):
    """Who is told, relative to the item; UPPER_HEAD are the heads above the unit's own, DECIDER whose turn it is."""

    OWNER = "owner"
    HANDLER = "handler"
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    SUPPORTING = "supporting"
    UPPER_HEAD = "upper_head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    DECIDER = "decider"
    OFFICE = "office"
    PERSON = "person"


R = Recipient
# Who is told instead when a recipient is not named or cannot sign in: the first of these that anybody is.
USUAL_STAND_INS = (R.LIAISON, R.UNIT_HEAD, R.OFFICE)
STAND_INS: Mapping[Recipient, tuple[Recipient, ...]] = {
    **dict.fromkeys((R.OWNER, R.HANDLER, R.LIAISON, R.UNIT_HEAD, R.SUPERVISOR, R.LEADER, R.OFFICE), USUAL_STAND_INS),
    R.DECIDER: (R.OFFICE,),
    R.PERSON: (R.OFFICE,),
    # Nobody above and no cooperating unit is no gap that somebody has to fill.
    R.UPPER_HEAD: (),
    R.SUPPORTING: (),
}
# Who may be told from a later repetition on: the way up the tree and to the leaders.
CLIMBING = (R.UPPER_HEAD, R.SUPERVISOR, R.LEADER)
del R

Person = TypeVar("Person")
# Whoever is there by relation, each with the level: 1, for heads above the unit's own how many above.
Present = Mapping[Recipient, Collection[tuple[int, Person]]]


def told(recipients: Mapping[Recipient, int], repetition: int, present: Present[Person]) -> list[Person]:
    """Whom a rule really tells at a repetition, each once; ``queries.steps`` does it in SQL.

    ``recipients`` are those of the rule, each with the repetition from which it is told. With every repetition the
    heads one level further up are told.
    """
    chosen: dict[Person, None] = {}
    for recipient, begins_at in recipients.items():
        if repetition >= begins_at:
            order: Sequence[Recipient] = (recipient, *STAND_INS[recipient])
            found = next((present[each] for each in order if present.get(each)), ())
            chosen.update((who, None) for level, who in found if level <= repetition - begins_at + 1)
    return list(chosen)
