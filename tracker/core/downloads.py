"""Files that are made for one answer and handed out whole."""

from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "docx": f"{_OPEN_XML}wordprocessingml.document",
    "xlsx": f"{_OPEN_XML}spreadsheetml.sheet",
    "pptx": f"{_OPEN_XML}presentationml.presentation",
    "zip": "application/zip",
    "png": "image/png",
    "txt": "text/plain",
}


def hand_out(content: bytes, name: str) -> Response:
    """The bytes as a download of that name, its type told by the ending; raises KeyError for an unknown one."""
    mimetype = TYPES[name.rpartition(".")[2]]
    return send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
