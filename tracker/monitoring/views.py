"""What machines ask: alive, ready, metrics. And the administrator's page of the system."""

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from tracker.access.guard import allow
from tracker.access.rules import Action
from tracker.backups import queries as backups
from tracker.backups.rules import BackupState
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.monitoring import readings
from tracker.monitoring.metrics import exposition
from tracker.monitoring.rules import is_allowed
from tracker.settings.queries import load
from tracker.work.rules import SILENT_AFTER

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/healthz")
@allow(Action.SIGN_IN)
def healthz() -> Response:
    """Whether this process answers at all; it asks nobody else."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@allow(Action.SIGN_IN)
def readyz() -> tuple[Response, int]:
    """Whether this process can serve people: 200, or 503 with what is missing."""
    faults = readings.faults()
    return jsonify({"ready": not faults, **faults}), 503 if faults else 200


@blueprint.get("/metrics")
@allow(Action.SIGN_IN)
def metrics() -> Response:
    """The metrics, for the addresses that may read them; for anybody else there is no such page."""
    if not is_allowed(request.remote_addr, current_app.config["TRACKER_METRICS_ALLOW"]):
        raise NotFound(_("页面不存在。"))
    return Response(exposition(readings.read(db.session())), mimetype="text/plain; version=0.0.4")


@blueprint.get("/operations/system")
@allow(Action.MANAGE_JOBS)
def system() -> str:
    """Version, disks, database, heartbeat, queue and backups on one page."""
    session = db.session()
    reading = readings.read(session)
    return render_template(
        "monitoring/system.html",
        reading=reading,
        is_silent=reading.beat_at is None or reading.at - reading.beat_at > SILENT_AFTER,
        is_on=load(session)["backups.is_on"],
        backups=backups.list_backups(session),
        bad=(BackupState.FAILED, BackupState.BROKEN),
    )
