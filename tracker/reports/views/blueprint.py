"""The blueprint that all pages of this room hang on."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
