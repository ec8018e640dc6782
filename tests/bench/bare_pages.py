"""What each of the ten pages needs at least, by hand: the rows that it shows and the counts on it."""

from typing import Any

from tests.bench import world
from tests.bench.world.people import DEPARTMENT_MEASURED

_SEEN = {
    "office": "TRUE",
    "head": "i.lead_unit_id IN (SELECT unit_id FROM unit_ancestor WHERE ancestor_id = :department)",
    "handler": "(i.handler_id = :person OR i.owner_id = :person OR i.leader_id = :person OR i.supervisor_id = :person)",
}
_ROW = """
    SELECT i.number, i.finding, i.state, i.due_on, s.title, u.name, l.name, o.name
    FROM item i JOIN source s ON s.id = i.source_id LEFT JOIN unit u ON u.id = i.lead_unit_id
    LEFT JOIN person l ON l.id = i.leader_id LEFT JOIN person o ON o.id = i.owner_id
    WHERE {where} ORDER BY {order} LIMIT {limit}
"""
_LISTED = "i.kind = 'problem' AND i.state NOT IN ('void', 'withdrawn')"
_RUNS = "i.state IN ('issued', 'working', 'applied')"
_LATE = f"i.kind = 'problem' AND {_RUNS} AND i.due_on < :today"
_WAITS = """
    FROM review r JOIN application a ON a.id = r.application_id AND a.state = 'pending' JOIN item i ON i.id = a.item_id
    WHERE r.decision IS NULL AND r.kind = {kind} AND {seen}
    AND NOT EXISTS (SELECT 1 FROM review b WHERE b.application_id = r.application_id AND b.position < r.position
                    AND b.decision IS NULL)
"""
_COUNTED = """
    SELECT {unit} count(*), count(*) FILTER (WHERE i.state = 'closed'),
           count(*) FILTER (WHERE i.state IN ('issued', 'working', 'applied') AND i.due_on < :today)
    FROM item_change i WHERE i.effective_on <= :today AND i.until > :today AND {seen} {group}
"""
_KINDS = {"office": "'office'", "head": "'unit_head'", "handler": "'none'"}


def bare_of(name: str, role: str, places: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The statements for a page of a role, with their values."""
    seen = _SEEN[role]
    values = {
        "department": DEPARTMENT_MEASURED,
        "person": world.SIGN_INS[role],
        **{each: places[each] for each in ("item", "meeting", "round", "today")},
    }
    return _STATEMENTS[name](role, seen), values


def _rows(where: str, order: str, limit: int) -> str:
    return _ROW.format(where=where, order=order, limit=limit)


def _waiting(columns: str, role: str, seen: str, tail: str) -> str:
    return f"SELECT {columns} {_WAITS.format(kind=_KINDS[role], seen=seen)} {tail}"


def _desk(role: str, seen: str) -> list[str]:
    own = {"office": "FALSE", "head": seen, "handler": "(i.handler_id = :person OR i.owner_id = :person)"}[role]
    work = _rows(f"i.state IN ('issued', 'working') AND {own}", "i.due_on, i.number", 100)
    waiting = _waiting("i.number, i.finding, a.filed_at", role, seen, "ORDER BY a.filed_at LIMIT 100")
    return [work, waiting]


def _list(role: str, seen: str) -> list[str]:
    where = f"{_LISTED} AND {seen}"
    late = f"count(*) FILTER (WHERE {_RUNS} AND i.due_on < :today)"
    counts = f"SELECT count(*), count(*) FILTER (WHERE i.state = 'closed'), {late} FROM item i WHERE {where}"
    return [counts, _rows(where, "i.source_id DESC, i.number", 50)]


def _late(role: str, seen: str) -> list[str]:
    where = f"{_LATE} AND {seen}"
    return [f"SELECT count(*) FROM item i WHERE {where}", _rows(where, "i.due_on, i.source_id DESC, i.number", 50)]


def _item(role: str, seen: str) -> list[str]:
    of_item = ("measure", "entry", "evidence", "item_change", "application", "extension", "item_support")
    return [_rows("i.id = :item", "i.id", 1), *(f"SELECT * FROM {table} WHERE item_id = :item" for table in of_item)]


def _search(role: str, seen: str) -> list[str]:
    return [_rows(f"i.finding LIKE '%制度执行有差距%' AND {seen}", "i.source_id DESC, i.number", 50)]


def _seldom(role: str, seen: str) -> list[str]:
    measures = "EXISTS (SELECT 1 FROM measure m WHERE m.item_id = i.id AND m.text LIKE '%第-123%')"
    return [_rows(f"(i.finding LIKE '%第-123%' OR {measures}) AND {seen}", "i.source_id DESC, i.number", 50)]


def _figures(role: str, seen: str) -> list[str]:
    by_unit = _COUNTED.format(unit="i.lead_unit_id,", seen=seen, group="GROUP BY i.lead_unit_id")
    return [_COUNTED.format(unit="", seen=seen, group=""), by_unit.replace("i.id", "i.item_id")]


def _meeting(role: str, seen: str) -> list[str]:
    points = "SELECT * FROM meeting_point WHERE meeting_id = :meeting"
    return ["SELECT * FROM meeting WHERE id = :meeting", points, *_figures("head", _SEEN["head"])]


def _decisions(role: str, seen: str) -> list[str]:
    shown = _waiting("i.number, i.finding, a.filed_at", role, seen, "ORDER BY a.filed_at LIMIT 50")
    return [_waiting("count(*)", role, seen, ""), shown]


def _round(role: str, seen: str) -> list[str]:
    if role == "office":
        of_round = "FROM owed_report r JOIN item i ON i.id = r.item_id JOIN unit u ON u.id = r.unit_id"
        where = "WHERE r.round_id = :round"
        return [
            f"SELECT u.name, r.state, count(*) {of_round} {where} GROUP BY u.name, r.state",
            f"SELECT i.number, i.finding, u.name {of_round} {where} AND r.state = 'owed' ORDER BY u.path LIMIT 50",
        ]
    owed = "FROM owed_report r JOIN item i ON i.id = r.item_id JOIN reporting_round g ON g.id = r.round_id"
    where = f"WHERE r.state = 'owed' AND r.is_lead AND {seen} AND g.closes_on >= :today"
    last = "(SELECT e.text FROM entry e WHERE e.item_id = i.id ORDER BY e.made_at DESC LIMIT 1)"
    shown = f"SELECT i.number, i.finding, {last} {owed} {where} ORDER BY g.due_on, i.number LIMIT 50"
    return [f"SELECT count(*) {owed} {where}", shown]


def _messages(role: str, seen: str) -> list[str]:
    mine = "FROM message WHERE person_id = :person AND channel = 'inbox' AND state = 'sent'"
    shown = f"SELECT key, subject, sent_at {mine} ORDER BY read_at IS NOT NULL, sent_at DESC LIMIT 50"
    return [f"SELECT count(*) {mine}", shown]


_STATEMENTS = {
    "my desk": _desk,
    "list of problems": _list,
    "list, overdue, by deadline": _late,
    "an item": _item,
    "search, found everywhere": _search,
    "search, found seldom": _seldom,
    "figures": _figures,
    "a meeting": _meeting,
    "waiting decisions": _decisions,
    "reports of a round": _round,
    "messages": _messages,
}
