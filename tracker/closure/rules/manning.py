"""Whether every step of a chain finds somebody to decide it."""

from collections.abc import Collection, Sequence

from tracker.sources.rules import StepKind


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
