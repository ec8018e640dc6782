"""The blueprint of sources, and what its pages share."""

from pathlib import Path

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

Answer = str | tuple[str, int] | Response


def sent(path: Path, name: str) -> Response:
    """A stored file as a download, never shown by the browser itself."""
    answer = send_file(path, "application/octet-stream", as_attachment=True, download_name=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
