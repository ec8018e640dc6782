"""The blueprint of the desk."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)
