"""How often what was closed came back, by unit."""

from flask import render_template

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.reinspections import queries
from tracker.reinspections.views.blueprint import blueprint
from tracker.settings.queries import load


@blueprint.get("/rates")
@allow(Action.READ_FIGURES)
def rebound_rates() -> str:
    """The rebound rate by unit with its definition; every number links to exactly what it counts."""
    session = db.session()
    found, decimals = queries.list_rebounds(session, present_actor()), load(session)["rules.rate_decimals"]
    done, rebound = sum(each.done for each in found), sum(each.rebound for each in found)
    return render_template(
        "reinspections/rates.html",
        rows=[(each, hooks.call("print_rate", each.rebound, each.done, decimals)[0]) for each in found],
        done=done,
        rebound=rebound,
        rate=hooks.call("print_rate", rebound, done, decimals)[0],
        taken_at=clock.local(clock.now()),
    )
