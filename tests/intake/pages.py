"""What a browser without script would send back from a page."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

DATA = Path(__file__).parents[1] / "data"

Fields = dict[str, Any]


class _Form(HTMLParser):
    def __init__(self, marker: str) -> None:
        super().__init__()
        self.marker, self.is_in, self.fields = marker, False, Fields()
        self.select: str | None = None
        self.area: str | None = None
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.is_in = self.marker in (given.get("class") or "").split()
        if not self.is_in:
            return
        name = given.get("name") or ""
        if tag == "input" and (given.get("type") not in {"checkbox", "file"} or "checked" in given):
            self._add(name, given.get("value") or "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value") or "")
        elif tag == "textarea":
            self.area, self.words = name, ""

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self._add(self.area, self.words.removeprefix("\r").removeprefix("\n"))
            self.area = None
        if tag == "select":
            self.select = None

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def fields_of(html: str, marker: str = "intake") -> Fields:
    """The fields of the form with this class as they would be sent, by name, each a list."""
    parser = _Form(marker)
    parser.feed(html)
    return parser.fields


def take_in(client: FlaskClient, file: str = "feedback-typed.docx", **typed: Any) -> TestResponse:
    """Upload a sample on the first page."""
    name = typed.pop("name", file)
    given = {"kind": "inspection", "title": "市委第二巡察组反馈意见", "received_on": "20260316", **typed}
    if "content" in given:
        return client.post("/intake", data=given)
    with (DATA / file).open("rb") as stream:
        return client.post("/intake", data={**given, "file": (stream, name)})


def a_draft(client: FlaskClient, file: str = "feedback-typed.docx", **typed: Any) -> tuple[str, Fields]:
    """The address of a new draft's preview and the fields of its form."""
    answer = take_in(client, file, **typed)
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    return address, fields_of(client.get(address).text)
