"""Taking last year's report in over HTTP."""

import io
from typing import Any

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
