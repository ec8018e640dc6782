"""The blueprint that all pages of intake hang on."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("intake", __name__, url_prefix="/intake")

Answer = str | tuple[str, int] | Response
