"""A widget of the lab on a page of its own: its module, its style, and Python's answers behind it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A widget</title>
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; media-src blob:">
<link rel="stylesheet" href="/style.css"></head><body><main id="here"></main>
<script type="module" src="/page.js"></script></body></html>"""

_MODEL = """import widget from "/widget.js";
const heard = new Set();
const traits = await (await fetch("/traits")).json();
const model = {
  get: (name) => traits[name],
  on: (_, one) => heard.add(one),
  off: (_, one) => heard.delete(one),
  send: async (message) => {
    const reply = await fetch("/ask", { method: "POST", body: JSON.stringify(message) });
    const told = await reply.json();
    const bytes = (told.buffers ?? []).map((one) => Uint8Array.from(atob(one), (sign) => sign.charCodeAt(0)));
    for (const one of heard) one({ to: message.number, ...told }, bytes);
  },
};
widget.initialize({ model });
widget.render({ model, el: document.getElementById("here") });
"""


@contextmanager
def served(widget: Any, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[str]:
    """The address of a page that shows `widget`, and answers what it asks by `answer`."""
    traits = {"form": widget.form, "setup": widget.setup}
    files = {
        "/": ("text/html", _PAGE),
        "/page.js": ("text/javascript", _MODEL),
        "/widget.js": ("text/javascript", str(widget._esm)),
        "/style.css": ("text/css", str(widget._css)),
        "/traits": ("application/json", json.dumps(traits)),
    }
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = files.get(self.path, ("text/plain", ""))
            self._reply(kind, str(text))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            message = json.loads(self.rfile.read(length))
            # A kernel answers one question after the other, too.
            with lock:
                reply = answer(message)
            if "buffers" in reply:
                held = [base64.b64encode(one).decode() for one in reply["buffers"]]
                reply = reply | {"buffers": held}
            self._reply("application/json", json.dumps(reply))

        def _reply(self, kind: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is said of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
