"""整改台账 / Rectify: makes sure that what an inspection found is really put right."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import wiring
from tracker.access.guard import guard, limit_strangers
from tracker.core import clock, i18n, object_store
from tracker.core.addresses import guard_addresses
from tracker.core.db import db, engine_options, listen
from tracker.core.watching import watch_requests, watch_statements
from tracker.org.signing_in import login_manager
from tracker.shell.context import add_context
from tracker.shell.errors import add_error_pages

ROOT = Path(__file__).parent.parent


def create_app(config: Mapping[str, Any]) -> Flask:
    """The application, ready to serve or to run commands."""
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=None, static_url_path="/static")
    app.config.from_mapping(config)
    guard_addresses(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Path(app.config["TRACKER_DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    clock.use_zone(app.config["TRACKER_ZONE"])
    wiring.load_tables()
    connect(app)
    object_store.connect(app)
    i18n.connect(app)
    watch_requests(app)
    app.before_request(limit_strangers)
    CSRFProtect(app)
    Bootstrap5(app)
    login_manager.init_app(app)
    app.before_request(guard)
    wiring.fill_hooks()
    wiring.register(app)
    add_context(app)
    add_error_pages(app)
    if proxies := app.config.get("TRACKER_PROXIES"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def connect(app: Flask) -> None:
    """Bind the application to its database and give the engine its kind of transactions."""
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        **engine_options(app.config["SQLALCHEMY_DATABASE_URI"]),
        **app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {}),
    }
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        listen(db.engine)
        watch_statements(db.engine)
