"""Whether every step of a chain finds somebody to decide it, and who does where the usual reviewers keep out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.closure.rules.recusal import KEPT_FROM_PARTIES, PERSONAL_ROUTES, RecusalRoute, is_of_a_body
from tracker.sources.rules import StepKind


class Route(NamedTuple):
    """A recusal route with its person, if one decides."""

    route: RecusalRoute
    person_id: int | None


@dataclass(frozen=True)
class UsualStep:
    """A step as the chain has it: who is named for it, and the ids of all who usually decide it."""

    kind: StepKind
    named_id: int | None = None
    bearers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PlannedStep:
    """A step as an application gets it; ``able`` are those who may decide it, None when it is decided on paper."""

    kind: StepKind
    named_id: int | None
    route: RecusalRoute | None
    able: frozenset[int] | None


def plan_chain(
    steps: Sequence[UsualStep],
    *,
    parties: Collection[int],
    own: Mapping[StepKind, Route],
    of_source: Mapping[StepKind, Route],
    excluded: Collection[int] = (),
) -> list[PlannedStep]:
    """The steps of an application: an item's own route counts always, that of its source where nobody else is left.

    ``parties`` keep out of what is kept from them, ``excluded`` (the applicants) of everything.
    """
    parties = frozenset(parties)
    planned = [_planned(step, own.get(step.kind), parties) for step in steps]
    while True:
        unmanned = find_unmanned(manned(planned), excluded=excluded)
        place = next((place for place, step in enumerate(planned) if step.kind is unmanned), None)
        if unmanned is None or place is None or planned[place].route or unmanned not in of_source:
            return planned
        planned[place] = _planned(steps[place], of_source[unmanned], parties)


def _planned(step: UsualStep, route: Route | None, parties: frozenset[int]) -> PlannedStep:
    if route is not None:
        able = frozenset() if route.person_id is None else frozenset({route.person_id}) - parties
        is_personal = route.route in PERSONAL_ROUTES
        return PlannedStep(step.kind, route.person_id, route.route, able if is_personal else None)
    if is_of_a_body(step.kind, None) or not step.bearers:
        # Whom nobody here stands for signs on paper, and the office enters it.
        return PlannedStep(step.kind, step.named_id, None, None)
    able = step.bearers - parties if step.kind in KEPT_FROM_PARTIES else step.bearers
    return PlannedStep(step.kind, step.named_id, None, able)


def manned(planned: Sequence[PlannedStep]) -> list[tuple[StepKind, Collection[int]]]:
    """The steps that need a person here, with those who may decide them."""
    return [(step.kind, step.able) for step in planned if step.able is not None]


def find_unmanned(steps: Sequence[tuple[StepKind, Collection[int]]], *, excluded: Collection[int]) -> StepKind | None:
    """The first step that would find nobody to decide it, if each needs another person; None when all find one.

    ``steps`` gives for each the ids of those who may decide it, ``excluded`` those who may decide none.
    """
    for count in range(1, len(steps) + 1):
        if not _can_be_manned(steps[:count], frozenset(excluded)):
            return steps[count - 1][0]
    return None


def _can_be_manned(steps: Sequence[tuple[StepKind, Collection[int]]], taken: frozenset[int]) -> bool:
    if not steps:
        return True
    return any(_can_be_manned(steps[1:], taken | {person}) for person in sorted(set(steps[0][1]) - taken))
