"""What is frozen reads back as it was, counts as the ledger counts, and shows only what may be seen."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from meetings.frozen_worlds import AS_OF, worlds

from tracker.figures.rules import Tally
from tracker.items.rules import COUNTED, OPEN, RUNNING, State
from tracker.meetings.comparing import Step, compare, step_of
from tracker.meetings.frozen import Frozen, digest, read
from tracker.meetings.standings import adds_up, by_unit, days_over, overdue, tally_of

SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOWLY
@given(worlds())
def test_what_was_frozen_reads_back_to_the_letter(frozen: Frozen) -> None:
    text = frozen.to_text()
    assert read(text) == frozen
    assert read(text).to_text() == text


@SLOWLY
@given(worlds().filter(lambda frozen: frozen.items), st.data())
def test_no_item_can_be_changed_without_another_hash(frozen: Frozen, data: st.DataObject) -> None:
    nth = data.draw(st.integers(0, len(frozen.items) - 1))
    other = replace(frozen.items[nth], finding=f"{frozen.items[nth].finding}。")
    changed = replace(frozen, items=(*frozen.items[:nth], other, *frozen.items[nth + 1 :]))
    assert digest(changed.to_text()) != digest(frozen.to_text())


@SLOWLY
@given(worlds())
def test_the_tally_counts_each_whole_item_once_in_its_state_and_no_part(frozen: Frozen) -> None:
    tally = tally_of(frozen)
    wholes = [each for each in frozen.items if not each.parent]
    assert tally.total == sum(each.state in COUNTED for each in wholes)
    for state in State:
        if state is not State.VOID:
            assert getattr(tally, state.value) == sum(each.state is state for each in wholes)
    late = [each for each in wholes if each.state in RUNNING and each.due_on and each.due_on < AS_OF]
    assert tally.overdue == len(late)
    assert tally.ages == tally.open == sum(each.state in OPEN for each in wholes)


@SLOWLY
@given(worlds())
def test_units_add_up_to_the_whole_and_hold_every_unfinished_item_once(frozen: Frozen) -> None:
    standings = by_unit(frozen)
    whole = tally_of(frozen)
    assert sum((each.tally for each in standings), Tally()).total == whole.total
    unfinished = sorted(item.id for each in standings for item in each.unfinished)
    assert unfinished == sorted(each.id for each in frozen.items if each.state in OPEN)


@SLOWLY
@given(worlds())
def test_the_unit_with_more_overdue_comes_first_and_within_it_what_is_late_longest(frozen: Frozen) -> None:
    standings = by_unit(frozen)
    assert [each.tally.overdue for each in standings] == sorted(
        (each.tally.overdue for each in standings), reverse=True
    )
    for each in standings:
        late = [days_over(item, AS_OF) for item in each.unfinished]
        assert late == sorted(late, reverse=True)
    assert [days_over(each, AS_OF) for each in overdue(frozen)] == sorted(
        (days_over(each, AS_OF) for each in frozen.items if days_over(each, AS_OF)), reverse=True
    )


@SLOWLY
@given(worlds())
def test_a_figure_that_its_items_do_not_bear_out_is_found(frozen: Frozen) -> None:
    tally = tally_of(frozen)
    assert adds_up(replace(frozen, figures={"total": tally.total, "closed": tally.closed, "closure_rate": "1%"}))
    assert not adds_up(replace(frozen, figures={"total": tally.total + 1}))


@SLOWLY
@given(worlds(), st.sets(st.integers(1, 8)))
def test_who_may_see_some_items_sees_these_and_what_waits_on_them_and_no_other(frozen: Frozen, ids: set[int]) -> None:
    seen = frozen.seen_by(ids, {2})
    assert {each.id for each in seen.items} == ids & {each.id for each in frozen.items}
    assert {each.item_id for each in seen.waits} <= ids
    assert seen.last_decisions == ()
    everything = frozen.seen_by({each.id for each in frozen.items}, {1}, {900})
    assert everything == frozen
    (told,) = frozen.seen_by(ids, {1}).last_decisions
    assert (told.text, told.number, told.state, told.progress) == ("列出时间表", "", None, "")


@SLOWLY
@given(worlds(), worlds())
def test_comparing_tells_of_every_item_that_differs_and_of_no_other(one: Frozen, other: Frozen) -> None:
    found = compare(one, other)
    told = {each.item.id: each.step for each in found}
    before, after = ({each.id: each for each in frozen.items} for frozen in (one, other))
    for number in before.keys() | after.keys():
        was, now = before.get(number), after.get(number)
        assert told.get(number) == step_of(was, now)
    counted = [sum(each.state in COUNTED for each in frozen.items) for frozen in (one, other)]
    steps = list(told.values())
    assert counted[1] - counted[0] == steps.count(Step.NEW) - steps.count(Step.LEFT)


@SLOWLY
@given(worlds())
def test_a_meeting_compared_with_itself_has_no_difference(frozen: Frozen) -> None:
    assert compare(frozen, frozen) == []
