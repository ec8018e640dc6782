"""Taking last year's report in over HTTP, sending its pages, and what its new file says."""

import io
import re
from typing import Any

import docx
from flask import Flask
from flask.testing import FlaskClient
from own_files.papers import a_report
from werkzeug.test import TestResponse

from tracker.core.db import db
from tracker.own_files.models import OwnFile

START = "/reports/own-files"


def take_in(
    client: FlaskClient, content: bytes | None = None, name: str = "2021年述职报告.docx", **about: Any
) -> TestResponse:
    data = {"year": "2026", "as_of": "2026-12-31", "decimals": "1", **about}
    content = a_report().getvalue() if content is None else content
    return client.post(f"{START}/new", data={**data, "file": (io.BytesIO(content), name)})


def here(app: Flask) -> str:
    with app.app_context():
        return f"{START}/{db.session.query(OwnFile.id).scalar()}"


def sent(client: FlaskClient, address: str, **changed: str) -> TestResponse:
    """Send the form of a page as it is shown, with some fields filled in otherwise."""
    return client.post(address, data={**fields(client.get(address).text), **changed})


def fields(page: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if told.get("type") != "radio" or re.search(r"\bchecked\b", tag):
            found[told.get("name", "")] = told.get("value", "")
    return {name: value for name, value in found.items() if name not in {"", "q", "csrf_token"}}


def lines(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(f"{address}/file")
    assert answer.status_code == 200, answer.text
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs]
