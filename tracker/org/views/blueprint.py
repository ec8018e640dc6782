"""The blueprint that all pages of this room hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

Answer = str | tuple[str, int] | Response

blueprint = Blueprint("org", __name__)
