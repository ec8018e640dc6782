"""The blueprint of figures."""

from flask import Blueprint

blueprint = Blueprint("figures", __name__, url_prefix="/figures")
