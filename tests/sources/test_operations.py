"""Sources and their outlines: what may be told of them, and by whom."""

from datetime import timedelta

import pytest
from factories import RECEIVED_ON, a_source, a_unit, actor_of, an_account
from flask import Flask

from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, Stale
from tracker.sources import operations, queries
from tracker.sources.rules import SourceKind, StepKind


def test_rounds_are_counted_by_kind_and_year(app: Flask) -> None:
    with writing():
        numbers = [
            a_source("第一轮").number,
            a_source("第二轮").number,
            a_source("审计", kind=SourceKind.AUDIT).number,
            a_source("去年", received_on=RECEIVED_ON.replace(year=2025)).number,
        ]
    assert numbers == ["巡察2026-1", "巡察2026-2", "审计2026-1", "巡察2025-1"]


def test_the_same_source_is_not_drawn_up_twice_nor_for_a_day_to_come(app: Flask) -> None:
    with writing():
        a_source("第一轮")
        with pytest.raises(Conflict):
            a_source("第一轮")
        with pytest.raises(DomainError):
            a_source("明天", received_on=clock.today() + timedelta(days=1))


@pytest.mark.parametrize(
    "chain",
    [
        [],
        [StepKind.OFFICE, StepKind.OFFICE],
        [*StepKind, StepKind.OFFICE],
        [StepKind.SUPERIOR],
        [StepKind.OFFICE, StepKind.SUPERIOR, StepKind.LEADER],
    ],
)
def test_a_chain_has_different_steps_and_the_superior_only_behind_own_ones(app: Flask, chain: list[StepKind]) -> None:
    with writing():
        source = a_source()
        with pytest.raises(DomainError):
            operations.set_chain(source, chain, actor=SYSTEM)
        with pytest.raises(DomainError):
            a_source("第二轮", chain=chain)


def test_a_changed_chain_is_kept_in_order_and_stops_a_second_editor(app: Flask) -> None:
    with writing():
        source = a_source()
    seen = source.version
    with writing():
        source = queries.get_source(db.session(), source.id, lock=True)
        operations.set_chain(source, [StepKind.LEADER, StepKind.OFFICE], actor=SYSTEM)
    with writing():
        source = queries.get_source(db.session(), source.id, lock=True)
        assert [step.kind for step in source.steps] == [StepKind.LEADER, StepKind.OFFICE]
        with pytest.raises(Stale):
            operations.edit(source, actor=SYSTEM, version=seen, document_number="市直工委〔2026〕5号")


def test_somebody_is_named_for_a_step_of_one_person_and_for_no_other(app: Flask) -> None:
    with writing():
        source, leader = a_source(), an_account("李强", Role.LEADER, a_unit("市直机关工委"))
        chain = [StepKind.OFFICE, StepKind.LEADER, StepKind.COLLECTIVE]
        operations.set_chain(source, chain, named={StepKind.LEADER: leader.id}, actor=SYSTEM)
        assert [step.named_id for step in source.steps] == [None, leader.id, None]
        with pytest.raises(DomainError, match="个人"):
            operations.set_chain(source, chain, named={StepKind.COLLECTIVE: leader.id}, actor=SYSTEM)


def test_a_title_that_another_source_bears_is_refused(app: Flask) -> None:
    with writing():
        a_source("第一轮")
        source = a_source("第二轮")
        with pytest.raises(Conflict):
            operations.edit(source, actor=SYSTEM, title="第一轮")
        operations.edit(source, actor=SYSTEM, title="第二轮（补）", at_once_days=30)
    stored = queries.find_source_by_number(db.session(), "巡察2026-2")
    assert stored is not None
    assert (stored.title, stored.at_once_days) == ("第二轮（补）", 30)


def test_a_heading_needs_words_and_a_category_an_aspect_of_its_own_source(app: Flask) -> None:
    with writing():
        source, other = a_source("第一轮"), a_source("第二轮")
        aspect = operations.add_section(source, "方面甲", actor=SYSTEM)
        category = operations.add_section(source, "类别子", parent=aspect, actor=SYSTEM)
        for title, parent, of in (("  ", None, source), ("孙", category, source), ("子", aspect, other)):
            with pytest.raises(DomainError):
                operations.add_section(of, title, parent=parent, actor=SYSTEM)
        with pytest.raises(DomainError):
            operations.retitle_section(aspect, "长" * 501, actor=SYSTEM)


def test_only_the_office_changes_sources(app: Flask) -> None:
    with writing():
        source = a_source()
        viewer = actor_of(an_account("赵倩", Role.VIEWER, a_unit()))
        for act in (
            lambda: operations.edit(source, actor=viewer, title="改"),
            lambda: operations.set_chain(source, [StepKind.OFFICE], actor=viewer),
            lambda: operations.add_section(source, "方面", actor=viewer),
        ):
            with pytest.raises(Forbidden):
                act()
