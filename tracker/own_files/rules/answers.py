"""What an answer does to its sentence, held against the figures of the day it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.office.filling import Change
from tracker.office.passages import Edit
from tracker.own_files.rules.blanks import Waiting
from tracker.own_files.rules.marks import Answer, Way
from tracker.own_files.rules.proposals import Fill, Proposal, filled, propose, read_with, why_not
from tracker.own_files.rules.years import WrongYear
from tracker.reports.rules import Facts, Refusal


@dataclass(frozen=True)
class Answered:
    """A sentence with blanks, what the ledger says of it, and how it was answered; None while it was not."""

    sentence: Waiting
    proposal: Proposal | None
    answer: Answer | None
    why: str | None
    changes: tuple[Change, ...]

    @property
    def key(self) -> str:
        """What the sentence is known by."""
        return self.sentence.key

    @property
    def is_left(self) -> bool:
        """Whether its blanks stay on purpose."""
        return self.answer is not None and self.answer.way is Way.LEFT

    @property
    def suggested(self) -> Way:
        """How it would be answered if nobody said otherwise."""
        if self.answer is not None:
            return self.answer.way
        return usual_way(self.proposal) or Way.OWN

    @property
    def reads(self) -> str:
        """The sentence as it will stand in the file."""
        return read_with(self.sentence, self.changes)

    @property
    def open_blanks(self) -> int:
        """How many of its blanks nothing is known of."""
        if self.is_left:
            return 0
        done = {(change.start, change.end) for change in self.changes}
        return sum(tuple(blank.span) not in done for blank in self.sentence.blanks)

    @property
    def fills(self) -> tuple[Fill, ...]:
        """The figures that stand in it."""
        by_ledger = self.answer is not None and self.answer.way in (Way.FIGURE, Way.INSTEAD) and not self.why
        return self.proposal.fills if self.proposal and by_ledger else ()


def usual_way(proposal: Proposal | None) -> Way | None:
    """How a proposal is to be taken: as it stands when it is true, reworded when that is; None when neither."""
    if proposal is None:
        return None
    if proposal.why is None:
        return Way.FIGURE
    return Way.INSTEAD if proposal.instead else None


def answered(
    sentences: Sequence[Waiting], answers: Mapping[str, Answer], facts: Facts, *, decimals: int
) -> list[Answered]:
    """Each sentence with its answer; one that the figures do not bear any more changes nothing and says why."""
    return [
        _answered(each, propose(each, facts, decimals=decimals), answers.get(each.key), facts) for each in sentences
    ]


def _answered(sentence: Waiting, proposal: Proposal | None, answer: Answer | None, facts: Facts) -> Answered:
    if answer is None or answer.way is Way.LEFT:
        return Answered(sentence, proposal, answer, None, ())
    by_ledger = proposal.fills if proposal and answer.way is not Way.OWN else ()
    taken = {tuple(fill.blank.span) for fill in by_ledger}
    own = tuple(each for each in filled(sentence, answer.values) if (each.start, each.end) not in taken)
    if answer.way is Way.OWN:
        why = why_not(read_with(sentence, own), facts)
        return Answered(sentence, proposal, answer, why, () if why else own)
    given = _given(proposal, answer.way)
    why = None if given else (proposal.why if proposal else "台账中已没有这句话所说的来源。")
    both = tuple(sorted([*given, *own]))
    wrong = why_not(read_with(sentence, both), facts) if own else None
    return Answered(sentence, proposal, answer, why or wrong, () if wrong else both)


def _given(proposal: Proposal | None, way: Way) -> tuple[Change, ...]:
    if proposal is None:
        return ()
    if way is Way.INSTEAD:
        # All closed since: what was reworded is true as it stands.
        return proposal.changes or (proposal.filling if proposal.why is None else ())
    return proposal.filling if proposal.why is None else ()


def as_edits(every: Sequence[Answered], years: Sequence[WrongYear], chosen: Mapping[str, int]) -> list[Edit]:
    """What answers and chosen years change in the file."""
    edits = [
        Edit(each.sentence.paragraph, change.start, change.end, (change.text,))
        for each in every
        for change in each.changes
    ]
    fitting = ((wrong, chosen.get(wrong.key, 0)) for wrong in years)
    return edits + [Edit(wrong.paragraph, *wrong.span, (str(year),)) for wrong, year in fitting if year]


def refusals(every: Sequence[Answered]) -> list[Refusal]:
    """The sentences that the figures would make untrue, each with the reason and what stands there instead."""
    return [
        Refusal(each.proposal.as_it_would_read, _told(each)) for each in every if each.proposal and each.proposal.why
    ]


def _told(each: Answered) -> str:
    why = each.proposal.why if each.proposal and each.proposal.why else ""
    if each.changes:
        return f"{why}文件中写为“{each.reads}”"
    return f"{why}空白保留，未填写。"
