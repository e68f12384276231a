"""A server for one reader: on this computer alone, of one folder, for pages of its own only."""

from __future__ import annotations

import io
import threading
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

_HOST = "127.0.0.1"
_WAITS = 20.0


class Shown:
    """Which making of the pages is shown; readers wait until there is another."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 1

    @property
    def number(self) -> int:
        """How often the pages were made."""
        return self._number

    def tell(self) -> None:
        """Say that the pages are new."""
        with self._changed:
            self._number += 1
            self._changed.notify_all()

    def wait(self, since: int) -> int:
        """Return the number once it is no longer `since`, or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._number != since, _WAITS)
            return self._number


class _Handler(SimpleHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if not self._is_own():
            self.send_error(HTTPStatus.FORBIDDEN, "Only pages of this preview may ask")
            return
        asked = urlsplit(self.path)
        page = Path(self.translate_path(asked.path))
        if asked.path == "/changed":
            since = parse_qs(asked.query).get("since", ["0"])[0]
            number = self.server.shown.wait(int(since) if since.isdecimal() else 0)
            self._send("text/plain", str(number).encode())
        elif asked.path == "/" or page.suffix == ".html":
            # The number first: a page that is made anew in between is then asked for once more.
            number = self.server.shown.number
            self._send_page(page / "index.html" if asked.path == "/" else page, number)
        else:
            super().do_GET()

    def _send_page(self, page: Path, number: int) -> None:
        if not page.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        text = page.read_bytes().replace(b'data-seen=""', f'data-seen="{number}"'.encode())
        self._send("text/html; charset=utf-8", text)

    def _send(self, kind: str, content: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        # Who closes the tab before it is served has gone, and is no fault to tell.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.end_headers()
            self.wfile.write(content)

    def do_HEAD(self) -> None:
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    def _is_own(self) -> bool:
        """Another name for this computer, or another site's page, gets nothing (DNS rebinding)."""
        own = f"{_HOST}:{self.server.server_port}"
        origin = self.headers.get("Origin", f"http://{own}")
        return self.headers.get("Host") == own and origin == f"http://{own}"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """A file, never the list of a folder."""
        if Path(self.translate_path(self.path)).is_file():
            return super().send_head()
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what somebody reads is nobody's matter."""


class Server(ThreadingHTTPServer):
    """Serves `folder` on a free port of 127.0.0.1, from `with` to its end."""

    daemon_threads = True

    def __init__(self, folder: Path, shown: Shown) -> None:
        super().__init__((_HOST, 0), partial(_Handler, directory=str(folder)))
        self.shown = shown
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://{_HOST}:{self.server_port}/"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
