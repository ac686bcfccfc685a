"""The built site on loopback: what any static host does, with the headers that the pages expect."""

from __future__ import annotations

import signal
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal

HOST = "127.0.0.1"
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FIGURES = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
"""An SVG that is opened by itself carries its style and font inside, and runs nothing."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    "": "application/octet-stream",
}


class Handler(SimpleHTTPRequestHandler):
    """GET and HEAD of files in one folder; no listings, nothing hidden."""

    server_version = "llm-gallery"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a silent connection may keep its thread
    extensions_map = TYPES

    def send_head(self):  # type: ignore[no-untyped-def]  # the parent's type is a private protocol
        """Hidden files and whatever a link leads to outside the folder don't exist."""
        try:
            path = Path(self.translate_path(self.path)).resolve()
            inside = path.relative_to(Path(self.directory).resolve())
            path.exists()
        except (ValueError, OSError):  # outside, a null byte, longer than a name can be
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        if any(part.startswith(".") for part in inside.parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: object) -> None:
        """A folder without a page is an address without one."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Headers of every answer; pages are asked for again each time, so a rebuild shows at once."""
        figure = self.path.partition("?")[0].endswith(".svg")
        self.send_header("Content-Security-Policy", FIGURES if figure else PAGES)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for an unknown address; the plain answer for everything else."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", TYPES[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Says nothing: the terminal shows the address and no more."""


class Server(ThreadingHTTPServer):
    """A thread a connection; one that breaks off is no error of ours."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Names what went wrong, except where the other side went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def listening(directory: Path, port: int) -> Server:
    """A server bound to loopback and not yet serving; port 0 takes a free one. Raises Refusal."""
    if not (directory / "index.html").is_file():
        raise Refusal(
            f"{directory} holds no index.html, expected a built site; "
            f"run `llm-gallery build {directory}` first"
        )
    if not 0 <= port <= 65535:
        raise Refusal(f"the port is {port}, expected 0 to 65535")
    handler = partial(Handler, directory=str(directory))
    try:
        return Server((HOST, port), handler)
    except OSError as error:
        raise Refusal(
            f"port {port} can't be used ({error.strerror}); choose another with --port"
        ) from None


def serve(directory: Path, port: int = 8000) -> None:
    """Serves the built site until Ctrl+C. Raises Refusal where there is none or the port is taken.

    SIGTERM ends it as Ctrl+C does, so that whoever made the folder can clear it away.
    """
    with listening(directory, port) as server:
        try:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            print(f"http://{HOST}:{server.server_port}/  (Ctrl+C stops)", flush=True)
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nstopped", file=sys.stderr)
