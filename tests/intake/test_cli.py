"""``flask intake read`` and ``flask intake load``."""

import json
from pathlib import Path
from typing import Any

import pytest
from factories import a_unit, an_account
from flask import Flask
from sqlalchemy import func, select

from tests.intake.pages import DATA
from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.items.models import Item

EXPECTED: dict[str, Any] = json.loads((DATA / "feedback-expected.json").read_text())
TEXTS = sorted(name for name, told in EXPECTED.items() if "problems" in told)
LOAD = ["--kind", "inspection", "--title", "市委第二巡察组反馈", "--received", "2026-03-16"]


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["intake", *arguments])


@pytest.mark.parametrize("name", TEXTS)
def test_every_sample_is_read_as_expected_and_nothing_is_written(empty_app: Flask, name: str) -> None:
    answer = run(empty_app, "read", str(DATA / name), "--received", "2026-03-16", "--json")
    assert answer.exit_code == 0
    told, expected = json.loads(answer.stdout), EXPECTED[name]
    assert len(told["problems"]) == expected["problems"]
    if "declared" in expected:
        assert told["declared"] == expected["declared"]
    outline = [
        ([aspect["title"], category["title"]], text)
        for aspect in expected.get("outline", ())
        for category in aspect["categories"]
        for text in category["problems"]
    ]
    if outline:
        assert [(problem["path"], problem["text"]) for problem in told["problems"]] == outline
    with empty_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_without_json_the_problems_are_printed_for_people(empty_app: Flask) -> None:
    answer = run(empty_app, "read", str(DATA / "feedback-inline.txt"))
    assert answer.stdout.splitlines()[0] == "一是抓党建责任落实还有差距，书记带头研究党建次数偏少"
    assert answer.stderr == "读到 0 个方面、0 个类别、4 个问题；不计入的 3 行\n"


def test_a_file_without_a_problem_is_exit_1_and_says_so_in_words_alone(empty_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("今天天气很好。\n")
    answer = run(empty_app, "read", str(tmp_path / "a.docx"))
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.splitlines() == [
        "没有读到问题。请核对所选文本是不是反馈意见，或者手工标出问题。",
        "读到 0 个方面、0 个类别、0 个问题；不计入的 1 行",
    ]
    answer = run(empty_app, "read", str(tmp_path / "a.docx"), "--json")
    assert answer.exit_code == 1
    assert [line["text"] for line in json.loads(answer.stdout)["ignored"]] == ["今天天气很好。"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("台账.csv", b"x" * 9 + b"," * 300 + b"y", "200 列"),
        ("空.txt", b"", "空的"),
        ("扫描.docx", b"%PDF-1.7", "PDF"),
    ],
)
def test_what_cannot_be_read_is_refused_with_exit_1(
    empty_app: Flask, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    answer = run(empty_app, "read", str(tmp_path / name), "--json")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert words in answer.stderr
    assert run(empty_app, "load", str(tmp_path / name), *LOAD).exit_code == 1


def test_wrong_usage_is_exit_2(empty_app: Flask) -> None:
    file = str(DATA / "feedback-typed.docx")
    assert run(empty_app, "read", "nowhere.docx").exit_code == 2
    assert run(empty_app, "load", file, "--kind", "nonsense", "--title", "x", "--received", "2026-03-16").exit_code == 2
    assert run(empty_app, "load", file, "--kind", "audit", "--title", "x", "--received", "someday").exit_code == 2


def test_loading_twice_adds_27_items_once(empty_app: Flask) -> None:
    file = str(DATA / "feedback-typed.docx")
    first = run(empty_app, "load", file, *LOAD, "--create-missing", "--json")
    assert first.exit_code == 0, first.stderr
    assert json.loads(first.stdout)["added"][-1] == "巡察2026-1-027"
    with empty_app.app_context():
        before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    again = run(empty_app, "load", file, *LOAD, "--json")
    assert json.loads(again.stdout) == {"source": "巡察2026-1", "is_new": False, "added": []}
    with empty_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Item)) == 27
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_a_load_by_a_named_person_is_their_act_and_needs_their_right(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        liaison = an_account("周涛", Role.LIAISON, a_unit("组织部"))
        assert office.account is not None
        assert liaison.account is not None
        logins = [liaison.account.login, office.account.login]
    file = str(DATA / "feedback-inline.txt")
    assert run(empty_app, "load", file, *LOAD, "--by", logins[0]).exit_code == 1
    assert run(empty_app, "load", file, *LOAD, "--by", "nobody").exit_code == 1
    assert run(empty_app, "load", file, *LOAD, "--by", logins[1]).exit_code == 0
    with empty_app.app_context():
        names = db.session.scalars(select(AuditEntry.actor_name).where(AuditEntry.action == "item.draw_up")).all()
    assert set(names) == {"陈静"}


def test_counts_that_differ_from_those_declared_are_told_on_standard_error(empty_app: Flask) -> None:
    answer = run(empty_app, "load", str(DATA / "report-2021.txt"), *LOAD)
    assert answer.exit_code == 0
    assert "原文写明9个类别，实际读到0个类别，请对照原文核对。" in answer.stderr
    assert answer.stdout == "巡察2026-1：新增 3 个事项\n"


LEDGERS = sorted(name for name, told in EXPECTED.items() if "items" in told)
LEDGER = ["--kind", "supervision", "--title", "督查反馈", "--received", "2022-01-10"]


@pytest.mark.parametrize("name", LEDGERS)
def test_every_sample_ledger_is_read_as_expected_and_nothing_is_written(empty_app: Flask, name: str) -> None:
    answer = run(empty_app, "read", str(DATA / name), "--received", "2022-01-10", "--json")
    assert answer.exit_code == 0
    told, expected = json.loads(answer.stdout), EXPECTED[name]
    assert len(told["items"]) == len(told["problems"]) == expected["items"]
    assert (told["counted"]["aspects"], told["counted"]["categories"]) == (expected["aspects"], expected["categories"])
    assert told["errors"] == []
    assert told["items"][4] == {
        "number": "5",
        "path": ["落实党的理论路线方针政策和上级决策部署方面", "服务中心大局作用发挥不充分"],
        "text": "联系帮扶村工作缺少年度清单，3个事项未明确完成时限",
        "measures": ["制定专项措施", "明确专人落实", "服务中心大局作用发挥不充分纳入季度检查"],
        "leader": "张敏",
        "lead_unit": "组织部",
        "supporting_units": [],
        "owner": "经办6",
        "deadline": {
            "kind": "by_date",
            "then_sustained": True,
            "due_on": "2022-06-30",
            "text": "6月底前，并长期坚持",
        },
        "own_word": "none",
        "closed": False,
        "row": told["items"][4]["row"],
    }
    with empty_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_a_ledger_is_loaded_once_and_names_are_made_only_when_asked(empty_app: Flask) -> None:
    file = str(DATA / "ledger.xlsx")
    refused = run(empty_app, "load", file, *LEDGER, "--json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "还没有建立" in refused.stderr
    first = run(empty_app, "load", file, *LEDGER, "--create-missing", "--json")
    assert first.exit_code == 0
    assert len(json.loads(first.stdout)["added"]) == 27
    again = json.loads(run(empty_app, "load", file, *LEDGER, "--create-missing", "--json").stdout)
    assert (again["is_new"], again["added"], again["changed"]) == (False, [], [])


def test_faults_of_a_ledger_are_told_by_cell_on_standard_error(empty_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "台账.csv"
    file.write_text("问题,牵头单位,整改时限\n学习少,组织部,尽快\n记录少,组织部,2022年6月\n")
    refused = run(empty_app, "load", str(file), *LEDGER, "--create-missing")
    assert refused.exit_code == 1
    assert "C2" in refused.stderr
    good = run(empty_app, "load", str(file), *LEDGER, "--create-missing", "--only-good", "--json")
    assert json.loads(good.stdout)["counts"] == {"new": 1, "changed": 0, "same": 0, "conflict": 0, "faulty": 1}
