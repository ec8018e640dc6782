"""The blueprint of sources, and what its pages share."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

Answer = str | tuple[str, int] | Response
