"""A real HTTP server on 127.0.0.1 that keeps what it gets and misbehaves when told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tracker.access.rules import SYSTEM
from tracker.core.db import writing
from tracker.settings import operations as settings


class Gate:
    """Answers ``status`` and ``answer``; ``stalls`` waits before, ``drips`` sends the answer byte by byte."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.status = 200
        self.answer = b'{"errcode":0,"code":0}'
        self.headers: dict[str, str] = {}
        self.stalls = 0.0
        self.drips = 0.0
        self.port = 0

    @property
    def url(self) -> str:
        """Its address, with something in it that nobody else should know."""
        return f"http://127.0.0.1:{self.port}/robot/hook-6f1b4a2c?access_token=f00dfeedbeef"


@contextmanager
def open_gate() -> Iterator[Gate]:
    """Let it listen for a while."""
    gate = Gate()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            gate.calls.append((self.path, {name.lower(): text for name, text in self.headers.items()}, json.loads(raw)))
            time.sleep(gate.stalls)
            self.send_response(gate.status)
            for name, text in {"Content-Length": str(len(gate.answer)), **gate.headers}.items():
                self.send_header(name, text)
            self.end_headers()
            for byte in gate.answer if gate.drips else ():
                self.wfile.write(bytes([byte]))
                time.sleep(gate.drips)
            if not gate.drips:
                self.wfile.write(gate.answer)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gate.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield gate
    finally:
        server.shutdown()
        server.server_close()


def allow(*places: str) -> None:
    """Set the list of places that may be called."""
    with writing():
        settings.put({"outlets.allowed": " ".join(places)}, actor=SYSTEM)
