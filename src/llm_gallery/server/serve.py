"""The built site on loopback, with the headers that the pages expect; and answers for pasted configs."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from socket import socket
from typing import Any, BinaryIO

from llm_gallery.architecture.fault import fault
from llm_gallery.architecture.refusal import Refusal, reason
from llm_gallery.server import packed, policies
from llm_gallery.server.answers import ASKED, Answers
from llm_gallery.server.worker_pool import Busy

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What this server may be called: a page elsewhere whose name was pointed here has another."""
WORKER = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob:"
"""The worker that runs Python for pages compiles it from WebAssembly, looks whether a page still waits for what it
asked (`blob:`, of this site's pages alone), and does nothing else."""
FIGURES = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
"""An SVG that is opened by itself carries its style and font inside, and runs nothing."""

DATA = re.compile(
    r"(?:data|feeds|trends/data)/[\w./-]+\.(?:json|csv|parquet|xml)"
    r"|changes/feed\.xml|models/[\w.-]+/(?:facts\.json|cite\.bib|[\w-]+\.svg)"
)
"""Files that pages of other sites may read, of a site that shows the published catalog: data, feeds and figures."""

TYPES = {
    ".bib": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
    "": "application/octet-stream",
}


LARGEST = 2**20
"""Bytes of a question."""
API = "/api/"
MISCALLED = f"This server answers for {' and '.join(NAMES)}"
BUSY = "others have asked for much; ask again in a second"


class Handler(SimpleHTTPRequestHandler):
    """GET and HEAD of files in one folder, no listings, nothing hidden; POST of questions."""

    server: Server

    server_version = "llm-gallery"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a silent connection may keep its thread
    extensions_map = TYPES
    _began = False  # whether an answer to this request has begun

    def handle_one_request(self) -> None:
        """Answers a request. What is a fault of ours is said to the asker and in the terminal, in the same line."""
        self._began = False
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:
            self.close_connection = True
            line = _printed_fault(error)
            if not self._began:
                self._headers_buffer: list[bytes] = []  # of an answer that came to nothing
                self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"refused": line})

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Hidden files and whatever a link leads to outside the folder don't exist."""
        if not self._called_by_name():
            self.send_error(HTTPStatus.FORBIDDEN, MISCALLED)
            return None
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
        address = self.path.partition("?")[0].partition("#")[0]
        if (folder := path.is_dir()) and address.endswith("/"):
            path /= "index.html"
        if folder != address.endswith("/") or not path.is_file():
            return super().send_head()  # leads on to the folder's page, or says that there is none
        try:
            return self._file(path)
        except OSError:  # gone in the meantime: a new site takes the place of the old one
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def _file(self, path: Path) -> BytesIO | BinaryIO | None:
        """A file as it is, or packed for who takes that: two representations, each with a tag of its own.

        Nothing if the asker has it already. Ranges aren't served, which each answer says. Raises OSError.
        """
        state = path.stat()
        version, packs = (
            (path, state.st_mtime_ns, state.st_size),
            packed.packs(path.suffix, state.st_size),
        )
        as_gzip = packs and packed.accepts(self.headers.get("Accept-Encoding"))
        tag = f'"{state.st_mtime_ns:x}-{state.st_size:x}{"-gzip" if as_gzip else ""}"'
        known = self._known(tag, state.st_mtime)
        body = (
            None
            if known
            else BytesIO(self.server.packed_files.of(version))
            if as_gzip
            else path.open("rb")
        )
        self.send_response(HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK)
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", self.date_time_string(int(state.st_mtime)))
        self.send_header("Accept-Ranges", "none")
        folder = Path(self.directory).resolve()
        if DATA.fullmatch(path.relative_to(folder).as_posix()) and _published(folder):
            self.send_header("Access-Control-Allow-Origin", "*")
        if packs:
            self.send_header("Vary", "Accept-Encoding")
        if body is not None:
            self.send_header("Content-Type", self.guess_type(str(path)))
            size = len(body.getbuffer()) if isinstance(body, BytesIO) else state.st_size
            self.send_header("Content-Length", str(size))
            if as_gzip:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        return body

    def _known(self, tag: str, changed: float) -> bool:
        """Whether the asker has what it would be sent: by its tags, else by the time."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in (
                part.strip().removeprefix("W/") for part in tags.split(",")
            )
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (TypeError, IndexError, OverflowError, ValueError):
            return False
        return int(changed) <= since.replace(tzinfo=since.tzinfo or UTC).timestamp()

    def do_POST(self) -> None:
        """Answers a question about a config that the page sends; nothing that it names is fetched."""
        self.close_connection = True  # a refused body stays unread
        name = self.path.removeprefix(API)
        if not self.path.startswith(API) or name not in ASKED:
            self._answer(HTTPStatus.NOT_FOUND, {"refused": "no such question"})
            return
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        if not self._called_by_name() or not self._asked_from_here() or kind != "application/json":
            self._answer(HTTPStatus.FORBIDDEN, {"refused": "questions come from this site's pages"})
            return
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal():
            self._answer(HTTPStatus.LENGTH_REQUIRED, {"refused": "the question has no length"})
            return
        if len(size) > 9 or int(size) > LARGEST:
            refused = f"the question has {size[:9]} bytes, expected at most {LARGEST:,}"
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"refused": refused})
            return
        try:
            answer = self.server.answers.answer(name, self.rfile.read(int(size)))
        except Busy:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {"refused": BUSY}, {"Retry-After": "1"})
        else:
            self._answer(HTTPStatus.OK, answer)

    def _called_by_name(self) -> bool:
        """Whether the address is this server's; only programs leave it out."""
        return self.headers.get("Host", HOST).partition(":")[0].lower() in NAMES

    def _asked_from_here(self) -> bool:
        """Whether no other site's page asks: browsers name the page's origin, programs name none."""
        origin = self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        own_origin = f"http://{self.headers.get('Host', HOST)}"
        return origin in (None, own_origin) and site in ("same-origin", "none")

    def _answer(
        self, code: HTTPStatus, answer: dict[str, Any], more: Mapping[str, str] | None = None
    ) -> None:
        self._send(code, json.dumps(answer).encode(), ".json", more or {})

    def _send(self, code: int, body: bytes, kind: str, more: Mapping[str, str]) -> None:
        """What is no file, packed for who takes that."""
        self.send_response(code)
        for name, value in more.items():
            self.send_header(name, value)
        if packed.packs(kind, len(body)):
            self.send_header("Vary", "Accept-Encoding")
            if packed.accepts(self.headers.get("Accept-Encoding")):
                self.send_header("Content-Encoding", "gzip")
                body = packed.packed(body)
        self.send_header("Content-Type", TYPES[kind])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def list_directory(self, path: object) -> None:
        """A folder without a page is an address without one."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Headers of every answer; pages are asked for again each time, so a rebuild shows at once."""
        path = self.path.partition("?")[0]
        policy = (
            FIGURES
            if path.endswith(".svg")
            else WORKER
            if path.endswith("-worker.js")
            else policies.of_page(Path(self.directory), path)
        )
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Server-Timing", "describes")  # tells the page that questions are answered
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cache-Control", "no-cache")
        self._began = True
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for an unknown address; the plain answer for everything else."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        self._send(code, page.read_bytes(), ".html", {})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Says nothing: the terminal shows the address and no more."""


class Server(ThreadingHTTPServer):
    """A thread a connection; one that breaks off is no error of ours."""

    daemon_threads = True
    request_queue_size = 128  # connections that wait to be taken; at 5, two of 10,048 weren't

    def __init__(
        self,
        address: tuple[str, int],
        handler: type[Handler] | partial[Handler],
        catalog: Path | None,
    ) -> None:
        self.packed_files = packed.PackedFiles()
        self.answers = Answers(
            catalog
        )  # first: where the port is taken, what is here is closed again
        super().__init__(address, handler)

    def server_close(self) -> None:
        """Ends the process that answers, too."""
        super().server_close()
        self.answers.close()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Says what went wrong in a line, except where the other side went away."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            _printed_fault(error)


def _printed_fault(error: BaseException) -> str:
    """The line that asks to report a fault of ours, which stands in the terminal in place of a traceback."""
    line = fault(error, "serve")
    print(f"llm-gallery: {line}", file=sys.stderr, flush=True)
    return line


def _published(site: Path) -> bool:
    """Whether a site shows the package's own catalog: what another one holds is for this machine alone."""
    try:
        return bool(json.loads((site / "data/index.json").read_bytes())["catalog"] == "published")
    except (OSError, ValueError, LookupError, TypeError):
        return False


def listening(directory: Path, port: int, catalog: Path | None = None) -> Server:
    """A server bound to loopback and not yet serving; port 0 takes a free one. Raises Refusal.

    Relatives of a pasted config are looked for in `catalog`, by default the package's own.
    """
    if not (directory / "index.html").is_file():
        raise Refusal(
            f"{directory} holds no index.html, expected a built site; "
            f"run `llm-gallery build {directory}` first"
        )
    if not 0 <= port <= 65535:
        raise Refusal(f"the port is {port}, expected 0 to 65535")
    handler = partial(Handler, directory=str(directory))
    try:
        return Server((HOST, port), handler, catalog)
    except OSError as error:
        raise Refusal(
            f"port {port} can't be used ({reason(error)}); choose another with --port"
        ) from None


def serve(directory: Path, port: int = 8000, catalog: Path | None = None) -> None:
    """Serves the built site until Ctrl+C. Raises Refusal where there is none or the port is taken.

    SIGTERM ends it as Ctrl+C does, so that whoever made the folder can clear it away.
    """
    with listening(directory, port, catalog) as server:
        try:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            print(f"http://{HOST}:{server.server_port}/  (Ctrl+C stops)", flush=True)
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nstopped", file=sys.stderr)
