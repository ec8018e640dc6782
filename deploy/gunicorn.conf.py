"""How gunicorn serves: ``make start``, the offline bundle and the service unit all read this file."""

import os

wsgi_app = "wsgi:app"
bind = os.environ.get("TRACKER_ADDRESS", "127.0.0.1:8000")
# The database decides who waits; a machine that does nothing else may have as many workers as cores.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# An upload over a slow line is not cut off, and what is running when the server stops is finished.
timeout = 120
graceful_timeout = 30
# Longer than nginx and browsers keep an idle line: whoever closes it last never cuts a request that is on its way.
keepalive = 75
loglevel = "warning"
