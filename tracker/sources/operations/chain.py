"""The chain by which a source's items are closed."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm.attributes import flag_modified

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.org import operations as org
from tracker.org.queries import get_person
from tracker.sources.models import ClosingStep, Source
from tracker.sources.rules import STEP_LABELS, StepKind, check_chain

NOBODY: Mapping[StepKind, int] = {}


def set_chain(
    source: Source,
    chain: Sequence[StepKind],
    *,
    actor: Actor,
    named: Mapping[StepKind, int] = NOBODY,
    version: int | None = None,
) -> None:
    """Set the closing chain; ``named`` gives the persons who alone decide a step.

    Applications already filed keep theirs. Raises Stale for an older ``version``.
    """
    ensure_may(actor, Action.INTAKE)
    check_version(source, version, typed=_told(chain), stored=_told([step.kind for step in source.steps]))
    check_chain(chain, named)
    for kind, person_id in named.items():
        if kind is not StepKind.UNIT_HEAD:
            org.check_reads(get_person(db.session(), person_id))
    before = [(step.kind, step.named_id) for step in source.steps]
    after = [(kind, named.get(kind)) for kind in chain]
    if after == before:
        return
    source.steps.clear()
    db.session().flush()
    source.steps = steps_of(chain, named)
    # The steps are rows of their own; the source's version must tell of them, or a second editor would not be stopped.
    flag_modified(source, "title")
    db.session().flush()
    names = "、".join(step.named.name for step in source.steps if step.named)
    kinds = [kind for kind, _person in before]
    record(actor, "source.set_chain", source.number, before=kinds, after=list(chain), named=names)


def _told(chain: Sequence[StepKind]) -> dict[str, str]:
    return {str(_l("销号程序")): " → ".join(str(STEP_LABELS[step]) for step in chain)}


def steps_of(chain: Sequence[StepKind], named: Mapping[StepKind, int] = NOBODY) -> list[ClosingStep]:
    """New steps in this order."""
    return [
        ClosingStep(position=position, kind=kind, named_id=named.get(kind))
        for position, kind in enumerate(chain, start=1)
    ]
