"""Watching the program at work: a number for each request, how long it took, and which statements were slow."""

import logging
import secrets
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, has_request_context, request, request_started, session
from prometheus_client import Counter, Histogram
from sqlalchemy import Engine, event
from structlog.contextvars import bind_contextvars, clear_contextvars

log = logging.getLogger(__name__)

NUMBER_HEADER = "X-Request-ID"
# So long a statement is one that people wait for.
SLOW_SECONDS = 0.5
STATEMENT_LIMIT = 2_000

REQUESTS = Histogram(
    "rectify_request_seconds",
    "Requests by endpoint, method and class of status",
    ("endpoint", "method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
SLOW = Counter("rectify_slow_statements", "Statements that took longer than half a second")


def request_number() -> str:
    """The number of the request that is being answered, by which the log is searched: ten hexadecimal digits."""
    return str(g.request_number)


def watch_requests(app: Flask) -> None:
    """Give each request a number, which stands in its answer, on its error page and in every line of the log."""
    request_started.connect(_begin, app)
    app.after_request(_end)


def _begin(_app: Flask, **_: Any) -> None:
    g.request_number, g.request_began, g.statements = secrets.token_hex(5).upper(), perf_counter(), 0
    clear_contextvars()
    bind_contextvars(request=g.request_number)


def _end(response: Response) -> Response:
    endpoint, took = request.endpoint or "none", perf_counter() - g.request_began
    # A method of the client's own making is no label of ours.
    method = request.method if request.endpoint else "none"
    REQUESTS.labels(endpoint, method, f"{response.status_code // 100}xx").observe(took)
    response.headers[NUMBER_HEADER] = g.request_number
    is_loud = endpoint.rpartition(".")[2] != "static" and not endpoint.startswith("monitoring.")
    log.log(
        logging.INFO if is_loud else logging.DEBUG,
        "%s %s",
        request.method,
        request.path,
        extra={
            "status": response.status_code,
            "milliseconds": round(took * 1000),
            "statements": g.statements,
            # Before the colon stands the person; behind it what nobody else may know.
            "person": str(session.get("_user_id", "")).partition(":")[0],
            "address": request.remote_addr,
        },
    )
    return response


def watch_statements(engine: Engine) -> None:
    """Count the statements of each request, and log those that are slow: their text with bound values left out.

    Measured is until the first row is there; whatever sorts or counts has done its work by then.
    """

    @event.listens_for(engine, "before_cursor_execute")
    def _before(connection: Any, _cursor: Any, _text: str, _values: Any, context: Any, _many: bool) -> None:
        context.began = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _after(_connection: Any, _cursor: Any, text: str, _values: Any, context: Any, _many: bool) -> None:
        took = perf_counter() - context.began
        if has_request_context():
            g.statements += 1
        if took >= SLOW_SECONDS:
            SLOW.inc()
            extra = {"milliseconds": round(took * 1000), "statement": text[:STATEMENT_LIMIT]}
            log.warning("slow statement", extra=extra)
