"""Facts that a report keeps as text."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from tests.reports.worlds import F, a_source, an_item, facts_of, worlds
from tracker.reports.facts_text import digest, read, read_figures, write, write_figures
from tracker.reports.rules import Facts, Figure, Outcomes


@settings(deadline=None)
@given(worlds())
def test_facts_come_back_as_they_were_written_and_equal_ones_are_equal_texts(facts: Facts) -> None:
    text = write(facts)
    assert read(text) == facts
    assert write(read(text)) == text


def test_money_and_people_and_marks_survive() -> None:
    outcomes = Outcomes(1, 2, Decimal("66.50"), 3, (("批评教育", 3), ("诫勉谈话", 0)))
    item = an_item(1, F.CLOSED, F.AT_ONCE, F.CONFIRMED, is_withheld=True)
    facts = replace(facts_of(a_source([item])), outcomes=outcomes)
    assert read(write(facts)) == facts
    assert digest(write(facts)) != digest(write(replace(facts, measures_done=1)))


def test_figures_come_back_with_their_items() -> None:
    figures = {"督查/closed": Figure("督查/closed", "24", ("督查2026-1-001",)), "meetings": Figure("meetings", "3")}
    assert read_figures(write_figures(figures)) == figures
